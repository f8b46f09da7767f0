#include "features/kernels/plane.h"

#include <algorithm>
#include <cstddef>
#include <type_traits>

// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "features/kernels/plane.cc"
#include "hwy/foreach_target.h"  // before highway.h: compiles this file once for each target
#include "hwy/highway.h"
// clang-format on
#include "hwy/cache_control.h"

HWY_BEFORE_NAMESPACE();
namespace monolens::kernels::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

template <class Pixel>
void measure(PlaneView<Pixel> plane, PlaneView<Pixel> reference, PlaneLimits limits, Cell* cells) {
  kernels::reference::measure_plane(plane, reference, limits, cells);
}

template <class Pixel>
void sum(PlaneView<Pixel> plane, std::uint32_t* rows, std::uint32_t* columns) {
  kernels::reference::sum_rows_and_columns(plane, rows, columns);
}

#else

namespace hn = hwy::HWY_NAMESPACE;

template <class D>
using Bytes = hn::Repartition<std::uint8_t, D>;
template <class D>
using Words = hn::Repartition<std::uint32_t, D>;
template <class D>
using Longs = hn::Repartition<std::uint64_t, D>;

template <class Pixel>
const Pixel* advance(const Pixel* row, std::ptrdiff_t bytes) {
  return reinterpret_cast<const Pixel*>(reinterpret_cast<const std::byte*>(row) + bytes);
}

// Partial sums of a vector of pixels: 8-bit pixels in eights in 64-bit lanes, 16-bit pixels in pairs in
// 32-bit lanes.
template <class D>
using Sums = std::conditional_t<sizeof(hn::TFromD<D>) == 1, Longs<D>, Words<D>>;

template <class D, class V, class Sum>
HWY_INLINE Sum accumulate(D, V v, Sum sum) {
  if constexpr (sizeof(hn::TFromD<D>) == 1) {
    return hn::Add(sum, hn::SumsOf8(v));
  } else {
    const Words<D> d32;
    const auto pairs = hn::BitCast(d32, v);
    return hn::Add(sum, hn::Add(hn::And(pairs, hn::Set(d32, 0xFFFF)), hn::ShiftRight<16>(pairs)));
  }
}
// The total of each 128-bit block's partial sums, in its lowest 32 bits.
template <class V>
HWY_INLINE auto block_sum(V v) {
  if constexpr (sizeof(hn::TFromV<V>) == 8) {
    return hn::BitCast(Words<hn::DFromV<V>>(), hn::Add(v, hn::Shuffle01(v)));
  } else {
    v = hn::Add(v, hn::Shuffle1032(v));
    return hn::Add(v, hn::Shuffle2301(v));
  }
}

// The smallest (or largest) lane of each 128-bit block, in its lowest 32 bits.
template <class D, class V, class Op>
HWY_INLINE auto block_reduce(D d, V v, Op op) {
  v = op(v, hn::CombineShiftRightBytes<8>(d, v, v));
  v = op(v, hn::CombineShiftRightBytes<4>(d, v, v));
  v = op(v, hn::CombineShiftRightBytes<2>(d, v, v));
  if constexpr (sizeof(hn::TFromD<D>) == 1) v = op(v, hn::CombineShiftRightBytes<1>(d, v, v));
  const Words<D> d32;
  return hn::And(hn::BitCast(d32, v), hn::Set(d32, hwy::LimitsMax<hn::TFromD<D>>()));
}

// Places in the next band, to be fetched while this one is measured.
struct Ahead {
  const std::byte* plane;
  const std::byte* reference;
};

// A band of 16 rows and its reference are 32 short streams, too many and too short for the processor to
// foresee, so each band fetches the next one: the 32 cache lines of a 128-byte wide column of the next band
// are shared out to the vectors that cover that column of this band. This is where the share of the vector at
// byte `x` starts.
template <class D>
HWY_INLINE const std::byte* share(D, const std::byte* next, std::ptrdiff_t stride, int x) {
  constexpr int kVector = static_cast<int>(sizeof(hn::TFromD<D>) * hn::MaxLanes(D()));
  return next + x % 128 / kVector * (kVector / 8) * stride + x / 128 * 128;
}

// Fetches row `y`'s line of a vector's share, if it has one: a 64-byte vector fetches a line each row,
// narrower ones less often.
template <class D>
HWY_INLINE void prefetch_share(D, const std::byte* ahead, std::ptrdiff_t stride, int y) {
  constexpr int kRowsPerLine = 64 / static_cast<int>(sizeof(hn::TFromD<D>) * hn::MaxLanes(D()));
  if (y % kRowsPerLine == 0) {
    const int line = y / kRowsPerLine;
    hwy::Prefetch(ahead + line / 2 * stride + line % 2 * 64);
  }
}

// Measures one vector of columns of a band and stores one Cell for each 128-bit block.
template <bool kSad, class D, class Pixel = hn::TFromD<D>>
HWY_INLINE void measure_columns(D d, PlaneView<Pixel> plane, PlaneView<Pixel> reference, Ahead ahead,
                                PlaneLimits limits, Cell* cells) {
  const Bytes<D> d8;
  const Words<D> d32;
  const Longs<D> d64;
  const auto dark_max = hn::Set(d, static_cast<Pixel>(limits.dark_max));
  const auto legal_min = hn::Set(d, static_cast<Pixel>(limits.legal_min));
  const auto legal_max = hn::Set(d, static_cast<Pixel>(limits.legal_max));
  const auto is_dark = [&](auto v) HWY_ATTR { return hn::Eq(hn::Min(v, dark_max), v); };
  const auto is_legal = [&](auto v) HWY_ATTR { return hn::Eq(hn::Max(hn::Min(v, legal_max), legal_min), v); };

  auto sum = hn::Zero(Sums<decltype(d)>());
  auto sad = hn::Zero(Sums<decltype(d)>());
  auto min = hn::Set(d, hwy::LimitsMax<Pixel>());
  auto max = hn::Zero(d);
  for (int y = 0; y < plane.height; ++y) {
    const auto v = hn::LoadU(d, advance(plane.data, y * plane.stride));
    prefetch_share(d, ahead.plane, plane.stride, y);
    sum = accumulate(d, v, sum);
    min = hn::Min(min, v);
    max = hn::Max(max, v);
    if constexpr (kSad) {
      const auto w = hn::LoadU(d, advance(reference.data, y * reference.stride));
      prefetch_share(d, ahead.reference, reference.stride, y);
      sad = accumulate(d, hn::Or(hn::SaturatedSub(v, w), hn::SaturatedSub(w, v)), sad);
    }
  }

  // Few vectors hold a pixel to count, so counting has a loop of its own over rows that are cached by now.
  auto dark = hn::Zero(d);
  auto legal = hn::Set(d, static_cast<Pixel>(plane.height));
  if (!hn::AllFalse(d, is_dark(min)) || !hn::AllTrue(d, hn::And(is_legal(min), is_legal(max)))) {
    legal = hn::Zero(d);
    for (int y = 0; y < plane.height; ++y) {
      const auto v = hn::LoadU(d, advance(plane.data, y * plane.stride));
      dark = hn::Sub(dark, hn::VecFromMask(d, is_dark(v)));
      legal = hn::Sub(legal, hn::VecFromMask(d, is_legal(v)));
    }
  }
  const auto outside = hn::Sub(hn::Set(d, static_cast<Pixel>(plane.height)), legal);

  // A block becomes a Cell: (sum, sad) in its lower half, (dark, min, max, outside) in its upper. The counts
  // are at most 16 a lane, so they add up as bytes whatever the lane's size.
  const auto dark_sum = block_sum(hn::SumsOf8(hn::BitCast(d8, dark)));
  const auto outside_sum = block_sum(hn::SumsOf8(hn::BitCast(d8, outside)));
  const auto smallest = block_reduce(d, min, [](auto a, auto b) HWY_ATTR { return hn::Min(a, b); });
  const auto largest = block_reduce(d, max, [](auto a, auto b) HWY_ATTR { return hn::Max(a, b); });
  const auto sums = hn::InterleaveLower(d32, block_sum(sum), block_sum(sad));
  const auto rest = hn::InterleaveLower(d32, hn::Or(dark_sum, hn::ShiftLeft<16>(smallest)),
                                        hn::Or(largest, hn::ShiftLeft<16>(outside_sum)));
  const auto cell = hn::InterleaveLower(d64, hn::BitCast(d64, sums), hn::BitCast(d64, rest));
  hn::StoreU(hn::BitCast(d8, cell), d8, reinterpret_cast<std::uint8_t*>(cells));
}

inline Cell merged(const Cell& a, const Cell& b) {
  return {.sum = a.sum + b.sum,
          .sad = a.sad + b.sad,
          .dark = static_cast<std::uint16_t>(a.dark + b.dark),
          .min = std::min(a.min, b.min),
          .max = std::max(a.max, b.max),
          .outside = static_cast<std::uint16_t>(a.outside + b.outside)};
}

// Measures a band's cells from column `x` on, in steps of max(lanes, 16) columns while they fit, and returns
// the column it came to. `next` is where the next band starts.
template <bool kSad, class D, class Pixel = hn::TFromD<D>>
HWY_INLINE int measure_columns_from(int x, D d, PlaneView<Pixel> plane, PlaneView<Pixel> reference,
                                    Ahead next, PlaneLimits limits, Cell* cells) {
  constexpr int kLanes = static_cast<int>(hn::MaxLanes(d));
  constexpr int kStep = std::max(kLanes, kCellSize);
  constexpr int kBlock = 16 / sizeof(Pixel);
  for (; x + kStep <= plane.width; x += kStep) {
    Cell blocks[kStep / kBlock];
    for (int i = 0; i < kStep; i += kLanes) {
      const int at = (x + i) * static_cast<int>(sizeof(Pixel));
      PlaneView<Pixel> part = plane;
      PlaneView<Pixel> part_reference = reference;
      part.data += x + i;
      if (kSad) part_reference.data += x + i;
      const Ahead ahead = {share(d, next.plane, plane.stride, at),
                           kSad ? share(d, next.reference, reference.stride, at) : nullptr};
      measure_columns<kSad>(d, part, part_reference, ahead, limits, blocks + i / kBlock);
    }
    for (int i = 0; i < kStep / kCellSize; ++i) {
      cells[x / kCellSize + i] = kBlock == kCellSize ? blocks[i] : merged(blocks[2 * i], blocks[2 * i + 1]);
    }
  }
  return x;
}

template <bool kSad, class Pixel>
void measure_bands(PlaneView<Pixel> plane, PlaneView<Pixel> reference, PlaneLimits limits, Cell* cells) {
  for (int top = 0; top < plane.height; top += kCellSize) {
    const bool last = top + kCellSize >= plane.height;
    const auto band_of = [&](PlaneView<Pixel> whole) {
      whole.data = advance(whole.data, top * whole.stride);
      whole.height = std::min(kCellSize, plane.height - top);
      return whole;
    };
    const auto below = [&](PlaneView<Pixel> band) {
      return reinterpret_cast<const std::byte*>(advance(band.data, last ? 0 : kCellSize * band.stride));
    };
    PlaneView<Pixel> band = band_of(plane);
    PlaneView<Pixel> other = kSad ? band_of(reference) : reference;
    const Ahead next = {below(band), kSad ? below(other) : nullptr};

    int x = measure_columns_from<kSad>(0, hn::ScalableTag<Pixel>(), band, other, next, limits, cells);
    x = measure_columns_from<kSad>(x, hn::CappedTag<Pixel, 16 / sizeof(Pixel)>(), band, other, next, limits,
                                   cells);
    if (x < plane.width) {
      band.data += x;
      band.width -= x;
      if (kSad) other.data += x;
      kernels::reference::measure_plane(band, other, limits, cells + x / kCellSize);
    }
    cells += cells_across(plane.width);
  }
}

template <class Pixel>
void measure(PlaneView<Pixel> plane, PlaneView<Pixel> reference, PlaneLimits limits, Cell* cells) {
  if (reference.data) {
    measure_bands<true>(plane, reference, limits, cells);
  } else {
    measure_bands<false>(plane, reference, limits, cells);
  }
}

// Adds each lane of `v` to its entry of `columns`.
template <class D, class V>
HWY_INLINE void add_to_columns(D d, V v, std::uint32_t* columns) {
  if constexpr (sizeof(hn::TFromD<D>) == 4) {
    hn::StoreU(hn::Add(hn::LoadU(d, columns), v), d, columns);
  } else {
    const Words<D> d32;
    add_to_columns(d32, hn::PromoteTo(d32, hn::LowerHalf(v)), columns);
    add_to_columns(d32, hn::PromoteTo(d32, hn::UpperHalf(hn::Half<D>(), v)), columns + hn::Lanes(d32));
  }
}

template <class Pixel>
void sum(PlaneView<Pixel> plane, std::uint32_t* rows, std::uint32_t* columns) {
  const hn::ScalableTag<Pixel> d;
  const Sums<decltype(d)> d_sums;
  const hn::RepartitionToWide<decltype(d)> d_wide;
  const hn::Rebind<Pixel, decltype(d_wide)> d_half;
  constexpr int kLanes = static_cast<int>(hn::MaxLanes(d));
  std::fill_n(columns, plane.width, 0U);
  for (int top = 0; top < plane.height; top += kCellSize) {
    const int height = std::min(kCellSize, plane.height - top);
    const Pixel* band = advance(plane.data, top * plane.stride);
    const auto* next = reinterpret_cast<const std::byte*>(
        advance(band, top + kCellSize < plane.height ? kCellSize * plane.stride : 0));
    HWY_ALIGN hn::TFromD<decltype(d_sums)> row_sums[kCellSize * hn::MaxLanes(d_sums)] = {};
    int x = 0;
    for (; x + kLanes <= plane.width; x += kLanes) {
      const std::byte* ahead = share(d, next, plane.stride, x * static_cast<int>(sizeof(Pixel)));
      auto left = hn::Zero(d_wide);
      auto right = hn::Zero(d_wide);
      for (int y = 0; y < height; ++y) {
        const Pixel* at = advance(band, y * plane.stride) + x;
        prefetch_share(d, ahead, plane.stride, y);
        auto* row_sum = row_sums + static_cast<std::size_t>(y) * hn::MaxLanes(d_sums);
        hn::Store(accumulate(d, hn::LoadU(d, at), hn::Load(d_sums, row_sum)), d_sums, row_sum);
        left = hn::Add(left, hn::PromoteTo(d_wide, hn::LoadU(d_half, at)));
        right = hn::Add(right, hn::PromoteTo(d_wide, hn::LoadU(d_half, at + kLanes / 2)));
      }
      add_to_columns(d_wide, left, columns + x);
      add_to_columns(d_wide, right, columns + x + kLanes / 2);
    }
    for (int y = 0; y < height; ++y) {
      const auto* row_sum = row_sums + static_cast<std::size_t>(y) * hn::MaxLanes(d_sums);
      std::uint32_t total =
          static_cast<std::uint32_t>(hn::GetLane(hn::SumOfLanes(d_sums, hn::Load(d_sums, row_sum))));
      const Pixel* row = advance(band, y * plane.stride);
      for (int rest = x; rest < plane.width; ++rest) {
        total += row[rest];
        columns[rest] += row[rest];
      }
      rows[top + y] = total;
    }
  }
}

#endif

void measure_u8(PlaneView<std::uint8_t> plane, PlaneView<std::uint8_t> reference, PlaneLimits limits,
                Cell* cells) {
  measure(plane, reference, limits, cells);
}

void measure_u16(PlaneView<std::uint16_t> plane, PlaneView<std::uint16_t> reference, PlaneLimits limits,
                 Cell* cells) {
  measure(plane, reference, limits, cells);
}

void sum_u8(PlaneView<std::uint8_t> plane, std::uint32_t* rows, std::uint32_t* columns) {
  sum(plane, rows, columns);
}

void sum_u16(PlaneView<std::uint16_t> plane, std::uint32_t* rows, std::uint32_t* columns) {
  sum(plane, rows, columns);
}

}  // namespace monolens::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace monolens::kernels {

HWY_EXPORT(measure_u8);
HWY_EXPORT(measure_u16);
HWY_EXPORT(sum_u8);
HWY_EXPORT(sum_u16);

void measure_plane(PlaneView<std::uint8_t> plane, PlaneView<std::uint8_t> reference, PlaneLimits limits,
                   Cell* cells) {
  HWY_DYNAMIC_DISPATCH(measure_u8)(plane, reference, limits, cells);
}

void measure_plane(PlaneView<std::uint16_t> plane, PlaneView<std::uint16_t> reference, PlaneLimits limits,
                   Cell* cells) {
  HWY_DYNAMIC_DISPATCH(measure_u16)(plane, reference, limits, cells);
}

void sum_rows_and_columns(PlaneView<std::uint8_t> plane, std::uint32_t* rows, std::uint32_t* columns) {
  HWY_DYNAMIC_DISPATCH(sum_u8)(plane, rows, columns);
}

void sum_rows_and_columns(PlaneView<std::uint16_t> plane, std::uint32_t* rows, std::uint32_t* columns) {
  HWY_DYNAMIC_DISPATCH(sum_u16)(plane, rows, columns);
}

}  // namespace monolens::kernels
#endif

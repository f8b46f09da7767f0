#include "features/kernels/fields.h"

#include <algorithm>
#include <cstddef>
#include <type_traits>

// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "features/kernels/fields.cc"
#include "hwy/foreach_target.h"  // before highway.h: compiles this file once for each target
#include "hwy/highway.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace monolens::kernels::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

template <class Pixel>
void weave(PlaneView<Pixel> plane, PlaneView<Pixel> before, FieldCell* cells) {
  kernels::reference::weave_fields(plane, before, cells);
}

#else

namespace hn = hwy::HWY_NAMESPACE;

template <class Pixel>
const Pixel* row_at(PlaneView<Pixel> plane, int y) {
  return reinterpret_cast<const Pixel*>(reinterpret_cast<const std::byte*>(plane.data) + y * plane.stride);
}

// Partial sums of a vector of pixels: in eights in 64-bit lanes (8 bits), or in pairs in 32-bit lanes.
template <class D>
using Partial =
    hn::Repartition<std::conditional_t<sizeof(hn::TFromD<D>) == 1, std::uint64_t, std::uint32_t>, D>;

template <class D, class V, class Sum>
HWY_INLINE Sum add_torn(D, V above, V here, V below, Sum sum) {
  const auto between = hn::AverageRound(above, below);
  const auto apart = hn::Or(hn::SaturatedSub(between, here), hn::SaturatedSub(here, between));
  if constexpr (sizeof(hn::TFromD<D>) == 1) {
    return hn::Add(sum, hn::SumsOf8(apart));
  } else {
    const Partial<D> d_sum;
    const auto pairs = hn::BitCast(d_sum, apart);
    return hn::Add(sum, hn::Add(hn::And(pairs, hn::Set(d_sum, 0xFFFF)), hn::ShiftRight<16>(pairs)));
  }
}

// Writes a vector's partial sums so that every cell's stand together, and adds them up.
template <class D, class Sum>
HWY_INLINE void add_to_cells(D, Sum sum, FieldCell* cells, std::uint32_t FieldCell::*member) {
  const Partial<D> d_sum;
  constexpr std::size_t kLanes = hn::MaxLanes(d_sum);
  constexpr std::size_t kPixelsPerLane = hn::MaxLanes(D()) / kLanes;
  HWY_ALIGN hn::TFromD<Partial<D>> lanes[kLanes];
  hn::Store(sum, d_sum, lanes);
  for (std::size_t i = 0; i < kLanes; ++i) {
    cells[i * kPixelsPerLane / kCellSize].*member += static_cast<std::uint32_t>(lanes[i]);
  }
}

// Adds rows `from` to `to` of the vector of columns at `x` to the cells that begin at `x`.
template <class D, class Pixel = hn::TFromD<D>>
HWY_INLINE void weave_columns(D d, PlaneView<Pixel> plane, PlaneView<Pixel> before, int x, int from, int to,
                              FieldCell* cells) {
  const Partial<D> d_sum;
  auto whole = hn::Zero(d_sum);
  auto old = hn::Zero(d_sum);
  auto even_among_old = hn::Zero(d_sum);
  auto odd_among_old = hn::Zero(d_sum);
  const auto load = [&](PlaneView<Pixel> p, int y) HWY_ATTR { return hn::LoadU(d, row_at(p, y) + x); };
  auto above = load(plane, from - 1);
  auto here = load(plane, from);
  auto old_above = load(before, from - 1);
  auto old_here = load(before, from);
  for (int y = from; y < to; ++y) {
    const auto below = load(plane, y + 1);
    const auto old_below = load(before, y + 1);
    whole = add_torn(d, above, here, below, whole);
    old = add_torn(d, old_above, old_here, old_below, old);
    auto& now_among_old = y % 2 == 0 ? even_among_old : odd_among_old;
    auto& old_among_now = y % 2 == 0 ? odd_among_old : even_among_old;
    now_among_old = add_torn(d, old_above, here, old_below, now_among_old);
    old_among_now = add_torn(d, above, old_here, below, old_among_now);
    above = here;
    here = below;
    old_above = old_here;
    old_here = old_below;
  }
  add_to_cells(d, whole, cells, &FieldCell::whole);
  add_to_cells(d, old, cells, &FieldCell::before);
  add_to_cells(d, even_among_old, cells, &FieldCell::top_first);
  add_to_cells(d, odd_among_old, cells, &FieldCell::bottom_first);
}

template <class Pixel>
void weave(PlaneView<Pixel> plane, PlaneView<Pixel> before, FieldCell* cells) {
  const hn::ScalableTag<Pixel> d;
  constexpr int kLanes = static_cast<int>(hn::MaxLanes(d));
  constexpr int kStep = std::max(kLanes, kCellSize);
  for (int top = 0; top < plane.height; top += kCellSize) {
    const int columns = cells_across(plane.width);
    std::fill_n(cells, columns, FieldCell{});
    const int from = std::max(top, 1);
    const int to = std::min(top + kCellSize, plane.height - 1);
    int x = 0;
    if (from < to) {
      for (; x + kStep <= plane.width; x += kStep) {
        for (int i = 0; i < kStep; i += kLanes)
          weave_columns(d, plane, before, x + i, from, to, cells + x / kCellSize);
      }
    }
    cells += columns;
    if (x == plane.width) continue;
    // The rest of the band, with the rows above and below it that it needs.
    const auto rest_of = [&](PlaneView<Pixel> p) {
      return PlaneView<Pixel>{row_at(p, 0) + x, p.stride, p.width - x, p.height};
    };
    kernels::reference::weave_band(rest_of(plane), rest_of(before), top, cells - (columns - x / kCellSize));
  }
}

#endif

void weave_u8(PlaneView<std::uint8_t> plane, PlaneView<std::uint8_t> before, FieldCell* cells) {
  weave(plane, before, cells);
}

void weave_u16(PlaneView<std::uint16_t> plane, PlaneView<std::uint16_t> before, FieldCell* cells) {
  weave(plane, before, cells);
}

}  // namespace monolens::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace monolens::kernels {

HWY_EXPORT(weave_u8);
HWY_EXPORT(weave_u16);

void weave_fields(PlaneView<std::uint8_t> plane, PlaneView<std::uint8_t> before, FieldCell* cells) {
  HWY_DYNAMIC_DISPATCH(weave_u8)(plane, before, cells);
}

void weave_fields(PlaneView<std::uint16_t> plane, PlaneView<std::uint16_t> before, FieldCell* cells) {
  HWY_DYNAMIC_DISPATCH(weave_u16)(plane, before, cells);
}

}  // namespace monolens::kernels
#endif

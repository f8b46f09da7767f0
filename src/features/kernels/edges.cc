#include "features/kernels/edges.h"

#include <cstddef>
#include <type_traits>

// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "features/kernels/edges.cc"
#include "hwy/foreach_target.h"  // before highway.h: compiles this file once for each target
#include "hwy/highway.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace monolens::kernels::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

template <class Pixel>
void edges(PlaneView<Pixel> plane, int row, int first, int count, CellEdges* cells) {
  kernels::reference::measure_edges(plane, row, first, count, cells);
}

template <class Pixel>
void steps(PlaneView<Pixel> plane, int row, int first, int count, CellSteps* cells) {
  kernels::reference::measure_steps(plane, row, first, count, cells);
}

#else

namespace hn = hwy::HWY_NAMESPACE;

// A row of a cell (8 bits) or half of it (16 bits).
template <class Pixel>
using Row = hn::CappedTag<Pixel, 16 / sizeof(Pixel)>;

// As many pixels as contrast is measured over.
template <class Pixel>
using Reach = hn::CappedTag<Pixel, kEdgeReach>;

template <class Pixel>
HWY_INLINE const Pixel* address(PlaneView<Pixel> plane, int cell, int row) {
  return reinterpret_cast<const Pixel*>(reinterpret_cast<const std::byte*>(plane.data) +
                                        row * kCellSize * plane.stride) +
         cell * kCellSize;
}

template <class Pixel>
HWY_INLINE const Pixel* below(const Pixel* p, std::ptrdiff_t stride) {
  return reinterpret_cast<const Pixel*>(reinterpret_cast<const std::byte*>(p) + stride);
}

template <class D, class Pixel = hn::TFromD<D>>
HWY_INLINE hn::Vec<D> apart(D d, const Pixel* a, const Pixel* b) {
  const auto v = hn::LoadU(d, a);
  const auto w = hn::LoadU(d, b);
  return hn::Or(hn::SaturatedSub(v, w), hn::SaturatedSub(w, v));
}

template <class D>
HWY_INLINE hn::TFromD<D> largest(D d, hn::Vec<D> v) {
  if constexpr (hn::MaxLanes(D()) > 8) v = hn::Max(v, hn::ShiftRightLanes<8>(d, v));
  v = hn::Max(v, hn::ShiftRightLanes<4>(d, v));
  v = hn::Max(v, hn::ShiftRightLanes<2>(d, v));
  v = hn::Max(v, hn::ShiftRightLanes<1>(d, v));
  return hn::GetLane(v);
}

template <class Pixel>
HWY_INLINE CellEdges cell_edges(const Pixel* cell, std::ptrdiff_t stride) {
  const Row<Pixel> d;
  const Reach<Pixel> d_reach;
  constexpr int kLanes = static_cast<int>(hn::MaxLanes(Row<Pixel>()));
  auto contrast_across = hn::Zero(d_reach);
  auto step_across = hn::Zero(d);
  auto step_down = hn::Zero(d);
  auto contrast_down = hn::Zero(d);
  const Pixel* p = cell;
  for (int y = 0; y < kCellSize; ++y, p = below(p, stride)) {
    if (y % 2 == 0) {
      contrast_across = hn::Max(contrast_across, apart(d_reach, p, p + kEdgeReach));
      contrast_across = hn::Max(contrast_across, apart(d_reach, p + 1, p + 1 + kEdgeReach));
    }
    for (int x = 0; x < kCellSize; x += kLanes) {
      if (y % 2 == 0) step_across = hn::Max(step_across, apart(d, p + x, p + x + 1));
      step_down = hn::Max(step_down, apart(d, p + x, below(p + x, stride)));
      if (y <= kCellSize - kEdgeReach)
        contrast_down = hn::Max(contrast_down, apart(d, p + x, below(p + x, kEdgeReach * stride)));
    }
  }
  return {.step_across = largest(d, step_across),
          .contrast_across = largest(d_reach, contrast_across),
          .step_down = largest(d, step_down),
          .contrast_down = largest(d, contrast_down)};
}

// Lanes of 16 bits hold the sums of a cell of 8 bits, lanes of 32 those of one of 16.
template <class Pixel>
HWY_INLINE CellSteps cell_steps(const Pixel* cell, std::ptrdiff_t stride) {
  using Sum = std::conditional_t<sizeof(Pixel) == 1, std::uint16_t, std::uint32_t>;
  const hn::CappedTag<Sum, 16 / sizeof(Sum)> d_sum;
  const hn::Rebind<Pixel, decltype(d_sum)> d;
  constexpr int kLanes = static_cast<int>(hn::MaxLanes(decltype(d_sum)()));
  HWY_ALIGN Sum across[kGridPeriod];
  CellSteps c{};
  for (int x = 0; x < kGridPeriod; x += kLanes) {
    auto columns = hn::Zero(d_sum);
    const Pixel* p = cell + x;
    for (int y = 0; y < kCellSize; ++y, p = below(p, stride)) {
      const auto add = [&](const Pixel* here) HWY_ATTR {
        columns = hn::Add(columns, hn::PromoteTo(d_sum, apart(d, here, here - 1)));
      };
      add(p);
      add(p + kGridPeriod);
    }
    hn::Store(columns, d_sum, across + x);
  }
  for (int x = 0; x < kGridPeriod; ++x) c.across[x] = across[x];
  for (int y = 0; y < kGridPeriod; ++y) {
    auto rows = hn::Zero(d_sum);
    for (int half = 0; half < kCellSize; half += kGridPeriod) {
      const Pixel* here = below(cell, (y + half) * stride);
      const Pixel* above = below(here, -stride);
      for (int x = 0; x < kCellSize; x += kLanes)
        rows = hn::Add(rows, hn::PromoteTo(d_sum, apart(d, here + x, above + x)));
    }
    HWY_ALIGN Sum lanes[kLanes];
    hn::Store(rows, d_sum, lanes);
    for (const Sum lane : lanes) c.down[y] += lane;
  }
  return c;
}

template <class Pixel>
void edges(PlaneView<Pixel> plane, int row, int first, int count, CellEdges* cells) {
  for (int i = 0; i < count; ++i) cells[i] = cell_edges(address(plane, first + i, row), plane.stride);
}

template <class Pixel>
void steps(PlaneView<Pixel> plane, int row, int first, int count, CellSteps* cells) {
  for (int i = 0; i < count; ++i) cells[i] = cell_steps(address(plane, first + 2 * i, row), plane.stride);
}

#endif

void edges_u8(PlaneView<std::uint8_t> plane, int row, int first, int count, CellEdges* cells) {
  edges(plane, row, first, count, cells);
}

void edges_u16(PlaneView<std::uint16_t> plane, int row, int first, int count, CellEdges* cells) {
  edges(plane, row, first, count, cells);
}

void steps_u8(PlaneView<std::uint8_t> plane, int row, int first, int count, CellSteps* cells) {
  steps(plane, row, first, count, cells);
}

void steps_u16(PlaneView<std::uint16_t> plane, int row, int first, int count, CellSteps* cells) {
  steps(plane, row, first, count, cells);
}

}  // namespace monolens::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace monolens::kernels {

HWY_EXPORT(edges_u8);
HWY_EXPORT(edges_u16);
HWY_EXPORT(steps_u8);
HWY_EXPORT(steps_u16);

void measure_edges(PlaneView<std::uint8_t> plane, int row, int first, int count, CellEdges* cells) {
  HWY_DYNAMIC_DISPATCH(edges_u8)(plane, row, first, count, cells);
}

void measure_edges(PlaneView<std::uint16_t> plane, int row, int first, int count, CellEdges* cells) {
  HWY_DYNAMIC_DISPATCH(edges_u16)(plane, row, first, count, cells);
}

void measure_steps(PlaneView<std::uint8_t> plane, int row, int first, int count, CellSteps* cells) {
  HWY_DYNAMIC_DISPATCH(steps_u8)(plane, row, first, count, cells);
}

void measure_steps(PlaneView<std::uint16_t> plane, int row, int first, int count, CellSteps* cells) {
  HWY_DYNAMIC_DISPATCH(steps_u16)(plane, row, first, count, cells);
}

}  // namespace monolens::kernels
#endif

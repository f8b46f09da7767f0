#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "features/kernels/edges.h"

namespace monolens::kernels::reference {
namespace {

template <class Pixel>
int at(PlaneView<Pixel> plane, int x, int y) {
  return reinterpret_cast<const Pixel*>(reinterpret_cast<const std::byte*>(plane.data) + y * plane.stride)[x];
}

void keep_larger(std::uint16_t& largest, int difference) {
  largest = std::max(largest, static_cast<std::uint16_t>(std::abs(difference)));
}

template <class Pixel>
CellEdges edges(PlaneView<Pixel> plane, int left, int top) {
  CellEdges c{};
  for (int y = top; y < top + kCellSize; y += 2) {
    for (int x = left; x < left + kCellSize; ++x)
      keep_larger(c.step_across, at(plane, x, y) - at(plane, x + 1, y));
    for (int x = left; x <= left + kCellSize - kEdgeReach; ++x)
      keep_larger(c.contrast_across, at(plane, x, y) - at(plane, x + kEdgeReach, y));
  }
  for (int x = left; x < left + kCellSize; ++x) {
    for (int y = top; y < top + kCellSize; ++y)
      keep_larger(c.step_down, at(plane, x, y) - at(plane, x, y + 1));
    for (int y = top; y <= top + kCellSize - kEdgeReach; ++y)
      keep_larger(c.contrast_down, at(plane, x, y) - at(plane, x, y + kEdgeReach));
  }
  return c;
}

template <class Pixel>
CellSteps steps(PlaneView<Pixel> plane, int left, int top) {
  CellSteps c{};
  for (int y = 0; y < kCellSize; ++y) {
    for (int x = 0; x < kCellSize; ++x) {
      const int here = at(plane, left + x, top + y);
      c.across[x % kGridPeriod] +=
          static_cast<std::uint32_t>(std::abs(here - at(plane, left + x - 1, top + y)));
      c.down[y % kGridPeriod] +=
          static_cast<std::uint32_t>(std::abs(here - at(plane, left + x, top + y - 1)));
    }
  }
  return c;
}

template <class Pixel>
void measure(PlaneView<Pixel> plane, int row, int first, int count, CellEdges* cells) {
  for (int i = 0; i < count; ++i) cells[i] = edges(plane, (first + i) * kCellSize, row * kCellSize);
}

template <class Pixel>
void measure(PlaneView<Pixel> plane, int row, int first, int count, CellSteps* cells) {
  for (int i = 0; i < count; ++i) cells[i] = steps(plane, (first + 2 * i) * kCellSize, row * kCellSize);
}

}  // namespace

void measure_edges(PlaneView<std::uint8_t> plane, int row, int first, int count, CellEdges* cells) {
  measure(plane, row, first, count, cells);
}

void measure_edges(PlaneView<std::uint16_t> plane, int row, int first, int count, CellEdges* cells) {
  measure(plane, row, first, count, cells);
}

void measure_steps(PlaneView<std::uint8_t> plane, int row, int first, int count, CellSteps* cells) {
  measure(plane, row, first, count, cells);
}

void measure_steps(PlaneView<std::uint16_t> plane, int row, int first, int count, CellSteps* cells) {
  measure(plane, row, first, count, cells);
}

}  // namespace monolens::kernels::reference

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "features/kernels/plane.h"

namespace monolens::kernels::reference {
namespace {

template <class Pixel>
const Pixel* row(PlaneView<Pixel> plane, int y) {
  return reinterpret_cast<const Pixel*>(reinterpret_cast<const std::byte*>(plane.data) + y * plane.stride);
}

template <class Pixel>
Cell measure_cell(PlaneView<Pixel> plane, PlaneView<Pixel> reference, PlaneLimits limits, int left, int top) {
  Cell cell{.sum = 0, .sad = 0, .dark = 0, .min = std::numeric_limits<Pixel>::max(), .max = 0, .outside = 0};
  for (int y = top; y < std::min(top + kCellSize, plane.height); ++y) {
    for (int x = left; x < std::min(left + kCellSize, plane.width); ++x) {
      const Pixel pixel = row(plane, y)[x];
      cell.sum += pixel;
      if (reference.data) cell.sad += static_cast<std::uint32_t>(std::abs(pixel - row(reference, y)[x]));
      if (pixel <= limits.dark_max) ++cell.dark;
      if (pixel < limits.legal_min || pixel > limits.legal_max) ++cell.outside;
      cell.min = std::min<std::uint16_t>(cell.min, pixel);
      cell.max = std::max<std::uint16_t>(cell.max, pixel);
    }
  }
  return cell;
}

template <class Pixel>
void measure(PlaneView<Pixel> plane, PlaneView<Pixel> reference, PlaneLimits limits, Cell* cells) {
  for (int top = 0; top < plane.height; top += kCellSize) {
    for (int left = 0; left < plane.width; left += kCellSize) {
      *cells++ = measure_cell(plane, reference, limits, left, top);
    }
  }
}

template <class Pixel>
void sum(PlaneView<Pixel> plane, std::uint32_t* rows, std::uint32_t* columns) {
  std::fill_n(rows, plane.height, 0u);
  std::fill_n(columns, plane.width, 0u);
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 0; x < plane.width; ++x) {
      rows[y] += row(plane, y)[x];
      columns[x] += row(plane, y)[x];
    }
  }
}

}  // namespace

void measure_plane(PlaneView<std::uint8_t> plane, PlaneView<std::uint8_t> reference, PlaneLimits limits,
                   Cell* cells) {
  measure(plane, reference, limits, cells);
}

void measure_plane(PlaneView<std::uint16_t> plane, PlaneView<std::uint16_t> reference, PlaneLimits limits,
                   Cell* cells) {
  measure(plane, reference, limits, cells);
}

void sum_rows_and_columns(PlaneView<std::uint8_t> plane, std::uint32_t* rows, std::uint32_t* columns) {
  sum(plane, rows, columns);
}

void sum_rows_and_columns(PlaneView<std::uint16_t> plane, std::uint32_t* rows, std::uint32_t* columns) {
  sum(plane, rows, columns);
}

}  // namespace monolens::kernels::reference

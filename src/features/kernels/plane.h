// Plane kernels: one pass over a plane of pixels that yields everything the cheap picture features need.
//
// A plane is cut into cells of 16×16 pixels; the cells at the right and bottom edge may be smaller. Every
// pixel is read from memory once. Integers, exact: the scalar reference in plane_reference.cc is the
// definition, and every SIMD target must equal it. Highway picks the target at run time. Thread-safe: no
// state.
#pragma once

#include <cstddef>
#include <cstdint>

namespace monolens::kernels {

inline constexpr int kCellSize = 16;

constexpr int cells_across(int pixels) { return (pixels + kCellSize - 1) / kCellSize; }

// One cell of a plane. 16 bytes, so that a 1080p luma plane's cells (120×68) take 128 kB.
struct Cell {
  std::uint32_t sum;   // of the cell's pixels
  std::uint32_t sad;   // sum of absolute differences from the reference plane; 0 without one
  std::uint16_t dark;  // pixels ≤ PlaneLimits::dark_max
  std::uint16_t min;   // smallest and largest pixel, code values
  std::uint16_t max;
  std::uint16_t outside;  // pixels < legal_min or > legal_max
};

// Code values of the plane's own bit depth. REQUIRES: they fit the pixel type, legal_min ≤ legal_max.
struct PlaneLimits {
  std::uint16_t dark_max;
  std::uint16_t legal_min;
  std::uint16_t legal_max;
};

template <class Pixel>
struct PlaneView {
  const Pixel* data;      // top left pixel; no alignment beyond a pixel's
  std::ptrdiff_t stride;  // bytes from a row to the next; may be negative
  int width;              // pixels, > 0
  int height;
};

// Fills cells_across(width) × cells_across(height) cells, row-major.
// `reference` has the size of `plane`, or data == nullptr (then sad is 0). 16-bit pixels are native-endian
// and may use all 16 bits.
void measure_plane(PlaneView<std::uint8_t> plane, PlaneView<std::uint8_t> reference, PlaneLimits limits,
                   Cell* cells);
void measure_plane(PlaneView<std::uint16_t> plane, PlaneView<std::uint16_t> reference, PlaneLimits limits,
                   Cell* cells);

// The sums of every row (`rows`, height entries) and of every column (`columns`, width entries).
void sum_rows_and_columns(PlaneView<std::uint8_t> plane, std::uint32_t* rows, std::uint32_t* columns);
void sum_rows_and_columns(PlaneView<std::uint16_t> plane, std::uint32_t* rows, std::uint32_t* columns);

// The definition of truth: plain loops, same contracts.
namespace reference {
void measure_plane(PlaneView<std::uint8_t> plane, PlaneView<std::uint8_t> reference, PlaneLimits limits,
                   Cell* cells);
void measure_plane(PlaneView<std::uint16_t> plane, PlaneView<std::uint16_t> reference, PlaneLimits limits,
                   Cell* cells);
void sum_rows_and_columns(PlaneView<std::uint8_t> plane, std::uint32_t* rows, std::uint32_t* columns);
void sum_rows_and_columns(PlaneView<std::uint16_t> plane, std::uint32_t* rows, std::uint32_t* columns);
}  // namespace reference

}  // namespace monolens::kernels

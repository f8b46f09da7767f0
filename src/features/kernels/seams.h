// Seam kernel: how a picture goes on across the edges of its blocks of 16×16 pixels.
//
// Where four pixels in line, a b | c d, stand across an edge, s = a − 3b + 3c − d is their third difference:
// 0 wherever brightness follows a parabola, twice the step where a block does not continue its neighbour.
// Integers, exact: the scalar reference in seams_reference.cc is the definition, and every SIMD target must
// equal it. Thread-safe: no state.
#pragma once

#include <cstdint>

#include "features/kernels/plane.h"

namespace monolens::kernels {

// One block. Sums are over kSeamRows pixels along a vertical edge (every second row) and kCellSize along a
// horizontal one, in 8-bit code values.
struct BlockSeams {
  std::int32_t left_abs;      // Σ|s| across the left edge; 0 in the first column
  std::int32_t left_sum;      // Σs: much only if the step goes one way along the edge
  std::int32_t middle_x_abs;  // the same across the block's vertical middle line, where 8×8 transforms meet
  std::int32_t middle_x_sum;
  std::int32_t inner_x_abs;  // Σ|s| over the kInnerX columns that touch neither
  std::int32_t gradient_x;   // Σ|difference of neighbours in a row| inside the block, 15 a row
  std::int32_t top_abs;      // across the top edge; 0 in the first row
  std::int32_t top_sum;
  std::int32_t middle_y_abs;
  std::int32_t middle_y_sum;
  std::int32_t inner_y_abs;  // over the kInnerY rows
  std::int32_t gradient_y;   // Σ|difference of neighbours in a column| in kGradientY rows
};

inline constexpr int kSeamRows = 8;
inline constexpr int kInnerX = 10;    // columns 2 to 6 and 10 to 14
inline constexpr int kInnerY = 2;     // rows 4 and 12
inline constexpr int kGradientY = 3;  // rows 4, 8 and 12

constexpr int whole_blocks(int pixels) { return pixels / kCellSize; }

// Fills whole_blocks(width) × whole_blocks(height) blocks, row-major; blocks that the picture's edge cuts are
// left out. Pixels are taken as min(255, value >> shift). REQUIRES: shift is 0 to 8.
void measure_seams(PlaneView<std::uint8_t> plane, int shift, BlockSeams* blocks);
void measure_seams(PlaneView<std::uint16_t> plane, int shift, BlockSeams* blocks);

namespace reference {
void measure_seams(PlaneView<std::uint8_t> plane, int shift, BlockSeams* blocks);
void measure_seams(PlaneView<std::uint16_t> plane, int shift, BlockSeams* blocks);
}  // namespace reference

}  // namespace monolens::kernels

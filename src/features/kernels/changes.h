// Change kernel: how much each part of a block of 16×16 pixels has changed from another picture.
//
// Integers, exact: the scalar reference in changes_reference.cc is the definition, and every SIMD target must
// equal it. Thread-safe: no state.
#pragma once

#include <cstdint>

#include "features/kernels/plane.h"
#include "features/kernels/seams.h"

namespace monolens::kernels {

inline constexpr int kStrips = 4;      // of a block, each way
inline constexpr int kChangeStep = 2;  // rows; those between are left out
inline constexpr int kStripPixels = kCellSize * kCellSize / kStrips / kChangeStep;

// Σ|difference| of the kStripPixels pixels of each strip, 8-bit code values.
struct BlockChanges {
  std::uint16_t across[kStrips];  // strips of 4 columns, from the left
  std::uint16_t down[kStrips];    // strips of 4 rows, from the top
};

// Fills whole_blocks(width) × whole_blocks(height) blocks, row-major: with 0 where `wanted`, as many, is 0.
// Pixels are taken as min(255, value >> shift). REQUIRES: both pictures are of one size; shift is 0 to 8.
void measure_changes(PlaneView<std::uint8_t> plane, PlaneView<std::uint8_t> before, int shift,
                     const std::uint8_t* wanted, BlockChanges* blocks);
void measure_changes(PlaneView<std::uint16_t> plane, PlaneView<std::uint16_t> before, int shift,
                     const std::uint8_t* wanted, BlockChanges* blocks);

namespace reference {
void measure_changes(PlaneView<std::uint8_t> plane, PlaneView<std::uint8_t> before, int shift,
                     const std::uint8_t* wanted, BlockChanges* blocks);
void measure_changes(PlaneView<std::uint16_t> plane, PlaneView<std::uint16_t> before, int shift,
                     const std::uint8_t* wanted, BlockChanges* blocks);
}  // namespace reference

}  // namespace monolens::kernels

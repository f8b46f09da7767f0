// Edge kernel: how steep and how high the edges of a cell are, and how its steps lie from pixel to pixel.
//
// Integers, exact: the reference in edges_reference.cc is the definition, and every SIMD target must equal
// it. Thread-safe: no state.
#pragma once

#include <cstdint>

#include "features/kernels/plane.h"

namespace monolens::kernels {

constexpr int kEdgeReach = 8;   // pixels over which contrast is measured: wider than any edge worth the name
constexpr int kGridPeriod = 8;  // pixels: of the block grid of MPEG-2, and of half a macroblock

// Largest differences in a cell, code values. Across: of its pixels and those of the column to its right, in
// every second row. Down: of its pixels and those of the row below it.
struct CellEdges {
  std::uint16_t step_across;      // between neighbours
  std::uint16_t contrast_across;  // between pixels kEdgeReach apart
  std::uint16_t step_down;
  std::uint16_t contrast_down;
};

// Sums of the steps from the pixel before, by the pixel's position in the cell modulo kGridPeriod.
struct CellSteps {
  std::uint32_t across[kGridPeriod];
  std::uint32_t down[kGridPeriod];
};

// Of `count` cells in a row of cells. REQUIRES: there are pixels to the right of and below each.
void measure_edges(PlaneView<std::uint8_t> plane, int row, int first, int count, CellEdges* cells);
void measure_edges(PlaneView<std::uint16_t> plane, int row, int first, int count, CellEdges* cells);

// Of `count` cells in a row of cells, of which every second is measured. REQUIRES: there are pixels to the
// left of and above each.
void measure_steps(PlaneView<std::uint8_t> plane, int row, int first, int count, CellSteps* cells);
void measure_steps(PlaneView<std::uint16_t> plane, int row, int first, int count, CellSteps* cells);

namespace reference {
void measure_edges(PlaneView<std::uint8_t> plane, int row, int first, int count, CellEdges* cells);
void measure_edges(PlaneView<std::uint16_t> plane, int row, int first, int count, CellEdges* cells);
void measure_steps(PlaneView<std::uint8_t> plane, int row, int first, int count, CellSteps* cells);
void measure_steps(PlaneView<std::uint16_t> plane, int row, int first, int count, CellSteps* cells);
}  // namespace reference

}  // namespace monolens::kernels

// Field kernel: how torn a picture looks in rows, as it is and with one of its fields taken from the picture
// before. Rows 0, 2, 4… are the top field, the others the bottom field.
//
// A row is torn by as much as its pixels differ from the mean of those above and below. What two fields of
// one moment show is torn by vertical detail alone; fields of two moments are torn the more, the further
// apart in time they are and the faster things move. Integers, exact: the reference in fields_reference.cc is
// the definition, and every SIMD target must equal it. Thread-safe: no state.
#pragma once

#include <cstdint>

#include "features/kernels/plane.h"

namespace monolens::kernels {

// Sums of |⌈(a + c) / 2⌉ − b| over the pixels b of a cell, a above and c below, rows 0 and height − 1 of the
// plane left out.
struct FieldCell {
  std::uint32_t whole;         // in the picture as it is
  std::uint32_t before;        // in the picture before
  std::uint32_t top_first;     // in its top field woven with the bottom field of the picture before
  std::uint32_t bottom_first;  // in its bottom field woven with the top field of the picture before
};

// Fills cells_across(width) × cells_across(height) cells, row-major. REQUIRES: `before` has the size of
// `plane`.
void weave_fields(PlaneView<std::uint8_t> plane, PlaneView<std::uint8_t> before, FieldCell* cells);
void weave_fields(PlaneView<std::uint16_t> plane, PlaneView<std::uint16_t> before, FieldCell* cells);

namespace reference {
// One row of cells, that of the pixels from row `top` on.
void weave_band(PlaneView<std::uint8_t> plane, PlaneView<std::uint8_t> before, int top, FieldCell* cells);
void weave_band(PlaneView<std::uint16_t> plane, PlaneView<std::uint16_t> before, int top, FieldCell* cells);
void weave_fields(PlaneView<std::uint8_t> plane, PlaneView<std::uint8_t> before, FieldCell* cells);
void weave_fields(PlaneView<std::uint16_t> plane, PlaneView<std::uint16_t> before, FieldCell* cells);
}  // namespace reference

}  // namespace monolens::kernels

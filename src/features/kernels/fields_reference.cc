#include <algorithm>
#include <cstdlib>

#include "features/kernels/fields.h"

namespace monolens::kernels::reference {
namespace {

template <class Pixel>
const Pixel* row(PlaneView<Pixel> plane, int y) {
  return reinterpret_cast<const Pixel*>(reinterpret_cast<const std::byte*>(plane.data) + y * plane.stride);
}

std::uint32_t torn(int above, int here, int below) {
  return static_cast<std::uint32_t>(std::abs((above + below + 1) / 2 - here));
}

template <class Pixel>
FieldCell weave_cell(PlaneView<Pixel> plane, PlaneView<Pixel> before, int left, int top) {
  FieldCell cell{};
  for (int y = std::max(top, 1); y < std::min(top + kCellSize, plane.height - 1); ++y) {
    const auto* now = row(plane, y);
    const auto* above = row(plane, y - 1);
    const auto* below = row(plane, y + 1);
    const auto* old = row(before, y);
    const auto* old_above = row(before, y - 1);
    const auto* old_below = row(before, y + 1);
    for (int x = left; x < std::min(left + kCellSize, plane.width); ++x) {
      const std::uint32_t among_old = torn(old_above[x], now[x], old_below[x]);
      const std::uint32_t old_among = torn(above[x], old[x], below[x]);
      cell.whole += torn(above[x], now[x], below[x]);
      cell.before += torn(old_above[x], old[x], old_below[x]);
      cell.top_first += y % 2 == 0 ? among_old : old_among;
      cell.bottom_first += y % 2 == 0 ? old_among : among_old;
    }
  }
  return cell;
}

template <class Pixel>
void weave(PlaneView<Pixel> plane, PlaneView<Pixel> before, int top, FieldCell* cells) {
  for (int left = 0; left < plane.width; left += kCellSize) *cells++ = weave_cell(plane, before, left, top);
}

template <class Pixel>
void weave(PlaneView<Pixel> plane, PlaneView<Pixel> before, FieldCell* cells) {
  for (int top = 0; top < plane.height; top += kCellSize, cells += cells_across(plane.width)) {
    weave(plane, before, top, cells);
  }
}

}  // namespace

void weave_band(PlaneView<std::uint8_t> plane, PlaneView<std::uint8_t> before, int top, FieldCell* cells) {
  weave(plane, before, top, cells);
}

void weave_band(PlaneView<std::uint16_t> plane, PlaneView<std::uint16_t> before, int top, FieldCell* cells) {
  weave(plane, before, top, cells);
}

void weave_fields(PlaneView<std::uint8_t> plane, PlaneView<std::uint8_t> before, FieldCell* cells) {
  weave(plane, before, cells);
}

void weave_fields(PlaneView<std::uint16_t> plane, PlaneView<std::uint16_t> before, FieldCell* cells) {
  weave(plane, before, cells);
}

}  // namespace monolens::kernels::reference

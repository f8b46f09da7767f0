#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "features/kernels/changes.h"

namespace monolens::kernels::reference {
namespace {

template <class Pixel>
int at(PlaneView<Pixel> plane, int shift, int x, int y) {
  const auto* row =
      reinterpret_cast<const Pixel*>(reinterpret_cast<const std::byte*>(plane.data) + y * plane.stride);
  return std::min(255, row[x] >> shift);
}

template <class Pixel>
BlockChanges measure_block(PlaneView<Pixel> plane, PlaneView<Pixel> before, int shift, int left, int top) {
  constexpr int kThick = kCellSize / kStrips;
  BlockChanges b{};
  for (int y = 0; y < kCellSize; y += kChangeStep) {
    for (int x = 0; x < kCellSize; ++x) {
      const int change = std::abs(at(plane, shift, left + x, top + y) - at(before, shift, left + x, top + y));
      b.across[x / kThick] = static_cast<std::uint16_t>(b.across[x / kThick] + change);
      b.down[y / kThick] = static_cast<std::uint16_t>(b.down[y / kThick] + change);
    }
  }
  return b;
}

template <class Pixel>
void measure(PlaneView<Pixel> plane, PlaneView<Pixel> before, int shift, const std::uint8_t* wanted,
             BlockChanges* blocks) {
  for (int row = 0; row < whole_blocks(plane.height); ++row) {
    for (int column = 0; column < whole_blocks(plane.width); ++column) {
      *blocks++ = *wanted++ != 0 ? measure_block(plane, before, shift, column * kCellSize, row * kCellSize)
                                 : BlockChanges{};
    }
  }
}

}  // namespace

void measure_changes(PlaneView<std::uint8_t> plane, PlaneView<std::uint8_t> before, int shift,
                     const std::uint8_t* wanted, BlockChanges* blocks) {
  measure(plane, before, shift, wanted, blocks);
}

void measure_changes(PlaneView<std::uint16_t> plane, PlaneView<std::uint16_t> before, int shift,
                     const std::uint8_t* wanted, BlockChanges* blocks) {
  measure(plane, before, shift, wanted, blocks);
}

}  // namespace monolens::kernels::reference

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "features/kernels/seams.h"

namespace monolens::kernels::reference {
namespace {

template <class Pixel>
class Block {
 public:
  Block(PlaneView<Pixel> plane, int shift, int left, int top)
      : plane_(plane), shift_(shift), left_(left), top_(top) {}

  BlockSeams measure() const {
    BlockSeams b{};
    for (int y = 0; y < kCellSize; y += kCellSize / kSeamRows) {
      if (left_ > 0) add(third_x(0, y), b.left_abs, b.left_sum);
      add(third_x(8, y), b.middle_x_abs, b.middle_x_sum);
      for (const int x : {2, 3, 4, 5, 6, 10, 11, 12, 13, 14}) b.inner_x_abs += std::abs(third_x(x, y));
      for (int x = 1; x < kCellSize; ++x) b.gradient_x += std::abs(at(x, y) - at(x - 1, y));
    }
    for (int x = 0; x < kCellSize; ++x) {
      if (top_ > 0) add(third_y(x, 0), b.top_abs, b.top_sum);
      add(third_y(x, 8), b.middle_y_abs, b.middle_y_sum);
      for (const int y : {4, 12}) b.inner_y_abs += std::abs(third_y(x, y));
      for (const int y : {4, 8, 12}) b.gradient_y += std::abs(at(x, y) - at(x, y - 1));
    }
    return b;
  }

 private:
  int at(int x, int y) const {
    const auto* row = reinterpret_cast<const Pixel*>(reinterpret_cast<const std::byte*>(plane_.data) +
                                                     (top_ + y) * plane_.stride);
    return std::min(255, row[left_ + x] >> shift_);
  }
  int third_x(int x, int y) const { return at(x - 2, y) - 3 * at(x - 1, y) + 3 * at(x, y) - at(x + 1, y); }
  int third_y(int x, int y) const { return at(x, y - 2) - 3 * at(x, y - 1) + 3 * at(x, y) - at(x, y + 1); }

  static void add(int third, std::int32_t& abs, std::int32_t& sum) {
    abs += std::abs(third);
    sum += third;
  }

  PlaneView<Pixel> plane_;
  int shift_;
  int left_;
  int top_;
};

template <class Pixel>
void measure(PlaneView<Pixel> plane, int shift, BlockSeams* blocks) {
  for (int row = 0; row < whole_blocks(plane.height); ++row) {
    for (int column = 0; column < whole_blocks(plane.width); ++column) {
      *blocks++ = Block(plane, shift, column * kCellSize, row * kCellSize).measure();
    }
  }
}

}  // namespace

void measure_seams(PlaneView<std::uint8_t> plane, int shift, BlockSeams* blocks) {
  measure(plane, shift, blocks);
}

void measure_seams(PlaneView<std::uint16_t> plane, int shift, BlockSeams* blocks) {
  measure(plane, shift, blocks);
}

}  // namespace monolens::kernels::reference

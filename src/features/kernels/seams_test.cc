#include "features/kernels/seams.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "features/kernels/every_target_test.h"
#include "features/kernels/test_picture.h"

namespace monolens::kernels {
namespace {

template <class Pixel>
void expect_equal_to_reference(PlaneView<Pixel> plane, int shift) {
  const auto count = static_cast<std::size_t>(whole_blocks(plane.width) * whole_blocks(plane.height));
  std::vector<BlockSeams> expected(count + 1);
  std::memset(&expected[count], 0xA5, sizeof(BlockSeams));
  reference::measure_seams(plane, shift, expected.data());
  on_every_target([&] {
    std::vector<BlockSeams> blocks(count + 1);
    std::memset(&blocks[count], 0xA5, sizeof(BlockSeams));
    measure_seams(plane, shift, blocks.data());
    EXPECT_EQ(std::memcmp(blocks.data(), expected.data(), (count + 1) * sizeof(BlockSeams)), 0);
  });
}

template <class Pixel>
class SeamKernel : public testing::Test {
 protected:
  static constexpr int kShift = sizeof(Pixel) == 2 ? 2 : 0;
  static constexpr int kMax = std::numeric_limits<Pixel>::max();
  std::mt19937 engine_{1};
};

using Pixels = testing::Types<std::uint8_t, std::uint16_t>;
TYPED_TEST_SUITE(SeamKernel, Pixels);

TYPED_TEST(SeamKernel, EqualsTheReferenceAtEverySizeAndLayout) {
  constexpr int kSizes[][2] = {{1, 1},   {15, 40}, {16, 16}, {17, 16}, {16, 17}, {31, 33},
                               {32, 32}, {47, 18}, {48, 48}, {65, 35}, {129, 50}};
  for (const auto& [width, height] : kSizes) {
    for (const int padding : {0, 7}) {
      for (const bool bottom_up : {false, true}) {
        SCOPED_TRACE(fmt::format("{}×{}, padding {}, bottom-up {}", width, height, padding, bottom_up));
        Picture<TypeParam> picture(width, height, {padding, bottom_up});
        picture.paint([&](int, int) { return this->engine_() % (sizeof(TypeParam) == 2 ? 1024 : 256); });
        expect_equal_to_reference(picture.view(), this->kShift);
      }
    }
  }
}

TYPED_TEST(SeamKernel, EqualsTheReferenceOnExtremes) {
  Picture<TypeParam> picture(67, 50, {0, false});
  for (const int shift : {0, this->kShift, 8}) {
    picture.paint([&](int, int) { return this->engine_() % 2 ? this->kMax : 0; });
    expect_equal_to_reference(picture.view(), shift);
    picture.paint([&](int, int) { return this->kMax; });
    expect_equal_to_reference(picture.view(), shift);
  }
}

TYPED_TEST(SeamKernel, SeesAStepAtABlocksEdgeAndNoneInARamp) {
  Picture<TypeParam> picture(48, 48, {0, false});
  picture.paint([&](int x, int y) { return (2 * x + (y >= 16 ? 20 : 0)) << this->kShift; });
  on_every_target([&] {
    BlockSeams blocks[9];
    measure_seams(picture.view(), this->kShift, blocks);
    EXPECT_EQ(blocks[4].left_abs, 0);
    EXPECT_EQ(blocks[4].inner_x_abs, 0);
    EXPECT_EQ(blocks[4].gradient_x, 2 * 15 * kSeamRows);
    EXPECT_EQ(blocks[4].top_abs, 2 * 20 * kCellSize);
    EXPECT_EQ(blocks[4].top_sum, 2 * 20 * kCellSize);
    EXPECT_EQ(blocks[7].top_abs, 0);
  });
}

}  // namespace
}  // namespace monolens::kernels

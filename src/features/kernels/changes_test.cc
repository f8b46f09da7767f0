#include "features/kernels/changes.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
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

using testing::Each;
using testing::ElementsAre;

template <class Pixel>
void expect_equal_to_reference(PlaneView<Pixel> plane, PlaneView<Pixel> before, int shift,
                               const std::vector<std::uint8_t>& wanted) {
  const std::size_t count = wanted.size();
  std::vector<BlockChanges> expected(count + 1);
  std::memset(&expected[count], 0xA5, sizeof(BlockChanges));
  reference::measure_changes(plane, before, shift, wanted.data(), expected.data());
  on_every_target([&] {
    std::vector<BlockChanges> blocks(count + 1);
    std::memset(&blocks[count], 0xA5, sizeof(BlockChanges));
    measure_changes(plane, before, shift, wanted.data(), blocks.data());
    EXPECT_EQ(std::memcmp(blocks.data(), expected.data(), (count + 1) * sizeof(BlockChanges)), 0);
  });
}

template <class Pixel>
class ChangeKernel : public testing::Test {
 protected:
  static constexpr int kShift = sizeof(Pixel) == 2 ? 2 : 0;
  static constexpr int kMax = std::numeric_limits<Pixel>::max();
  std::mt19937 engine_{1};

  std::vector<std::uint8_t> some_of(int width, int height) {
    std::vector<std::uint8_t> wanted(static_cast<std::size_t>(whole_blocks(width) * whole_blocks(height)));
    for (std::uint8_t& w : wanted) w = engine_() % 3 != 0;
    return wanted;
  }
};

using Pixels = testing::Types<std::uint8_t, std::uint16_t>;
TYPED_TEST_SUITE(ChangeKernel, Pixels);

TYPED_TEST(ChangeKernel, EqualsTheReferenceAtEverySizeAndLayout) {
  constexpr int kSizes[][2] = {{1, 1}, {15, 40}, {16, 16}, {17, 33}, {48, 48}, {65, 35}, {129, 50}};
  const auto noise = [&](int, int) { return this->engine_() % (sizeof(TypeParam) == 2 ? 1024 : 256); };
  for (const auto& [width, height] : kSizes) {
    for (const int padding : {0, 7}) {
      for (const bool bottom_up : {false, true}) {
        SCOPED_TRACE(fmt::format("{}×{}, padding {}, bottom-up {}", width, height, padding, bottom_up));
        Picture<TypeParam> picture(width, height, {padding, bottom_up});
        Picture<TypeParam> before(width, height, {7 - padding, !bottom_up});
        picture.paint(noise);
        before.paint(noise);
        expect_equal_to_reference(picture.view(), before.view(), this->kShift, this->some_of(width, height));
      }
    }
  }
}

TYPED_TEST(ChangeKernel, EqualsTheReferenceOnExtremes) {
  Picture<TypeParam> picture(67, 50, {0, false});
  Picture<TypeParam> before(67, 50, {0, false});
  for (const int shift : {0, this->kShift, 8}) {
    picture.paint([&](int, int) { return this->engine_() % 2 ? this->kMax : 0; });
    before.paint([&](int, int) { return this->engine_() % 2 ? this->kMax : 0; });
    expect_equal_to_reference(picture.view(), before.view(), shift, this->some_of(67, 50));
    picture.paint([&](int, int) { return this->kMax; });
    before.paint([&](int, int) { return 0; });
    expect_equal_to_reference(picture.view(), before.view(), shift, this->some_of(67, 50));
  }
}

TYPED_TEST(ChangeKernel, TellsWhichStripsHaveChangedOfTheBlocksThatAreWanted) {
  Picture<TypeParam> picture(32, 16, {0, false});
  Picture<TypeParam> before(32, 16, {0, false});
  before.paint([&](int, int) { return 100 << this->kShift; });
  picture.paint([&](int x, int y) { return (x % 16 >= 12 && y < 8 ? 90 : 100) << this->kShift; });
  const std::uint8_t wanted[] = {1, 0};
  on_every_target([&] {
    BlockChanges blocks[2];
    measure_changes(picture.view(), before.view(), this->kShift, wanted, blocks);
    EXPECT_THAT(blocks[0].across, ElementsAre(0, 0, 0, 10 * 4 * 4));
    EXPECT_THAT(blocks[0].down, ElementsAre(10 * 4 * 2, 10 * 4 * 2, 0, 0));
    EXPECT_THAT(blocks[1].across, Each(0));
    EXPECT_THAT(blocks[1].down, Each(0));
  });
}

}  // namespace
}  // namespace monolens::kernels

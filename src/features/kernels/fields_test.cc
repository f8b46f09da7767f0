#include "features/kernels/fields.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "features/kernels/every_target_test.h"
#include "features/kernels/test_picture.h"

namespace monolens::kernels {
namespace {

bool operator==(const FieldCell& a, const FieldCell& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

std::string shown(const FieldCell& c) {
  return fmt::format("{{whole {}, before {}, top first {}, bottom first {}}}", c.whole, c.before, c.top_first,
                     c.bottom_first);
}

constexpr FieldCell kGuard = {.whole = 0xDEADBEEF, .before = 1, .top_first = 2, .bottom_first = 3};

template <class Pixel>
void expect_equal_to_reference(const Picture<Pixel>& picture, const Picture<Pixel>& before) {
  const PlaneView<Pixel> plane = picture.view();
  const auto count = static_cast<std::size_t>(cells_across(plane.width) * cells_across(plane.height));
  std::vector<FieldCell> expected(count);
  reference::weave_fields(plane, before.view(), expected.data());
  on_every_target([&] {
    std::vector<FieldCell> guarded(count + 2, kGuard);
    weave_fields(plane, before.view(), guarded.data() + 1);
    EXPECT_TRUE(guarded.front() == kGuard);
    EXPECT_TRUE(guarded.back() == kGuard);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_TRUE(guarded[i + 1] == expected[i])
          << "cell " << i << " is " << shown(guarded[i + 1]) << ", not " << shown(expected[i]);
    }
  });
}

template <class Pixel>
class FieldKernel : public testing::Test {
 protected:
  static constexpr int kMax = std::numeric_limits<Pixel>::max();
  static constexpr int kVideoMax = sizeof(Pixel) == 2 ? 1023 : 255;

  // Pixels from 0 to `high`.
  auto random(int high) {
    return [this, range = std::uniform_int_distribution<int>(0, high)](int, int) mutable {
      return range(engine_);
    };
  }
  // Black or white at random.
  auto extremes() {
    return [this](int, int) { return engine_() % 2 ? kMax : 0; };
  }
  static auto constant(int value) {
    return [value](int, int) { return value; };
  }

 private:
  std::mt19937 engine_{1};
};

using Pixels = testing::Types<std::uint8_t, std::uint16_t>;
TYPED_TEST_SUITE(FieldKernel, Pixels);

TYPED_TEST(FieldKernel, EqualsTheReferenceAtEverySizeAndLayout) {
  constexpr int kSizes[][2] = {{1, 1},   {1, 17},  {2, 2},   {16, 1},   {16, 2},  {16, 3},   {15, 16},
                               {16, 16}, {17, 15}, {31, 33}, {32, 32},  {48, 5},  {63, 64},  {64, 63},
                               {65, 16}, {67, 35}, {96, 17}, {112, 18}, {127, 3}, {129, 31}, {200, 47}};
  constexpr Layout kLayouts[] = {{0, false}, {0, true}, {13, false}, {13, true}, {64, false}};
  for (const auto& [width, height] : kSizes) {
    for (const Layout layout : kLayouts) {
      SCOPED_TRACE(
          fmt::format("{}×{}, padding {}, bottom-up {}", width, height, layout.padding, layout.bottom_up));
      Picture<TypeParam> picture(width, height, layout);
      Picture<TypeParam> before(width, height, {0, false});
      picture.paint(this->random(this->kVideoMax));
      before.paint(this->random(this->kVideoMax));
      expect_equal_to_reference(picture, before);
      expect_equal_to_reference(before, picture);
    }
  }
}

TYPED_TEST(FieldKernel, EqualsTheReferenceOnAWholePicture) {
  Picture<TypeParam> picture(1919, 1081, {1, false});
  Picture<TypeParam> before(1919, 1081, {65, true});
  picture.paint(this->random(this->kMax));
  before.paint(this->random(this->kMax));
  expect_equal_to_reference(picture, before);
}

TYPED_TEST(FieldKernel, EqualsTheReferenceOnExtremes) {
  Picture<TypeParam> zeros(147, 37, {0, false});
  Picture<TypeParam> whites(147, 37, {13, false});
  Picture<TypeParam> lines(147, 37, {0, true});
  Picture<TypeParam> mixed(147, 37, {0, false});
  zeros.paint(this->constant(0));
  whites.paint(this->constant(this->kMax));
  lines.paint([this](int, int y) { return y % 2 == 0 ? this->kMax : 0; });
  mixed.paint(this->extremes());
  for (const auto* picture : {&zeros, &whites, &lines, &mixed}) {
    for (const auto* before : {&zeros, &whites, &lines, &mixed}) expect_equal_to_reference(*picture, *before);
  }
}

TYPED_TEST(FieldKernel, EqualsTheReferenceWhereAMeanIsRounded) {
  Picture<TypeParam> picture(147, 37, {0, false});
  Picture<TypeParam> before(147, 37, {0, false});
  picture.paint(this->random(2));
  before.paint(this->random(2));
  expect_equal_to_reference(picture, before);
}

// Levels 100 and 60, which the weaves mix.
TYPED_TEST(FieldKernel, EqualsWhatCanBeCountedByHand) {
  Picture<TypeParam> picture(20, 48, {0, false});
  Picture<TypeParam> before(20, 48, {7, false});
  picture.paint([](int, int y) { return y == 20 ? 103 : 100; });
  before.paint(this->constant(60));
  on_every_target([&] {
    FieldCell cells[6];
    weave_fields(picture.view(), before.view(), cells);
    // Row 0 is left out; row 20 lies in the top field, and the mean of 100 and 103 is rounded up.
    const FieldCell first = {.whole = 0, .before = 0, .top_first = 9600, .bottom_first = 9600};
    const FieldCell left = {.whole = 16 * (3 + 2 + 2),
                            .before = 0,
                            .top_first = 16 * (16 * 40 + 3 + 2 + 2),
                            .bottom_first = 16 * 16 * 40};
    const FieldCell right = {.whole = 4 * (3 + 2 + 2),
                             .before = 0,
                             .top_first = 4 * (16 * 40 + 3 + 2 + 2),
                             .bottom_first = 4 * 16 * 40};
    EXPECT_TRUE(cells[0] == first) << shown(cells[0]);
    EXPECT_TRUE(cells[2] == left) << shown(cells[2]);
    EXPECT_TRUE(cells[3] == right) << shown(cells[3]);
  });
}

TYPED_TEST(FieldKernel, TearsAStillPictureAsMuchWhicheverFieldIsTaken) {
  Picture<TypeParam> picture(48, 48, {0, false});
  picture.paint(this->random(this->kVideoMax));
  on_every_target([&] {
    FieldCell cells[9];
    weave_fields(picture.view(), picture.view(), cells);
    for (const FieldCell& c : cells) {
      EXPECT_GT(c.whole, 0U);
      EXPECT_EQ(c.before, c.whole);
      EXPECT_EQ(c.top_first, c.whole);
      EXPECT_EQ(c.bottom_first, c.whole);
    }
  });
}

TYPED_TEST(FieldKernel, JoinsTwoMomentsThatWereSplit) {
  Picture<TypeParam> picture(48, 48, {0, false});
  Picture<TypeParam> before(48, 48, {0, false});
  picture.paint([](int x, int y) { return y % 2 == 0 ? 4 * x : 2 * x; });
  before.paint([](int x, int y) { return y % 2 == 0 ? x : 4 * x; });
  on_every_target([&] {
    FieldCell cells[9];
    weave_fields(picture.view(), before.view(), cells);
    for (const FieldCell& c : cells) {
      EXPECT_GT(c.whole, 0U);
      EXPECT_GT(c.before, c.whole);
      EXPECT_EQ(c.top_first, 0U);
      EXPECT_GT(c.bottom_first, 0U);
    }
  });
}

}  // namespace
}  // namespace monolens::kernels

#include "features/block_grid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>
#include <string_view>
#include <utility>

#include "features/test_picture.h"
#include "features/video_extractor.h"

namespace monolens {
namespace {

constexpr PictureShape kShape = {.width = 320, .height = 192, .planes = 1};

using Level = std::function<double(int, int)>;  // 8-bit, at (x, y)

BlockGrid grid_in(const TestPicture& picture) {
  FeatureOptions o;
  o.luma = true;
  VideoExtractor extractor(o);
  const Frame frame = picture.frame();
  return measure_block_grid(frame, extractor.measure(frame).luma);
}

BlockGrid grid_in(const Level& level, PictureShape shape = kShape) {
  TestPicture picture(shape);
  picture.paint(0, [&](int x, int y) {
    const double code = std::ldexp(level(x, y), shape.bit_depth - 8);
    return std::clamp(static_cast<int>(std::lround(code)), 0, (1 << shape.bit_depth) - 1);
  });
  return grid_in(picture);
}

double random_at(int x, int y) {
  std::minstd_rand random(static_cast<unsigned>(1 + x + 1000 * y));
  random.discard(3);
  return static_cast<double>(random() % 1000) / 999;
}

double hills(int x, int y) {
  const auto wave = [](double at, double length) { return std::sin(2 * std::numbers::pi * at / length); };
  return 120 + 50 * wave(x, 170) * wave(y + 10, 130) + 20 * wave(x + y, 90);
}

// What is left of a picture where only the mean of each block was coded: flat blocks, `contrast` levels from
// the darkest to the brightest, the first whole one at (left, top).
Level blocks(int left, int top, double contrast, double base = 100, int size = 8) {
  return [=](int x, int y) {
    return base + contrast * random_at((x + size - left) / size, (y + size - top) / size);
  };
}

TEST(BlockGrid, IsFoundWhereverItBegins) {
  for (const int bit_depth : {8, 10}) {
    for (int at = 0; at < 8; ++at) {
      SCOPED_TRACE(testing::Message() << "at " << at << ", " << bit_depth << " bits");
      const int top = (3 * at + 1) % 8;
      PictureShape shape = kShape;
      shape.bit_depth = bit_depth;
      const BlockGrid grid = grid_in(blocks(at, top, 24), shape);
      EXPECT_GT(grid.share, 0.6);
      EXPECT_EQ(grid.left, at);
      EXPECT_EQ(grid.top, top);
    }
  }
}

TEST(BlockGrid, IsFoundInPartOfThePicture) {
  const Level grid = blocks(0, 0, 24);
  const double whole = grid_in(grid).share;
  const BlockGrid half = grid_in([&](int x, int y) { return x < 160 ? grid(x, y) : hills(x, y); });
  EXPECT_NEAR(half.share, whole / 2, 0.1);
  EXPECT_EQ(half.left, 0);
  EXPECT_EQ(half.top, 0);
}

TEST(BlockGrid, IsNotInOtherPictures) {
  const Level grid = blocks(0, 0, 24);
  const struct {
    std::string_view what;
    Level level;
  } cases[] = {
      {"one colour", [](int, int) { return 100.0; }},
      {"a smooth picture", hills},
      {"steep slopes", [](int x, int y) { return (x + y) * 0.4; }},
      {"noise", [](int x, int y) { return 80 + 40 * random_at(x, y); }},
      {"a noisy picture", [](int x, int y) { return hills(x, y) + 10 * random_at(x, y); }},
      {"fine stripes", [](int x, int y) { return (x + y) % 4 < 2 ? 90.0 : 110.0; }},
      {"blocks of another size", blocks(0, 0, 24, 100, 11)},
      {"big blocks of another size", blocks(0, 0, 24, 100, 21)},
      {"lines across alone", [](int, int y) { return 100 + 24 * random_at(0, y / 8); }},
      {"lines down alone", [](int x, int) { return 100 + 24 * random_at(x / 8, 0); }},
      {"steps too small to be seen", blocks(0, 0, 2)},
      {"a chessboard of objects", [](int x, int y) { return (x / 8 + y / 8) % 2 == 0 ? 60.0 : 180.0; }},
      {"blocks that texture masks", [&](int x, int y) { return grid(x, y) + 14 * random_at(x + 7, y + 5); }},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_LT(grid_in(c.level).share, 0.05);
  }
}

TEST(BlockGrid, IsHarderToSeeWhereItIsBright) {
  const double medium = grid_in(blocks(0, 0, 8, 100)).share;
  const double bright = grid_in(blocks(0, 0, 8, 235)).share;
  EXPECT_GT(medium, 0.3);
  EXPECT_LT(bright, 0.6 * medium);
  EXPECT_NEAR(grid_in(blocks(0, 0, 8, 20)).share, medium, 0.02);
}

TEST(BlockGrid, IsNotLookedForWherePicturesAreTooSmall) {
  for (const auto& [width, height] : {std::pair{1, 1}, {16, 16}, {32, 200}, {200, 32}, {33, 33}}) {
    SCOPED_TRACE(testing::Message() << width << "×" << height);
    EXPECT_EQ(grid_in(blocks(0, 0, 24), {.width = width, .height = height, .planes = 1}).share, 0);
  }
}

TEST(BlockGrid, IsFoundInPicturesOfAnySize) {
  const BlockGrid grid = grid_in(blocks(3, 6, 24), {.width = 317, .height = 171, .planes = 1});
  EXPECT_GT(grid.share, 0.6);
  EXPECT_EQ(grid.left, 3);
  EXPECT_EQ(grid.top, 6);
}

}  // namespace
}  // namespace monolens

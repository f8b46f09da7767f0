#include "features/picture_change.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>
#include <utility>

#include "features/test_picture.h"
#include "features/video_extractor.h"

namespace monolens {
namespace {

using Level = std::function<double(int, int)>;  // 8-bit, at (x, y)

constexpr PictureShape kShape = {.width = 160, .height = 96, .planes = 1};

double change(const Level& before, const Level& after, PictureShape shape = kShape) {
  FeatureOptions o;
  o.luma = true;
  const auto measured = [&](VideoExtractor& extractor, const Level& level) {
    TestPicture picture(shape);
    picture.paint(0, [&](int x, int y) {
      return static_cast<int>(std::lround(std::ldexp(level(x, y), shape.bit_depth - 8)));
    });
    return extractor.measure(picture.frame()).luma;
  };
  VideoExtractor first(o);
  VideoExtractor second(o);
  const PlaneFeatures luma = measured(first, before);
  return picture_change(measured(second, after), luma.cells);
}

Level flat(double level) {
  return [=](int, int) { return level; };
}

Level moved(int by) {
  return [=](int x, int y) { return 120 + 60 * std::sin((x - by) * 0.1) * std::sin(y * 0.13); };
}

TEST(PictureChange, IsTheChangeOfTheLevelAtEveryBitDepth) {
  for (const int bit_depth : {8, 10, 12}) {
    SCOPED_TRACE(bit_depth);
    PictureShape shape = kShape;
    shape.bit_depth = bit_depth;
    EXPECT_EQ(change(flat(100), flat(100), shape), 0);
    EXPECT_NEAR(change(flat(100), flat(110), shape), 10, 0.001);
    EXPECT_NEAR(change(flat(110), flat(100), shape), 10, 0.001);
    EXPECT_NEAR(change(flat(0), flat(255), shape), 255, 0.001);
  }
  EXPECT_NEAR(change(flat(100), flat(100.25), {.width = 160, .height = 96, .bit_depth = 10, .planes = 1}),
              0.25, 0.001);
}

TEST(PictureChange, IsTheRootOfTheMeanSquareOverTheCells) {
  // Of 60 cells, one changes by 24 levels, three by 8.
  const Level one = [](int x, int y) { return x < 16 && y < 16 ? 124.0 : 100.0; };
  EXPECT_NEAR(change(flat(100), one), 24 / std::sqrt(60), 0.001);
  const Level three = [](int x, int y) { return x >= 32 && x < 80 && y >= 80 ? 92.0 : 100.0; };
  EXPECT_NEAR(change(flat(100), three), 8 * std::sqrt(3.0 / 60), 0.001);
  EXPECT_NEAR(change(one, three), std::sqrt((24 * 24 + 3 * 8 * 8) / 60.0), 0.001);
}

TEST(PictureChange, SeesNothingWhereTheMeanOfACellStays) {
  const Level stripes = [](int x, int) { return x % 2 == 0 ? 60.0 : 140.0; };
  const Level other_stripes = [](int x, int) { return x % 2 == 0 ? 140.0 : 60.0; };
  EXPECT_EQ(change(stripes, other_stripes), 0);
}

TEST(PictureChange, IsFarLessOfCodingNoiseThanOfMovement) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> grain(-4, 4);
  const double noise = change(moved(0), [&](int x, int y) { return moved(0)(x, y) + grain(random); });
  EXPECT_GT(noise, 0);
  EXPECT_LT(noise, 0.05 * change(moved(0), moved(2)));
}

TEST(PictureChange, GrowsWithMovement) {
  double slower = 0;
  for (const int by : {1, 2, 4, 8}) {
    SCOPED_TRACE(by);
    const double faster = change(moved(0), moved(by));
    EXPECT_GT(faster, 1.5 * slower);
    slower = faster;
  }
}

TEST(PictureChange, IsKnownOfPicturesOfAnySize) {
  for (const auto& [width, height] : {std::pair{1, 1}, {16, 16}, {15, 3}}) {
    SCOPED_TRACE(testing::Message() << width << "×" << height);
    EXPECT_NEAR(change(flat(100), flat(110), {.width = width, .height = height, .planes = 1}), 10, 0.001);
  }
  // The smaller cells at the edge count as much as the others, or nearly so.
  EXPECT_NEAR(change(flat(100), flat(110), {.width = 1918, .height = 1080, .planes = 1}), 10, 0.05);
}

}  // namespace
}  // namespace monolens

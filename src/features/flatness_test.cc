#include "features/flatness.h"

#include <gtest/gtest.h>

#include <random>

#include "features/test_picture.h"
#include "features/video_extractor.h"

namespace monolens {
namespace {

constexpr PictureShape kShape = {.width = 320, .height = 240};  // 20×15 cells of luma

double share_of(const TestPicture& picture) {
  FeatureOptions o;
  o.luma = o.chroma = true;
  VideoExtractor extractor(o);
  return flat_share(extractor.measure(picture.frame()));
}

TEST(Flatness, IsOneForOneColour) {
  EXPECT_DOUBLE_EQ(share_of(TestPicture(kShape).fill(16)), 1);
  EXPECT_DOUBLE_EQ(share_of(TestPicture(kShape).fill(145, 54, 34)), 1);
  EXPECT_DOUBLE_EQ(share_of(TestPicture({.width = 33, .height = 17, .bit_depth = 10}).fill(90)), 1);
  EXPECT_DOUBLE_EQ(share_of(TestPicture({.width = 320, .height = 240, .planes = 1}).fill(90)), 1);
}

TEST(Flatness, ForgivesTheNoiseOfAnEncoder) {
  std::mt19937 random(1);
  TestPicture picture(kShape);
  picture.fill(100).paint(0, [&](int, int) { return 98 + random() % 5; });
  EXPECT_DOUBLE_EQ(share_of(picture), 1);
}

TEST(Flatness, CountsTheCellsThatDiffer) {
  TestPicture picture(kShape);
  picture.fill(100).paint(0, [](int x, int y) { return x < 48 && y < 16 ? 200 : 100; });
  EXPECT_NEAR(share_of(picture), 1 - 3.0 / 300, 1e-9);
}

TEST(Flatness, IsThatOfTheLeastFlatPlane) {
  TestPicture picture(kShape);  // 10×8 cells of chroma, the last row of them half as high
  picture.fill(100).paint(2, [](int x, int y) { return x < 16 && y < 16 ? 200 : 128; });
  EXPECT_NEAR(share_of(picture), 1 - 1.0 / 80, 1e-9);
}

TEST(Flatness, IsToldAsNoneOfPicturesThatAreNotFlat) {
  TestPicture picture(kShape);
  const auto gradient = [](int x, int) { return 40 + x / 2; };
  EXPECT_EQ(share_of(picture.fill(100).paint(0, gradient)), 0) << "a gradient";
  const auto halves = [](int x, int) { return x < 160 ? 60 : 180; };
  EXPECT_EQ(share_of(picture.fill(100).paint(0, halves)), 0) << "two colours";
  const auto coarse = [](int x, int y) { return (x / 2 + y / 2) % 2 == 0 ? 60 : 140; };
  EXPECT_EQ(share_of(picture.fill(100).paint(0, coarse)), 0) << "a pattern";
  const auto tinted = [](int x, int) { return x < 80 ? 90 : 160; };
  EXPECT_EQ(share_of(picture.fill(100).paint(1, tinted)), 0) << "two colours of one brightness";
}

}  // namespace
}  // namespace monolens

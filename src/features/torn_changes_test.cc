#include "features/torn_changes.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "features/test_picture.h"
#include "features/video_extractor.h"

namespace monolens {
namespace {

constexpr PictureShape kShape{.width = 320, .height = 192, .planes = 1};
constexpr int kPlenty = 100'000;  // bytes of a picture

FeatureOptions corruption() {
  FeatureOptions o;
  o.luma = o.stillness = o.corruption = true;
  return o;
}

int texture(int x, int y) { return 100 + (x * 7 + y * 13) % 23; }

// The same, but that every third block of a grid that begins `right` and `down` of the picture's is another.
auto with_other_blocks(int right, int down, int by = 60) {
  return [=](int x, int y) {
    const int column = (x - right + 16) / 16;
    const int row = (y - down + 16) / 16;
    return texture(x, y) + ((column + 2 * row) % 3 == 0 ? by : 0);
  };
}

// How torn the change from one picture to the next is.
template <class Before, class After>
double torn(Before before, After after, int coded_bytes = kPlenty, PictureShape shape = kShape) {
  const int up = shape.bit_depth - 8;
  VideoExtractor extractor(corruption());
  Frame frame = TestPicture(shape).fill(0).paint(0, [&](int x, int y) { return before(x, y) << up; }).frame();
  frame.coded_bytes = coded_bytes;
  extractor.measure(frame);
  frame = TestPicture(shape)
              .fill(0)
              .paint(0, [&](int x, int y) { return after(x, y) << up; })
              .frame(MediaTime::seconds(0.04));
  frame.coded_bytes = coded_bytes;
  return extractor.measure(frame).torn;
}

TEST(TornChanges, StandOutWhereBlocksOfTheGridComeAndGo) {
  EXPECT_GT(torn(texture, with_other_blocks(0, 0)), 5);
  EXPECT_GT(torn(with_other_blocks(0, 0), texture), 5);
}

TEST(TornChanges, AreNoneOfBlocksBesideTheGrid) {
  for (const auto& [right, down] : {std::pair{4, 4}, {12, 8}, {3, 5}, {9, 14}, {0, 4}, {4, 0}}) {
    EXPECT_LT(torn(texture, with_other_blocks(right, down)), 1) << right << ", " << down;
  }
}

TEST(TornChanges, AreNoneOfWhatEndsAlongRowsAlone) {
  const auto bands = [](int x, int y) { return texture(x, y) + (y / 16 % 2) * 60; };
  EXPECT_LT(torn(texture, bands), 1);
}

TEST(TornChanges, AreNoneOfAFaintChange) { EXPECT_EQ(torn(texture, with_other_blocks(0, 0, 8)), 0); }

TEST(TornChanges, AreNoneOfACut) {
  const auto other = [](int x, int y) { return 40 + (x * 3 + y * 5) % 150; };
  EXPECT_LT(torn(texture, other), 1);
}

TEST(TornChanges, AreNoneOfAStillPicture) { EXPECT_EQ(torn(texture, texture), 0); }

TEST(TornChanges, AreNotToldWhereFewBitsAreSpentOnWhatChanges) {
  // A third of the samples change by 60 levels: 0.012 bits for each level are 1843 bytes.
  EXPECT_EQ(torn(texture, with_other_blocks(0, 0), 900), 0);
  EXPECT_GT(torn(texture, with_other_blocks(0, 0), 1900), 5);
  EXPECT_EQ(torn(texture, with_other_blocks(0, 0), 0), 0) << "unknown";
}

TEST(TornChanges, AreLookedForInEverySecondPictureAndInAllWhileThereAreSome) {
  VideoExtractor extractor(corruption());
  const auto looked_at = [&](int i, bool torn) {
    const int moved = i % 2 * 40;
    TestPicture picture(kShape);
    picture.paint(0, [&](int x, int y) {
      return torn ? with_other_blocks(0, 0)(x + 16 * i, y) : texture(x, y) + (x % 40 < 20 ? moved : 0);
    });
    Frame frame = picture.frame(MediaTime::seconds(i * 0.04));
    frame.coded_bytes = kPlenty;
    return extractor.measure(frame).torn != 0;
  };
  looked_at(0, false);
  int looked = 0;
  for (int i = 1; i <= 20; ++i) looked += looked_at(i, false) ? 1 : 0;
  EXPECT_EQ(looked, 10);
  looked_at(21, true);
  looked_at(22, true);
  for (int i = 23; i < 30; ++i) EXPECT_TRUE(looked_at(i, true)) << i;
}

TEST(TornChanges, AreTheSameInMoreBits) {
  const double eight = torn(texture, with_other_blocks(0, 0));
  for (const int depth : {10, 12, 16}) {
    EXPECT_DOUBLE_EQ(torn(texture, with_other_blocks(0, 0), kPlenty,
                          {.width = 320, .height = 192, .bit_depth = depth, .planes = 1}),
                     eight)
        << depth;
  }
}

TEST(TornChanges, TakeEverySize) {
  for (const auto& [width, height] : {std::pair{1, 1}, {79, 400}, {400, 79}}) {
    EXPECT_EQ(
        torn(texture, with_other_blocks(0, 0), kPlenty, {.width = width, .height = height, .planes = 1}), 0)
        << width << "×" << height;
  }
  EXPECT_GT(torn(texture, with_other_blocks(0, 0), kPlenty, {.width = 167, .height = 155, .planes = 1}), 2.5);
}

}  // namespace
}  // namespace monolens

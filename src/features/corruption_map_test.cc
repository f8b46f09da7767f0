#include "features/corruption_map.h"

#include <gtest/gtest.h>

#include <cmath>

#include "features/test_picture.h"
#include "features/video_extractor.h"

namespace monolens {
namespace {

FeatureOptions corruption() {
  FeatureOptions o;
  o.luma = o.stillness = o.corruption = true;
  return o;
}

constexpr PictureShape kShape{.width = 320, .height = 192};

// A smooth picture that moves to the right.
int smooth(int x, int y, int moved) {
  return static_cast<int>(std::lround(100 + 50 * std::sin((x - moved) / 40.0) + y / 4.0));
}

TestPicture moving(int picture, PictureShape shape = kShape) {
  TestPicture p(shape);
  const int up = shape.bit_depth - 8;
  p.fill(100).paint(0, [&](int x, int y) { return smooth(x, y, 2 * picture) << up; });
  return p;
}

Frame at(const TestPicture& picture, int index) { return picture.frame(MediaTime::seconds(index * 0.04)); }

TEST(CorruptionMapper, LooksAtSomePicturesASecondAndAtAllOnceDamageIsKnown) {
  VideoExtractor extractor(corruption());
  int looked_at = 0;
  for (int i = 0; i < 50; ++i) looked_at += extractor.measure(at(moving(i), i)).corruption ? 1 : 0;
  EXPECT_NEAR(looked_at, 9, 1);
  for (int i = 50; i < 60; ++i) {
    Frame frame = at(moving(i), i);
    frame.suspect = true;
    EXPECT_TRUE(extractor.measure(frame).corruption);
  }
  EXPECT_TRUE(extractor.measure(at(moving(60), 60)).corruption) << "whether it is over";
  EXPECT_FALSE(extractor.measure(at(moving(61), 61)).corruption);
}

TEST(CorruptionMapper, LooksAtAllForAMomentOnceChangesAreTorn) {
  VideoExtractor extractor(corruption());
  const auto measure = [&](int i, bool torn) {
    TestPicture picture = moving(i);
    if (torn) {
      picture.paint(0, [&](int x, int y) { return smooth(x, y, 2 * i) + (x / 16 + y / 16 * 2) % 3 * 40; });
    }
    Frame frame = at(picture, i);
    frame.coded_bytes = 100'000;
    return extractor.measure(frame).corruption.has_value();
  };
  for (int i = 0; i < 20; ++i) measure(i, false);
  measure(20, true);
  measure(21, false);
  for (int i = 22; i < 32; ++i) EXPECT_TRUE(measure(i, false)) << i;
}

TEST(CorruptionMapper, DoesNotLookAtAStillPictureAgain) {
  VideoExtractor extractor(corruption());
  const TestPicture picture = moving(0);
  EXPECT_TRUE(extractor.measure(at(picture, 0)).corruption);
  for (int i = 1; i < 20; ++i) EXPECT_FALSE(extractor.measure(at(picture, i)).corruption);
}

TEST(CorruptionMapper, FindsNothingInASmoothPicture) {
  VideoExtractor extractor(corruption());
  for (int i = 0; i < 20; ++i) {
    const auto& map = extractor.measure(at(moving(i), i)).corruption;
    EXPECT_TRUE(!map || map->share(0.5) == 0) << i;
  }
}

TEST(CorruptionMapper, MapsWholeBlocksOfAnyFormatAndTakesEachChange) {
  const PictureShape shapes[] = {{.width = 1, .height = 1},
                                 {.width = 64, .height = 64},
                                 {.width = 90, .height = 83},
                                 {.width = 176, .height = 144, .bit_depth = 10},
                                 {.width = 177, .height = 145, .planes = 1},
                                 {.width = 176, .height = 144, .shift_x = 0, .shift_y = 0},
                                 {.width = 176, .height = 144, .bit_depth = 16, .shift_y = 0},
                                 {.width = 181, .height = 149, .shift_x = 2, .shift_y = 0}};
  VideoExtractor extractor(corruption());
  for (const PictureShape& shape : shapes) {
    SCOPED_TRACE(testing::Message() << shape.width << "×" << shape.height << ", " << shape.bit_depth);
    for (int i = 0; i < 8; ++i) {
      const auto& map = extractor.measure(at(moving(i, shape), i)).corruption;
      if (!map) continue;
      EXPECT_GE(shape.width, 80);
      EXPECT_EQ(map->columns, shape.width / 16);
      EXPECT_EQ(map->rows, shape.height / 16);
      EXPECT_EQ(map->probabilities.size(), static_cast<std::size_t>(map->columns * map->rows));
    }
  }
}

TEST(CorruptionMapper, SeesTheSameInTenBitsAsInEight) {
  VideoExtractor eight(corruption());
  VideoExtractor ten(corruption());
  PictureShape deep = kShape;
  deep.bit_depth = 10;
  for (int i = 0; i < 10; ++i) {
    const auto& a = eight.measure(at(moving(i), i)).corruption;
    const auto& b = ten.measure(at(moving(i, deep), i)).corruption;
    ASSERT_EQ(a.has_value(), b.has_value());
    if (!a) continue;
    for (std::size_t k = 0; k < a->probabilities.size(); ++k) {
      EXPECT_NEAR(a->probabilities[k], b->probabilities[k], 1);
    }
  }
}

TEST(CorruptionMap, CountsTheBlocksThatAreAsLikely) {
  const std::uint8_t probabilities[] = {0, 127, 128, 255};
  const CorruptionMap map{.columns = 2, .rows = 2, .probabilities = probabilities};
  EXPECT_DOUBLE_EQ(map.share(0.5), 0.5);
  EXPECT_DOUBLE_EQ(map.share(1), 0.25);
  EXPECT_DOUBLE_EQ(map.share(0), 1);
}

}  // namespace
}  // namespace monolens

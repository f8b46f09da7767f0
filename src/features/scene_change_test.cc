#include "features/scene_change.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "features/test_picture.h"
#include "features/video_extractor.h"

namespace monolens {
namespace {

FeatureOptions scene() {
  FeatureOptions o;
  o.luma = o.scene_change = true;
  return o;
}

// The change from one picture to the next, of luma levels.
template <class Before, class After>
double change(const PictureShape& shape, Before before, After after) {
  VideoExtractor extractor(scene());
  extractor.measure(TestPicture(shape).fill(0).paint(0, before).frame());
  return extractor.measure(TestPicture(shape).fill(0).paint(0, after).frame()).scene_change;
}

auto grey(int level) {
  return [level](int, int) { return level; };
}

TEST(SceneChange, IsTheMeanDifferenceOfTheCellsInLevelsOf8Bits) {
  const struct {
    const char* what;
    PictureShape shape;
    int scale;
  } cases[] = {{"8 bits", {}, 1},
               {"10 bits", {.bit_depth = 10}, 4},
               {"cells cut off at the edges", {.width = 70, .height = 41}, 1},
               {"one small cell", {.width = 2, .height = 2}, 1}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_DOUBLE_EQ(change(c.shape, grey(100 * c.scale), grey(100 * c.scale)), 0);
    EXPECT_NEAR(change(c.shape, grey(100 * c.scale), grey(130 * c.scale)), 30, 1e-9);
    EXPECT_NEAR(change(c.shape, grey(130 * c.scale), grey(100 * c.scale)), 30, 1e-9);
  }
}

TEST(SceneChange, AddsUpWhatGetsLighterAndWhatGetsDarker) {
  const auto halves = [](int left, int right) { return [=](int x, int) { return x < 32 ? left : right; }; };
  EXPECT_NEAR(change({}, halves(50, 150), halves(150, 50)), 100, 1e-9);
  EXPECT_NEAR(change({}, halves(50, 150), halves(50, 50)), 50, 1e-9);
}

TEST(SceneChange, IsBlindToWhatMovesWithinACell) {
  const auto dot = [](int at) { return [at](int x, int y) { return x == at && y == 5 ? 255 : 16; }; };
  EXPECT_DOUBLE_EQ(change({}, dot(3), dot(9)), 0);
  EXPECT_GT(change({}, dot(3), dot(60)), 0);
}

TEST(SceneChange, DoesNotOverflowInALargePicture) {
  std::vector<kernels::Cell> dark(40'000);
  std::vector<kernels::Cell> light(dark.size());
  for (kernels::Cell& cell : light) cell.sum = 65'535U * 256;
  const PlaneFeatures luma{.width = 4096, .height = 2500, .cells = light, .scale = 255.0 / 65'535};
  EXPECT_NEAR(scene_change(luma, dark), 255.0, 1e-6);
}

}  // namespace
}  // namespace monolens

#include "features/light_grid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string_view>

#include "features/test_picture.h"
#include "features/video_extractor.h"

namespace monolens {
namespace {

using testing::Each;
using testing::FloatNear;

FeatureOptions light() {
  FeatureOptions o;
  o.luma = o.light = true;
  return o;
}

LightCell light_of_fill(const PictureShape& shape, int y, int cb, int cr) {
  VideoExtractor extractor(light());
  const LightGrid& grid = extractor.measure(TestPicture(shape).fill(y, cb, cr).frame()).light;
  const LightCell first = grid.cells.front();
  for (const LightCell& cell : grid.cells) {
    EXPECT_FLOAT_EQ(cell.luminance, first.luminance);
    EXPECT_FLOAT_EQ(cell.red, first.red);
  }
  return first;
}

TEST(LightGrid, KnowsTheLuminanceAndTheRedOfColours) {
  const struct {
    std::string_view what;
    PictureShape shape;
    int y, cb, cr;
    float luminance;
    float red;
    bool saturated;
  } cases[] = {
      {"black", {}, 16, 128, 128, 0, 0, false},
      {"white", {}, 235, 128, 128, 1, 0, false},
      {"white in full range", {.full_range = true}, 255, 128, 128, 1, 0, false},
      {"white of 10 bits", {.bit_depth = 10}, 235, 128, 128, 1, 0, false},
      {"mid grey without chroma", {.planes = 1}, 126, 0, 0, 0.2140F, 0, false},
      {"red of BT.601", {}, 81, 90, 240, 0.2126F, 320, true},
      {"red of BT.709", {.matrix_709 = true}, 63, 102, 240, 0.2126F, 320, true},
      {"green of BT.709", {.matrix_709 = true}, 173, 42, 26, 0.7152F, 0, false},
      {"blue of BT.709", {.matrix_709 = true}, 32, 240, 118, 0.0722F, 0, false},
      {"half red of BT.601", {}, 49, 109, 184, 0.046F, 69, true},
      {"skin", {}, 150, 110, 155, 0.326F, 33, false},
      {"out of gamut", {}, 255, 255, 255, 0.43F, 0, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const LightCell cell = light_of_fill(c.shape, c.y, c.cb, c.cr);
    EXPECT_THAT(cell.luminance, FloatNear(c.luminance, 0.01F));
    EXPECT_THAT(cell.red, FloatNear(c.red, 5));
    EXPECT_EQ(cell.saturated, c.saturated);
  }
}

TEST(LightGrid, CoversPicturesOfAnySize) {
  const PictureShape shapes[] = {{.width = 2, .height = 2},
                                 {.width = 17, .height = 33},
                                 {.width = 640, .height = 360, .bit_depth = 10},
                                 {.width = 1920, .height = 1080},
                                 {.width = 4096, .height = 64},
                                 {.width = 24, .height = 2100, .shift_x = 0, .shift_y = 0},
                                 {.width = 100, .height = 50, .planes = 1}};
  for (const PictureShape& shape : shapes) {
    SCOPED_TRACE(testing::Message() << shape.width << "×" << shape.height);
    VideoExtractor extractor(light());
    const LightGrid& grid = extractor.measure(TestPicture(shape).fill(128).frame()).light;
    EXPECT_LE(grid.columns, 64);
    EXPECT_LE(grid.rows, 64);
    ASSERT_EQ(grid.cells.size(), static_cast<std::size_t>(grid.columns * grid.rows));
    double share = 0;
    for (const LightCell& cell : grid.cells) share += static_cast<double>(cell.share);
    EXPECT_NEAR(share, 1, 1e-4);
  }
}

TEST(LightGrid, KeepsCellsAtTheirPlaces) {
  TestPicture picture({.width = 1920, .height = 1080});
  picture.fill(16).paint(0, [](int x, int y) { return x >= 960 && y >= 540 ? 235 : 16; });
  picture.paint(2, [](int x, int) { return x < 480 ? 240 : 128; });
  VideoExtractor extractor(light());
  const LightGrid& grid = extractor.measure(picture.frame()).light;
  const auto cell = [&](int column, int row) {
    return grid.cells[static_cast<std::size_t>(row * grid.columns + column)];
  };
  EXPECT_NEAR(cell(0, 0).red, 144, 2);
  EXPECT_FLOAT_EQ(cell(grid.columns - 1, 0).luminance, 0);
  EXPECT_FLOAT_EQ(cell(grid.columns - 1, 0).red, 0);
  EXPECT_FLOAT_EQ(cell(grid.columns - 1, grid.rows - 1).luminance, 1);
}

}  // namespace
}  // namespace monolens

#include "features/video_extractor.h"

#include <gtest/gtest.h>

#include <string_view>

#include "features/test_picture.h"

namespace monolens {
namespace {

using namespace time_literals;

FeatureOptions planes() {
  FeatureOptions o;
  o.luma = o.chroma = true;
  return o;
}

FeatureOptions stillness() {
  FeatureOptions o = planes();
  o.stillness = true;
  o.still_mean = 1;
  o.still_cell = 6;
  return o;
}

TEST(VideoExtractor, MeasuresPlanesOfEachFormatInEightBitLevels) {
  const struct {
    std::string_view what;
    PictureShape shape;
    int chroma_width;
    int chroma_height;
  } cases[] = {
      {"8 bit 4:2:0", {.width = 64, .height = 48}, 32, 24},
      {"8 bit 4:2:2", {.width = 64, .height = 48, .shift_y = 0}, 32, 48},
      {"8 bit 4:4:4", {.width = 64, .height = 48, .shift_x = 0, .shift_y = 0}, 64, 48},
      {"10 bit 4:2:0", {.width = 64, .height = 48, .bit_depth = 10}, 32, 24},
      {"12 bit 4:2:2", {.width = 64, .height = 48, .bit_depth = 12, .shift_y = 0}, 32, 48},
      {"16 bit 4:4:4", {.width = 64, .height = 48, .bit_depth = 16, .shift_x = 0, .shift_y = 0}, 64, 48},
      {"odd sizes", {.width = 67, .height = 35}, 34, 18},
      {"odd sizes of 10 bits", {.width = 67, .height = 35, .bit_depth = 10}, 34, 18},
      {"one pixel", {.width = 1, .height = 1}, 1, 1},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    VideoExtractor extractor(planes());
    const VideoFeatures& f = extractor.measure(TestPicture(c.shape).fill(100, 90, 160).frame());
    EXPECT_DOUBLE_EQ(f.luma.mean, 100);
    EXPECT_EQ(f.luma.width, c.shape.width);
    EXPECT_EQ(f.luma.height, c.shape.height);
    EXPECT_EQ(f.luma.columns, (c.shape.width + 15) / 16);
    EXPECT_EQ(f.luma.rows, (c.shape.height + 15) / 16);
    EXPECT_DOUBLE_EQ(f.luma.cell_mean(f.luma.columns - 1, f.luma.rows - 1), 100);
    EXPECT_DOUBLE_EQ(f.luma.cell_range(0, 0), 0);
    ASSERT_TRUE(f.cb && f.cr);
    EXPECT_DOUBLE_EQ(f.cb->mean, 90);
    EXPECT_DOUBLE_EQ(f.cr->mean, 160);
    EXPECT_EQ(f.cb->width, c.chroma_width);
    EXPECT_EQ(f.cr->height, c.chroma_height);
  }
}

TEST(VideoExtractor, MeasuresGreyPicturesWithoutChroma) {
  VideoExtractor extractor(planes());
  const VideoFeatures& f = extractor.measure(TestPicture({.planes = 1}).fill(77).frame());
  EXPECT_DOUBLE_EQ(f.luma.mean, 77);
  EXPECT_FALSE(f.cb || f.cr);
}

TEST(VideoExtractor, TellsTheFramesTimeAndKind) {
  VideoExtractor extractor(planes());
  Frame frame = TestPicture({}).fill(100).frame(3_s);
  frame.interlaced = true;
  const VideoFeatures& f = extractor.measure(frame);
  EXPECT_EQ(f.time, 3_s);
  EXPECT_EQ(f.duration, MediaDuration::milliseconds(40));
  EXPECT_TRUE(f.interlaced);
  EXPECT_EQ(f.format, frame.format);
}

// The last code value that is dark is 10 % of the way from black to white.
TEST(VideoExtractor, CountsDarkPixelsByTheRangeOfTheVideo) {
  const struct {
    std::string_view what;
    PictureShape shape;
    int dark;
  } cases[] = {
      {"limited", {}, 37},
      {"full", {.full_range = true}, 25},
      {"limited of 10 bits", {.bit_depth = 10}, 151},
      {"full of 10 bits", {.bit_depth = 10, .full_range = true}, 102},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    FeatureOptions o = planes();
    o.dark_level = 0.1;
    VideoExtractor extractor(o);
    TestPicture picture(c.shape);
    picture.fill(128).paint(0, [&](int x, int) { return x < 16 ? c.dark : c.dark + 1; });
    EXPECT_DOUBLE_EQ(extractor.measure(picture.frame()).dark_share, 0.25);
  }
}

TEST(VideoExtractor, CountsSamplesOutsideTheLegalRange) {
  const struct {
    std::string_view what;
    PictureShape shape;
    int lowest;
    int highest;
    double outside;
  } cases[] = {
      {"at the limits", {}, 5, 246, 0},
      {"beyond them", {}, 4, 247, 1},
      {"at the limits of 10 bits", {.bit_depth = 10}, 20, 984, 0},
      {"beyond them of 10 bits", {.bit_depth = 10}, 19, 985, 1},
      {"in a full range there is no outside", {.full_range = true}, 0, 255, 0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    VideoExtractor extractor(planes());
    TestPicture picture(c.shape);
    for (int p = 0; p < 3; ++p)
      picture.paint(p, [&](int x, int) { return x % 2 == 0 ? c.lowest : c.highest; });
    const VideoFeatures& f = extractor.measure(picture.frame());
    EXPECT_DOUBLE_EQ(f.luma.outside_share, c.outside);
    EXPECT_DOUBLE_EQ(f.cb->outside_share, c.outside);
    EXPECT_DOUBLE_EQ(f.cr->outside_share, c.outside);
  }
}

TEST(VideoExtractor, FindsAPictureStillSinceItsFirst) {
  VideoExtractor extractor(stillness());
  const TestPicture picture = TestPicture({}).fill(100);
  EXPECT_FALSE(extractor.measure(picture.frame(1_s)).comparable);
  const VideoFeatures& f = extractor.measure(picture.frame(2_s));
  EXPECT_TRUE(f.comparable);
  EXPECT_TRUE(f.still);
  EXPECT_EQ(f.still_since, 1_s);
  EXPECT_DOUBLE_EQ(f.change_mean, 0);
  extractor.measure(picture.frame(3_s));
  EXPECT_EQ(f.still_since, 1_s);
}

TEST(VideoExtractor, MeasuresChangeInEightBitLevelsOfAnyDepth) {
  for (const int bit_depth : {8, 10, 16}) {
    SCOPED_TRACE(bit_depth);
    VideoExtractor extractor(stillness());
    TestPicture picture({.bit_depth = bit_depth, .shift_x = 0, .shift_y = 0});
    extractor.measure(picture.fill(100, 100, 100).frame(1_s));
    const VideoFeatures& f = extractor.measure(picture.fill(103, 100, 100).frame(2_s));
    EXPECT_DOUBLE_EQ(f.change_mean, 1);
    EXPECT_DOUBLE_EQ(f.change_cell, 3);
  }
}

TEST(VideoExtractor, TakesLittleChangeForStillAndMuchForANewPicture) {
  const struct {
    std::string_view what;
    int luma;
    int cb;
    bool still;
  } cases[] = {
      {"nothing", 100, 128, true},
      {"noise of the encoder", 101, 128, true},
      {"another brightness", 110, 128, false},
      {"another colour", 100, 170, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    VideoExtractor extractor(stillness());
    TestPicture picture({});
    extractor.measure(picture.fill(100).frame(1_s));
    const VideoFeatures& f = extractor.measure(picture.fill(c.luma, c.cb).frame(2_s));
    EXPECT_EQ(f.still, c.still);
    EXPECT_EQ(f.still_since, c.still ? 1_s : 2_s);
  }
}

TEST(VideoExtractor, SeesMovementInOneCell) {
  VideoExtractor extractor(stillness());
  TestPicture picture({.width = 640, .height = 480});
  extractor.measure(picture.fill(100).frame(1_s));
  picture.paint(0, [](int x, int y) { return x >= 320 && x < 336 && y >= 240 && y < 256 ? 160 : 100; });
  const VideoFeatures& f = extractor.measure(picture.frame(2_s));
  EXPECT_LT(f.change_mean, 0.1);
  EXPECT_DOUBLE_EQ(f.change_cell, 60);
  EXPECT_FALSE(f.still);
}

TEST(VideoExtractor, SeesMovementInACellThatThePicturesEdgeCuts) {
  VideoExtractor extractor(stillness());
  TestPicture picture({.width = 321, .height = 241});
  extractor.measure(picture.fill(100).frame(1_s));
  picture.paint(0, [](int x, int y) { return x == 320 && y == 240 ? 150 : 100; });
  EXPECT_DOUBLE_EQ(extractor.measure(picture.frame(2_s)).change_cell, 50);
}

TEST(VideoExtractor, AddsSlowMovementUp) {
  VideoExtractor extractor(stillness());
  TestPicture picture({});
  int moved = 0;
  for (int i = 0; i < 20; ++i) {
    const VideoFeatures& f = extractor.measure(picture.fill(100 + i).frame(MediaTime::seconds(i)));
    if (i > 0 && !f.still) ++moved;
  }
  EXPECT_GE(moved, 5);
}

TEST(VideoExtractor, BeginsAnewWithAnotherFormat) {
  const struct {
    std::string_view what;
    PictureShape shape;
  } cases[] = {
      {"larger", {.width = 128, .height = 96}},
      {"smaller", {.width = 32, .height = 16}},
      {"deeper", {.bit_depth = 10}},
      {"grey", {.planes = 1}},
      {"4:2:2", {.shift_y = 0}},
      {"4:4:4", {.shift_x = 0, .shift_y = 0}},
      {"full range", {.full_range = true}},
  };
  FeatureOptions o = stillness();
  o.flatness = o.color_bars = o.active_area = true;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    VideoExtractor extractor(o);
    const TestPicture before = TestPicture({}).fill(100);
    const TestPicture after = TestPicture(c.shape).fill(100);
    extractor.measure(before.frame(1_s));
    extractor.measure(before.frame(2_s));
    const VideoFeatures& f = extractor.measure(after.frame(3_s));
    EXPECT_FALSE(f.comparable);
    EXPECT_FALSE(f.still);
    EXPECT_EQ(f.still_since, 3_s);
    EXPECT_DOUBLE_EQ(f.luma.mean, 100);
    EXPECT_EQ(f.cb.has_value(), c.shape.planes == 3);
    EXPECT_TRUE(extractor.measure(after.frame(4_s)).still);
    EXPECT_FALSE(extractor.measure(before.frame(5_s)).comparable);
  }
}

TEST(VideoExtractor, MeasuresTheActiveAreaAFewTimesASecond) {
  FeatureOptions o;
  o.active_area = true;
  VideoExtractor extractor(o);
  TestPicture picture({.width = 64, .height = 48});
  picture.fill(16).paint(0, [](int, int y) { return y < 8 || y >= 40 ? 16 : 120; });
  int measured = 0;
  for (int i = 0; i < 25; ++i) {
    const VideoFeatures& f = extractor.measure(picture.frame(MediaTime::seconds(i * 0.04)));
    EXPECT_TRUE(i > 0 || f.active_area);
    if (!f.active_area) continue;
    ++measured;
    EXPECT_EQ(*f.active_area, (ActiveArea{0, 8, 64, 32, true}));
  }
  EXPECT_EQ(measured, 5);
}

TEST(VideoExtractor, MeasuresTheActiveAreaOfDeepPictures) {
  FeatureOptions o;
  o.active_area = true;
  VideoExtractor extractor(o);
  TestPicture picture({.width = 64, .height = 48, .bit_depth = 10});
  picture.paint(0, [](int x, int) { return x < 16 || x >= 48 ? 64 : 480; });
  EXPECT_EQ(extractor.measure(picture.frame()).active_area, (ActiveArea{16, 0, 32, 48, true}));
}

TEST(VideoExtractor, ComputesNothingThatIsNotAskedFor) {
  VideoExtractor extractor(FeatureOptions{});
  const TestPicture picture = TestPicture({}).fill(2, 128, 128);
  extractor.measure(picture.frame(1_s));
  const Frame second = picture.frame(2_s);
  const VideoFeatures& f = extractor.measure(second);
  EXPECT_EQ(f.luma.columns, 0);
  EXPECT_FALSE(f.cb || f.cr);
  EXPECT_EQ(f.dark_share, 0);
  EXPECT_FALSE(f.comparable);
  EXPECT_FALSE(f.still);
  EXPECT_EQ(f.flat_share, 0);
  EXPECT_FALSE(f.color_bars);
  EXPECT_FALSE(f.active_area);
  EXPECT_EQ(second.buffer.use_count(), 1) << "no frame is kept";
}

TEST(VideoExtractor, KeepsOneEarlierFrameAtMost) {
  VideoExtractor extractor(stillness());
  TestPicture picture({});
  const Frame first = picture.fill(50).frame(1_s);
  const Frame second = picture.fill(150).frame(2_s);
  extractor.measure(first);
  EXPECT_EQ(first.buffer.use_count(), 2);
  extractor.measure(second);
  EXPECT_EQ(first.buffer.use_count(), 1);
  EXPECT_EQ(second.buffer.use_count(), 2);
}

}  // namespace
}  // namespace monolens

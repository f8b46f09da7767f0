#include "features/sharpness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "features/test_picture.h"
#include "features/video_extractor.h"

namespace monolens {
namespace {

constexpr PictureShape kShape = {.width = 240, .height = 144, .planes = 1};

using Level = std::function<double(int, int)>;  // 8-bit, at (x, y)

TestPicture painted(const Level& level, PictureShape shape = kShape) {
  TestPicture picture(shape);
  picture.paint(0, [&](int x, int y) {
    return static_cast<int>(std::lround(std::ldexp(level(x, y), shape.bit_depth - 8)));
  });
  return picture;
}

// Shows pictures to a meter, one every 40 ms.
class Show {
 public:
  std::optional<Sharpness> picture(const TestPicture& picture) {
    const Frame frame = picture.frame(time_);
    time_ = time_ + MediaDuration::milliseconds(40);
    return meter_.measure(frame, extractor_.measure(frame).luma);
  }

  // Shows one picture five times; returns what was measured of it.
  Sharpness fifth_of_a_second(const Level& level) {
    const TestPicture shown = painted(level);
    std::optional<Sharpness> measured;
    for (int i = 0; i < 5; ++i) {
      const auto s = picture(shown);
      if (s) measured = s;
    }
    EXPECT_TRUE(measured);
    return measured.value_or(Sharpness{});
  }

 private:
  static FeatureOptions luma() {
    FeatureOptions o;
    o.luma = true;
    return o;
  }

  SharpnessMeter meter_;
  VideoExtractor extractor_{luma()};
  MediaTime time_;
};

Sharpness of(const Level& level, PictureShape shape = kShape) {
  return Show().picture(painted(level, shape)).value_or(Sharpness{});
}

// Bars of 16 pixels, bright and dark, whose edges are ramps so many pixels wide in the middle of cells; a
// hard edge is one pixel wide.
double bar(int at, double width) {
  const auto ramp = [width](double from_edge) { return std::clamp(from_edge / width + 0.5, 0.0, 1.0); };
  const double place = at % 32 + 0.5;
  return ramp(place - 8) - ramp(place - 24);
}

Level bars(double width, double contrast = 96, double base = 60) {
  return [=](int x, int) { return base + contrast * bar(x, width); };
}

// The same from top to bottom, brighter towards the right.
Level shelves(double width) {
  return [=](int x, int y) { return 60 + x / 4 + 96 * bar(y, width); };
}

Level flat(double level) {
  return [=](int, int) { return level; };
}

TEST(Sharpness, IsTheSlopeOfTheEdges) {
  for (const int bit_depth : {8, 10}) {
    PictureShape shape = kShape;
    shape.bit_depth = bit_depth;
    for (const double width : {1.0, 2.0, 4.0, 8.0}) {
      SCOPED_TRACE(testing::Message() << width << " pixels wide, " << bit_depth << " bits");
      EXPECT_NEAR(of(bars(width), shape).slope, 1 / width, 0.08 / width);
      EXPECT_NEAR(of(shelves(width), shape).slope, 1 / width, 0.08 / width);
    }
  }
}

TEST(Sharpness, IsAnEighthInARamp) {
  const Level zigzag = [](int x, int) { return 40 + 4.0 * std::abs(x % 96 - 48); };
  EXPECT_NEAR(of(zigzag).slope, 0.125, 0.005);
}

TEST(Sharpness, DoesNotFollowContrast) {
  for (const double contrast : {40.0, 80.0, 150.0, -55.0}) {
    SCOPED_TRACE(contrast);
    EXPECT_NEAR(of(bars(4, contrast)).slope, 0.25, 0.015);
  }
}

TEST(Sharpness, IsUnknownWithoutEdges) {
  const struct {
    std::string_view what;
    Level level;
  } cases[] = {
      {"one colour", flat(100)},
      {"a gentle slope", [](int x, int y) { return (x + y) * 0.4; }},
      {"grain", [](int x, int y) { return 100.0 + (x * 7 + y * 11) % 13; }},
      {"bars all but too faint", bars(1, 15)},
      {"a few edges alone",
       [](int x, int y) { return x > 100 && x < 116 && y > 100 && y < 116 ? 200.0 : 60.0; }},
      {"edges at the border alone", [](int x, int) { return x < 10 || x > 230 ? 16.0 : 120.0; }},
  };
  for (const int bit_depth : {8, 10}) {
    PictureShape shape = kShape;
    shape.bit_depth = bit_depth;
    for (const auto& c : cases) {
      SCOPED_TRACE(testing::Message() << c.what << ", " << bit_depth << " bits");
      EXPECT_EQ(of(c.level, shape).slope, 0);
      EXPECT_LT(of(c.level, shape).edge_share, 0.05);
    }
  }
}

TEST(Sharpness, TellsTheShareOfTheCellsWithAnEdge) {
  EXPECT_EQ(of(bars(1)).edge_share, 1);
  // Of the 13 columns of cells that are looked at, five.
  const Level left = [](int x, int y) { return x < 96 ? bars(1)(x, y) : 60; };
  EXPECT_NEAR(of(left).edge_share, 5 / 13.0, 0.001);
}

TEST(Sharpness, IsThatOfTheSharperDirection) {
  const Level panned = [](int x, int y) { return 0.5 * bars(12)(x, y) + 0.5 * shelves(1)(x, y); };
  EXPECT_GT(of(panned).slope, 0.8);
}

TEST(Sharpness, IsThatOfTheSharpestTenthOfThePicture) {
  const auto sharp_up_to = [](int right) {
    return of([right](int x, int y) { return bars(x < right ? 1 : 8)(x, y); }).slope;
  };
  EXPECT_NEAR(sharp_up_to(16 * 3), 1, 0.05);
  EXPECT_NEAR(sharp_up_to(16 * 2), 0.125, 0.012);
}

TEST(Sharpness, IsMeasuredFiveTimesASecond) {
  Show show;
  const TestPicture picture = painted(bars(1));
  for (int i = 0; i < 50; ++i) EXPECT_EQ(show.picture(picture).has_value(), i % 5 == 0) << i;
}

TEST(Sharpness, LossIsWhatTheSameEdgesHaveLost) {
  const struct {
    std::string_view what;
    Level before;
    Level after;
    double loss;
  } cases[] = {
      {"nothing", bars(2), bars(2), 0},
      {"blurred", bars(1), bars(4), 2},
      {"blurred a little", bars(2), bars(4), 1},
      {"blurred up and down", shelves(1), shelves(8), 3},
      {"sharpened", bars(4), bars(2), -1},
      {"faded", bars(2), bars(2, 85, 55), 0},
      {"blurred at the left alone", bars(1), [](int x, int y) { return bars(x < 112 ? 4 : 1)(x, y); }, 0},
      {"blurred but for a caption", bars(1), [](int x, int y) { return bars(y < 112 ? 4 : 1)(x, y); }, 2},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Show show;
    EXPECT_EQ(show.fifth_of_a_second(c.before).loss, std::nullopt);
    EXPECT_NEAR(show.fifth_of_a_second(c.before).loss.value_or(99), 0, 0.01);
    EXPECT_NEAR(show.fifth_of_a_second(c.after).loss.value_or(99), c.loss, 0.12);
    EXPECT_NEAR(show.fifth_of_a_second(c.after).loss.value_or(99), 0, 0.01);
  }
}

TEST(Sharpness, SlowLossIsThatOfTheLastSecond) {
  Show show;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(show.fifth_of_a_second(bars(1)).slow_loss, std::nullopt) << i;
  EXPECT_NEAR(show.fifth_of_a_second(bars(1)).slow_loss.value_or(99), 0, 0.01);
  for (int i = 1; i <= 5; ++i) {
    const Sharpness s = show.fifth_of_a_second(bars(std::exp2(0.4 * i)));
    EXPECT_NEAR(s.loss.value_or(99), 0.4, 0.15) << i;
    EXPECT_NEAR(s.slow_loss.value_or(99), 0.4 * i, 0.15) << i;
  }
  for (int i = 0; i < 5; ++i) show.fifth_of_a_second(bars(4));
  EXPECT_NEAR(show.fifth_of_a_second(bars(4)).slow_loss.value_or(99), 0, 0.01);
}

TEST(Sharpness, LossIsUnknownWhereThePictureIsAnother) {
  const Level other = [](int x, int y) { return (x < 120 ? 100 : 0) + 0.5 * shelves(4)(x, y); };
  const struct {
    std::string_view what;
    Level after;
  } cases[] = {
      {"another picture", other},
      {"another picture under a blurred strip",
       [&](int x, int y) { return y < 32 ? bars(4)(x, y) : other(x, y); }},
      {"another picture under a blurred part of three rows in seven",
       [&](int x, int y) { return y < 64 ? bars(4)(x, y) : other(x, y); }},
      {"edges that all but vanish", bars(4, 28, 106)},
      {"one colour", flat(90)},
      {"black", flat(16)},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Show show;
    show.fifth_of_a_second(bars(1, 120));
    EXPECT_EQ(show.fifth_of_a_second(c.after).loss, std::nullopt);
  }
}

TEST(Sharpness, LossIsUnknownWhereATitleVanishes) {
  const Level scene = bars(4);
  const Level titled = [&](int x, int y) { return y > 48 && y < 80 && x / 3 % 2 == 0 ? 235 : scene(x, y); };
  Show show;
  show.fifth_of_a_second(titled);
  EXPECT_EQ(show.fifth_of_a_second(scene).loss, std::nullopt);
}

TEST(Sharpness, KnowsACut) {
  Show show;
  EXPECT_TRUE(show.fifth_of_a_second(bars(2)).cut) << "the first picture";
  EXPECT_FALSE(show.fifth_of_a_second(bars(2)).cut);
  EXPECT_FALSE(show.fifth_of_a_second(bars(8)).cut) << "a blur";
  EXPECT_TRUE(show.fifth_of_a_second(shelves(2)).cut);
  EXPECT_FALSE(show.fifth_of_a_second(shelves(2)).cut);
}

TEST(Sharpness, KnowsACutBetweenTwoMeasurements) {
  Show show;
  show.fifth_of_a_second(bars(2));
  const TestPicture before = painted(bars(2));
  const TestPicture after = painted(shelves(2));
  show.picture(before);
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(show.picture(i < 2 ? before : after));
  EXPECT_TRUE(show.picture(after)->cut);
  EXPECT_FALSE(show.fifth_of_a_second(shelves(2)).cut);
}

TEST(Sharpness, TakesAPanThatGathersSpeedForNoCut) {
  Show show;
  for (int i = 0; i < 45; ++i) {
    const double at = i < 5 ? 0 : 0.12 * (i - 5) * (i - 5) + i - 5;
    const auto s = show.picture(painted([at](int x, int) { return 120 + 60 * std::sin((x + at) * 0.065); }));
    EXPECT_FALSE(i > 0 && s && s->cut) << i;
  }
}

TEST(Sharpness, TakesAFlatPictureThatGrowsBrighterForNoCut) {
  Show show;
  for (int i = 0; i < 20; ++i) {
    const auto s = show.picture(painted(flat(60 + i)));
    EXPECT_FALSE(i > 0 && s && s->cut) << i;
  }
}

TEST(Sharpness, BeginsAnewWithAnotherSize) {
  Show show;
  show.fifth_of_a_second(bars(1));
  const auto s = show.picture(painted(bars(1), {.width = 256, .height = 160, .planes = 1}));
  ASSERT_TRUE(s);
  EXPECT_TRUE(s->cut);
  EXPECT_EQ(s->loss, std::nullopt);
  EXPECT_NEAR(s->slope, 1, 0.05);
}

TEST(Sharpness, IsUnknownInPicturesOfFewCells) {
  for (const auto& [width, height] : {std::pair{1, 1}, {16, 16}, {32, 200}, {200, 32}, {49, 49}}) {
    SCOPED_TRACE(testing::Message() << width << "×" << height);
    EXPECT_EQ(of(bars(1), {.width = width, .height = height, .planes = 1}).slope, 0);
  }
}

}  // namespace
}  // namespace monolens

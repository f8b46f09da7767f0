#include "features/color_bars.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "features/test_picture.h"

namespace monolens {
namespace {

using Rgb = std::array<double, 3>;  // 0 to 1

constexpr Rgb kWhite = {1, 1, 1};
constexpr Rgb kYellow = {1, 1, 0};
constexpr Rgb kCyan = {0, 1, 1};
constexpr Rgb kGreen = {0, 1, 0};
constexpr Rgb kMagenta = {1, 0, 1};
constexpr Rgb kRed = {1, 0, 0};
constexpr Rgb kBlue = {0, 0, 1};
constexpr Rgb kBlack = {0, 0, 0};
const std::vector<Rgb> kSevenBars = {kWhite, kYellow, kCyan, kGreen, kMagenta, kRed, kBlue};
const std::vector<Rgb> kEightBars = {kWhite, kYellow, kCyan, kGreen, kMagenta, kRed, kBlue, kBlack};

Rgb at_level(const Rgb& c, double level) { return {c[0] * level, c[1] * level, c[2] * level}; }

// `colour(x, y)` in shares of the width and height, as a picture of the shape.
template <class Colour>
Frame painted(const PictureShape& shape, Colour colour) {
  const double kr = shape.matrix_709 ? 0.2126 : 0.299;
  const double kb = shape.matrix_709 ? 0.0722 : 0.114;
  const double unit = 1 << (shape.bit_depth - 8);
  const double luma_range = shape.full_range ? 255 : 219;
  const double chroma_range = shape.full_range ? 255 : 224;
  TestPicture picture(shape);
  for (int p = 0; p < shape.planes; ++p) {
    picture.paint(p, [&](int px, int py) {
      const Rgb c = colour((px + 0.5) / picture.width(p), (py + 0.5) / picture.height(p));
      const double y = kr * c[0] + (1 - kr - kb) * c[1] + kb * c[2];
      if (p == 0) return std::lround(unit * ((shape.full_range ? 0 : 16) + luma_range * y));
      const double difference = p == 1 ? (c[2] - y) / (2 * (1 - kb)) : (c[0] - y) / (2 * (1 - kr));
      return std::clamp(std::lround(unit * (128 + chroma_range * difference)), 0L,
                        (1L << shape.bit_depth) - 1);
    });
  }
  return picture.frame();
}

Rgb bar_at(const std::vector<Rgb>& bars, double x) {
  const auto n = bars.size();
  return bars[std::min(n - 1, static_cast<std::size_t>(x * static_cast<double>(n)))];
}

// Bars over the upper two thirds, the reverse row and the black signals beneath.
Rgb smpte(double x, double y, double level) {
  if (y < 0.67) return at_level(bar_at(kSevenBars, x), level);
  if (y < 0.75) return at_level(bar_at({kBlue, kBlack, kMagenta, kBlack, kCyan, kBlack, kWhite}, x), level);
  return x < 0.3 ? kWhite : kBlack;
}

// SMPTE RP 219: the bars between two grey panels.
Rgb rp219(double x, double y, double level) {
  if (y < 7.0 / 12 && (x < 0.125 || x >= 0.875)) return {0.4, 0.4, 0.4};
  return smpte((x - 0.125) / 0.75, y, level);
}

Rgb ebu(double x, double, double level) { return at_level(bar_at(kEightBars, x), level); }

constexpr PictureShape kHd = {.width = 960, .height = 540, .matrix_709 = true};

TEST(ColorBars, AreSeenInEachLayoutLevelAndFormat) {
  const struct {
    std::string_view what;
    Rgb (*colour)(double, double, double);
  } layouts[] = {{"SMPTE", smpte}, {"SMPTE RP 219", rp219}, {"EBU", ebu}};
  const struct {
    std::string_view what;
    PictureShape shape;
  } formats[] = {
      {"709", kHd},
      {"601", {.width = 720, .height = 576}},
      {"full range", {.width = 960, .height = 540, .full_range = true, .matrix_709 = true}},
      {"10 bit", {.width = 960, .height = 540, .bit_depth = 10, .matrix_709 = true}},
      {"4:2:2", {.width = 960, .height = 540, .shift_y = 0, .matrix_709 = true}},
      {"odd size", {.width = 427, .height = 239}},
  };
  for (const auto& layout : layouts) {
    for (const auto& format : formats) {
      for (const double level : {0.75, 1.0}) {
        SCOPED_TRACE(std::string(layout.what) + " " + std::string(format.what) + " " + std::to_string(level));
        EXPECT_TRUE(shows_color_bars(
            painted(format.shape, [&](double x, double y) { return layout.colour(x, y, level); })));
      }
    }
  }
}

TEST(ColorBars, AreSeenInAStreamThatNamesTheWrongMatrix) {
  for (const bool told_709 : {false, true}) {
    PictureShape shape = kHd;
    shape.matrix_709 = !told_709;
    for (const double level : {0.75, 1.0}) {
      Frame frame = painted(shape, [&](double x, double y) { return smpte(x, y, level); });
      frame.format.rgb_matrix_709 = told_709;
      EXPECT_TRUE(shows_color_bars(frame)) << told_709 << " " << level;
    }
  }
}

TEST(ColorBars, MayHaveWhiteAtFullLevelBesideColoursAtThreeQuarters) {
  EXPECT_TRUE(shows_color_bars(
      painted(kHd, [](double x, double y) { return x < 0.125 ? kWhite : ebu(x, y, 0.75); })));
}

TEST(ColorBars, AreSeenBehindAClockAndAName) {
  EXPECT_TRUE(shows_color_bars(painted(kHd, [](double x, double y) {
    const bool clock = x > 0.3 && x < 0.7 && y > 0.25 && y < 0.35;
    const bool name = x > 0.02 && x < 0.25 && y > 0.05 && y < 0.15;
    if (clock) return std::fmod(x * 40, 1) < 0.5 ? kWhite : kBlack;
    return name ? kBlack : ebu(x, y, 0.75);
  })));
}

TEST(ColorBars, AreSeenThroughNoise) {
  std::mt19937 random(1);
  std::normal_distribution<double> noise(0, 0.01);
  EXPECT_TRUE(shows_color_bars(painted(kHd, [&](double x, double y) {
    Rgb c = smpte(x, y, 0.75);
    for (double& v : c) v += noise(random);
    return c;
  })));
}

TEST(ColorBars, AreNotSeenInOtherPictures) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> anything(0, 1);
  const auto expect_none = [](std::string_view what, auto colour) {
    EXPECT_FALSE(shows_color_bars(painted(kHd, colour))) << what;
  };
  expect_none("one colour", [](double, double) { return kGreen; });
  expect_none("black", [](double, double) { return kBlack; });
  expect_none("two halves", [](double x, double) { return x < 0.5 ? kRed : kBlue; });
  expect_none("black and white stripes",
              [](double x, double) { return static_cast<int>(x * 8) % 2 == 0 ? kWhite : kBlack; });
  expect_none("a grey staircase", [](double x, double) {
    const double v = std::floor(x * 8) / 7;
    return Rgb{v, v, v};
  });
  expect_none("a grey gradient", [](double x, double) { return Rgb{x, x, x}; });
  expect_none("a rainbow", [](double x, double) {
    const double h = x * 2 * 3.14159265;
    return Rgb{0.5 + 0.3 * std::cos(h), 0.5 + 0.3 * std::cos(h - 2.1), 0.5 + 0.3 * std::cos(h + 2.1)};
  });
  expect_none("pastel bars", [](double x, double y) {
    const Rgb c = ebu(x, y, 0.75);
    return Rgb{0.5 + 0.25 * c[0], 0.5 + 0.25 * c[1], 0.5 + 0.25 * c[2]};
  });
  expect_none("horizontal bars", [](double, double y) { return bar_at(kEightBars, y); });
  expect_none("bars in the lower half alone", [](double x, double y) {
    return y < 0.5 ? Rgb{0.3, 0.4, 0.5} : ebu(x, y, 0.75);
  });
  expect_none("noise", [&](double, double) {
    return Rgb{anything(random), anything(random), anything(random)};
  });
}

TEST(ColorBars, AreNotSeenInGreyVideo) {
  EXPECT_FALSE(shows_color_bars(painted({.width = 960, .height = 540, .planes = 1},
                                        [](double x, double y) { return ebu(x, y, 0.75); })));
}

}  // namespace
}  // namespace monolens

#include "features/combing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <numbers>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

#include "features/test_picture.h"

namespace monolens {
namespace {

constexpr PictureShape kShape = {.width = 320, .height = 192, .planes = 1};
constexpr int kCells = 20 * 12;

// The 8-bit level at (x, y) at a time, in pictures.
using Scene = std::function<double(int, int, double)>;

// When the two fields of a picture were taken.
struct Moments {
  double top;
  double bottom;
};

constexpr Moments kProgressive = {0, 0};
constexpr Moments kTopFirst = {0, 0.5};
constexpr Moments kBottomFirst = {0.5, 0};

Frame shot(const Scene& scene, Moments moments, double time, PictureShape shape = kShape) {
  TestPicture picture(shape);
  picture.paint(0, [&](int x, int y) {
    const double level = scene(x, y, time + (y % 2 == 0 ? moments.top : moments.bottom));
    return static_cast<int>(std::lround(std::ldexp(level, shape.bit_depth - 8)));
  });
  return picture.frame();
}

template <class Pixel>
kernels::PlaneView<Pixel> view(const Plane& p) {
  return {reinterpret_cast<const Pixel*>(p.data), p.stride, p.width, p.height};
}

Combing combing(const Frame& frame, const Frame& before) {
  const Plane& plane = frame.planes[0];
  std::vector<kernels::FieldCell> cells(static_cast<std::size_t>(kernels::cells_across(plane.width)) *
                                        static_cast<std::size_t>(kernels::cells_across(plane.height)));
  if (frame.format.bit_depth == 8) {
    kernels::weave_fields(view<std::uint8_t>(plane), view<std::uint8_t>(before.planes[0]), cells.data());
  } else {
    kernels::weave_fields(view<std::uint16_t>(plane), view<std::uint16_t>(before.planes[0]), cells.data());
  }
  return judge_combing(cells, frame);
}

// Of the second of two pictures.
Combing combing(const Scene& scene, Moments moments, PictureShape shape = kShape) {
  return combing(shot(scene, moments, 1, shape), shot(scene, moments, 0, shape));
}

double wave(double position, double length) { return std::sin(2 * std::numbers::pi * position / length); }

double hills(double x, double y) { return 120 + 50 * wave(x, 48) * wave(y + 10, 56) + 30 * wave(x + y, 36); }

double pan(int x, int y, double t) { return hills(x - 8 * t, y); }

double grain(int x, int y, int seed) {
  std::minstd_rand random(static_cast<unsigned>(1 + x + 1000 * y + 1000000 * seed));
  random.discard(3);
  return static_cast<double>(random() % 32);
}

TEST(Combing, TellsWhichFieldIsTheEarlierOne) {
  for (const int bit_depth : {8, 10}) {
    SCOPED_TRACE(bit_depth);
    PictureShape shape = kShape;
    shape.bit_depth = bit_depth;
    const Combing top = combing(pan, kTopFirst, shape);
    EXPECT_GT(top.moving, 0.9 * kCells);
    EXPECT_GT(top.top_first, 0.8 * kCells);
    EXPECT_EQ(top.bottom_first, 0);
    const Combing bottom = combing(pan, kBottomFirst, shape);
    EXPECT_GT(bottom.moving, 0.9 * kCells);
    EXPECT_EQ(bottom.top_first, 0);
    EXPECT_GT(bottom.bottom_first, 0.8 * kCells);
  }
}

TEST(Combing, IsNotInPicturesOfOneMoment) {
  const struct {
    std::string_view what;
    Scene scene;
    bool moving;
  } cases[] = {
      {"a pan", pan, true},
      {"a tilt", [](int x, int y, double t) { return hills(x, y - 7 * t); }, true},
      {"a tilt by one row", [](int x, int y, double t) { return hills(x, y - t); }, true},
      {"a fade", [](int x, int y, double t) { return hills(x, y) * (1 - 0.2 * t); }, true},
      {"a flash", [](int, int, double t) { return 40 + 150 * t; }, true},
      {"a cut", [](int x, int y, double t) { return t < 1 ? hills(x, y) : hills(2 * y, x + 9); }, true},
      {"grain", [](int x, int y, double t) { return grain(x, y, t < 1 ? 0 : 1); }, true},
      {"blinds that stand still", [](int, int y, double) { return y % 2 == 0 ? 180.0 : 60.0; }, false},
      {"a pan behind blinds",
       [](int x, int y, double t) { return (y % 2 == 0 ? 100 : 0) + 60 + 0.15 * hills(x - 8 * t, y); }, true},
      {"a pan of blinds that lean",
       [](int x, int y, double t) { return 120 + 60 * wave(x - 8 * t + 5 * y, 30); }, true},
      {"blinds in a fade",
       [](int x, int y, double t) { return (y % 2 == 0 ? 1.3 : 0.7) * hills(x, y) * (1 - 0.1 * t); }, true},
      {"lines in a flash", [](int, int y, double t) { return (y % 8 == 0 ? 108 : 100) + 12 * t; }, true},
      {"stairs that grow brighter",
       [](int, int y, double t) {
         const int stair = y / 4;
         return 220 - 4 * stair + 2 * t;
       },
       true},
      {"blinds that appear", [](int, int y, double t) { return 60 + (y % 2 == 0 ? 100 * t : 0); }, false},
      {"text that crawls",
       [](int x, int y, double t) {
         return (x - static_cast<int>(6 * t) + 3 * (y / 3)) % 7 < 3 ? 220.0 : 30.0;
       },
       true},
      {"nothing", [](int x, int y, double) { return hills(x, y); }, false},
  };
  for (const int bit_depth : {8, 10}) {
    PictureShape shape = kShape;
    shape.bit_depth = bit_depth;
    for (const auto& c : cases) {
      SCOPED_TRACE(testing::Message() << c.what << ", " << bit_depth << " bits");
      const Combing found = combing(c.scene, kProgressive, shape);
      EXPECT_EQ(found.moving > 0, c.moving);
      EXPECT_EQ(found.top_first, 0);
      EXPECT_EQ(found.bottom_first, 0);
    }
  }
}

TEST(Combing, IsNotSeenWhereItIsTooFaint) {
  const Scene faint = [](int x, int y, double t) { return 120 + 0.004 * pan(x, y, t); };
  PictureShape shape = kShape;
  shape.bit_depth = 10;
  const Combing found = combing(faint, kTopFirst, shape);
  EXPECT_EQ(found.moving, 0);
  EXPECT_EQ(found.top_first, 0);
}

TEST(Combing, IsNotSeenWhereNothingMoves) {
  const Combing found = combing([](int x, int y, double) { return hills(x, y); }, kTopFirst);
  EXPECT_EQ(found.moving, 0);
  EXPECT_EQ(found.top_first, 0);
  EXPECT_EQ(found.bottom_first, 0);
}

TEST(Combing, IsSeenInASmallThingThatMovesOverAStillPicture) {
  const Scene ball = [](int x, int y, double t) {
    return std::hypot(x - 100 - 6 * t, y - 90) < 24 ? 230 - (x - 6 * t) / 4 : hills(x, y);
  };
  for (const int bit_depth : {8, 10}) {
    SCOPED_TRACE(bit_depth);
    PictureShape shape = kShape;
    shape.bit_depth = bit_depth;
    const Combing found = combing(ball, kTopFirst, shape);
    EXPECT_GE(found.top_first, 3);
    EXPECT_LT(found.moving, 25);
    EXPECT_EQ(found.bottom_first, 0);
    const Combing smooth = combing(ball, kProgressive, shape);
    EXPECT_EQ(smooth.top_first + smooth.bottom_first, 0);
  }
}

// The second of the two that are torn: against the whole one before it, the first tells nothing.
TEST(Combing, IsInOneOfFivePicturesOfAFilmIn3To2Pulldown) {
  const Moments film[] = {{-1, -1}, {0, 0}, {0, 1}, {1, 2}, {2, 2}, {3, 3}};
  for (std::size_t i = 1; i < std::size(film); ++i) {
    SCOPED_TRACE(i);
    const Combing found = combing(shot(pan, film[i], 0), shot(pan, film[i - 1], 0));
    EXPECT_EQ(found.top_first > 0.8 * kCells, i == 3);
    EXPECT_EQ(found.top_first == 0, i != 3);
    EXPECT_EQ(found.bottom_first, 0);
  }
}

TEST(Combing, IsFoundInPicturesOfAnySize) {
  for (const auto& [width, height] : {std::pair{1, 1}, {16, 3}, {17, 33}, {318, 190}}) {
    SCOPED_TRACE(testing::Message() << width << "×" << height);
    const PictureShape shape = {.width = width, .height = height, .planes = 1};
    const Combing found = combing(pan, kTopFirst, shape);
    EXPECT_EQ(found.bottom_first, 0);
    if (width > 100) {
      EXPECT_GT(found.top_first, 0.8 * kCells);
    }
    EXPECT_EQ(combing(pan, kProgressive, shape).top_first, 0);
  }
}

}  // namespace
}  // namespace monolens

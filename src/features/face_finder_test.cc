#include "features/face_finder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string_view>

#include "features/test_face.h"

namespace monolens {
namespace {

using Level = std::function<int(int x, int y)>;

SmallPicture picture(const Level& level, int width = 320, int height = 180) {
  SmallPicture p{.width = width, .height = height, .samples = {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) p.samples.push_back(static_cast<std::uint8_t>(level(x, y)));
  }
  return p;
}

Level painted(const TestFace& face) {
  return [face](int x, int y) { return face.level(x, y); };
}

void expect_near(const Face& found, const TestFace& face) {
  EXPECT_NEAR(found.x, face.x, 0.05 * face.size);
  EXPECT_NEAR(found.y, face.y, 0.05 * face.size);
  EXPECT_NEAR(found.size, face.size, 0.25 * face.size);
}

TEST(FaceFinder, FindsAFaceWhereItIs) {
  const TestFace faces[] = {
      {.size = 30},  {.x = 60, .y = 60, .size = 50}, {.x = 270, .y = 130, .size = 80},
      {.size = 120}, {.size = 80, .mouth = 0.08},
  };
  FaceFinder finder;
  for (const TestFace& face : faces) {
    SCOPED_TRACE(testing::Message() << face.size << " pixels at " << face.x << ", " << face.y);
    expect_near(finder.find(picture(painted(face))), face);
  }
}

TEST(FaceFinder, FindsTheLargestOfSeveral) {
  const TestFace left{.x = 60, .size = 50};
  const TestFace right{.x = 220, .size = 90};
  const SmallPicture both = picture([&](int x, int y) { return (x < 130 ? left : right).level(x, y); });
  FaceFinder finder;
  expect_near(finder.find(both), right);
}

TEST(FaceFinder, FindsNoneWhereNoneIs) {
  std::minstd_rand random(1);
  const TestFace face;
  const struct {
    std::string_view what;
    Level level;
  } cases[] = {
      {"black", [](int, int) { return 0; }},
      {"white", [](int, int) { return 255; }},
      {"a slope", [](int x, int y) { return (x + y) / 2; }},
      {"a checkerboard", [](int x, int y) { return (x / 16 + y / 16) % 2 * 200; }},
      {"noise", [&](int, int) { return static_cast<int>(random() % 256); }},
      {"a head without a face",
       [](int x, int y) { return std::hypot(x - 160, (y - 90) * 0.8) < 35 ? 170 : 70; }},
      {"a face upside down", [&](int x, int y) { return face.level(x, 179 - y); }},
      {"a face on its side", [&](int x, int y) { return face.level(y + 70, x - 70); }},
      {"a negative", [&](int x, int y) { return 255 - face.level(x, y); }},
      {"a face too small to be read", painted({.size = 16})},
  };
  FaceFinder finder;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(finder.find(picture(c.level)).size, 0);
  }
}

TEST(FaceFinder, TakesPicturesOfAnySize) {
  const struct {
    int width, height;
  } sizes[] = {{0, 0}, {1, 1}, {1, 400}, {400, 1}, {2, 200}, {27, 200}, {28, 31}, {28, 32}, {33, 500}};
  FaceFinder finder;
  for (const auto& s : sizes) {
    SCOPED_TRACE(testing::Message() << s.width << "×" << s.height);
    EXPECT_EQ(finder.find(picture([](int x, int y) { return x * y % 251; }, s.width, s.height)).size, 0);
  }
  const TestFace face{.x = 40, .y = 60, .size = 60};
  expect_near(finder.find(picture(painted(face), 80, 120)), face);
}

TEST(FaceFinder, RemembersNothing) {
  const TestFace face;
  FaceFinder finder;
  expect_near(finder.find(picture(painted(face))), face);
  EXPECT_EQ(finder.find(picture([](int, int) { return 128; })).size, 0);
  expect_near(finder.find(picture(painted(face))), face);
}

}  // namespace
}  // namespace monolens

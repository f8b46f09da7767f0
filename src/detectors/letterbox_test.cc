#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr ActiveArea kFull = {.left = 0, .top = 0, .width = 1920, .height = 1080, .sharp = true};
constexpr ActiveArea kCinema = {.left = 0, .top = 138, .width = 1920, .height = 804, .sharp = true};
constexpr ActiveArea kPillars = {.left = 240, .top = 0, .width = 1440, .height = 1080, .sharp = true};

// The active area is measured a few times a second.
Pictures boxed(MediaTime from, MediaTime to, std::optional<ActiveArea> area) {
  return {.from = from, .to = to, .fps = 5, .active_area = area};
}

TEST(Letterbox, BeginsWhereTheBordersAppearAndEndsWhereTheyGo) {
  DetectorRunner run("letterbox");
  run.pictures(boxed(0_s, 5_s, kFull));
  run.pictures(boxed(5_s, 15_s, kCinema));
  run.pictures(boxed(15_s, 20_s, kFull));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.letterbox", 5_s, 15_s)));
}

TEST(Letterbox, DependsOnTheBorders) {
  const struct {
    std::string_view what;
    ActiveArea area;
    bool found;
  } cases[] = {
      {"letterbox", kCinema, true},
      {"pillarbox", kPillars, true},
      {"borders all around", {240, 135, 1440, 810, true}, true},
      {"letterbox of exactly the least border", {0, 54, 1920, 972, true}, true},
      {"letterbox a little out of the middle", {0, 120, 1920, 820, true}, true},
      {"no borders", kFull, false},
      {"a border thinner than the least", {0, 53, 1920, 974, true}, false},
      {"a black strip at the bottom alone", {0, 0, 1920, 900, true}, false},
      {"a border on one side far thicker", {0, 60, 1920, 820, true}, false},
      {"a dark scene with a lit middle", {300, 200, 1300, 700, false}, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("letterbox", {{"border", 0.05}, {"asymmetry", 0.02}});
    run.pictures(boxed(0_s, 10_s, c.area));
    if (c.found) {
      EXPECT_THAT(run.finish(), ElementsAre(Found("video.letterbox", 0_s, 10_s)));
    } else {
      EXPECT_THAT(run.finish(), IsEmpty());
    }
  }
}

TEST(Letterbox, NeedsToStandForTheDuration) {
  const struct {
    std::string_view what;
    MediaTime to;
    bool found;
  } cases[] = {{"exactly", 3_s, true}, {"not quite", 2.8_s, false}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("letterbox", {{"duration_s", 3}});
    run.pictures(boxed(0_s, c.to, kCinema));
    run.pictures(boxed(c.to, c.to + 2_for_s, kFull));
    EXPECT_EQ(run.finish().size(), c.found ? 1U : 0U);
  }
}

TEST(Letterbox, ThatChangesEndsOneAndBeginsTheNext) {
  DetectorRunner run("letterbox");
  run.pictures(boxed(0_s, 10_s, kCinema));
  run.pictures(boxed(10_s, 20_s, kPillars));
  const auto found = run.finish();
  ASSERT_THAT(found, ElementsAre(Found("video.letterbox", 0_s, 10_s), Found("video.letterbox", 10_s, 20_s)));
  EXPECT_EQ(found[0].measure("height"), kCinema.height);
  EXPECT_EQ(found[1].measure("width"), kPillars.width);
}

TEST(Letterbox, ThatChangesAfterExactlyTheDurationIsTold) {
  DetectorRunner run("letterbox", {{"duration_s", 3}});
  for (int i = 0; i < 15; ++i) {
    const MediaTime at = MediaTime::seconds(i * 0.2);
    run.pictures({.from = at, .to = at + 0.04_for_s, .active_area = kCinema});
  }
  run.pictures(boxed(3_s, 5_s, kPillars));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.letterbox", 0_s, 3_s)));
}

TEST(Letterbox, IsOneWhileItsBordersWanderByAFewPixels) {
  DetectorRunner run("letterbox");
  for (int i = 0; i < 10; ++i) {
    const int jitter = i % 2 == 0 ? 0 : 2;
    const MediaTime at = MediaTime::seconds(i);
    run.pictures(boxed(at, at + 1_for_s, ActiveArea{0, 138 + jitter, 1920, 804 - 2 * jitter, true}));
  }
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.letterbox", 0_s, 10_s)));
}

TEST(Letterbox, IsOneWhateverTheEdgesAcrossItsBordersShow) {
  constexpr ActiveArea kWithDarkSides = {.left = 9, .top = 138, .width = 1904, .height = 804, .sharp = true};
  DetectorRunner run("letterbox");
  run.pictures(boxed(0_s, 2_s, kCinema));
  run.pictures(boxed(2_s, 4_s, kWithDarkSides));
  run.pictures(boxed(4_s, 6_s, kCinema));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.letterbox", 0_s, 6_s)));
}

TEST(Letterbox, IsOneWhereSomeOfItsBordersAreNotSeenForAMoment) {
  constexpr ActiveArea kWindow = {.left = 240, .top = 138, .width = 1440, .height = 804, .sharp = true};
  ActiveArea dark_sides = kCinema;
  dark_sides.soft_sides = true;
  for (const bool at_first : {false, true}) {
    SCOPED_TRACE(at_first);
    DetectorRunner run("letterbox");
    if (!at_first) run.pictures(boxed(0_s, 2_s, kWindow));
    run.pictures(boxed(at_first ? 0_s : 2_s, 2.2_s, dark_sides));
    run.pictures(boxed(2.2_s, 6_s, kWindow));
    const auto& told = run.finish();
    ASSERT_THAT(told, ElementsAre(Found("video.letterbox", 0_s, 6_s)));
    EXPECT_EQ(told[0].measure("width"), 1440);
  }
}

TEST(Letterbox, IsNotEndedByAMomentInWhichDarkSidesLookLikePillars) {
  ActiveArea dark = kPillars;
  dark.soft_ends = true;
  DetectorRunner run("letterbox");
  run.pictures(boxed(0_s, 2_s, kCinema));
  run.pictures(boxed(2_s, 2.2_s, dark));
  run.pictures(boxed(2.2_s, 6_s, kCinema));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.letterbox", 0_s, 6_s)));
}

TEST(Letterbox, IsNotEndedByAMomentWithoutBorders) {
  DetectorRunner run("letterbox");
  run.pictures(boxed(0_s, 5_s, kCinema));
  run.pictures(boxed(5_s, 5.2_s, kFull));
  run.pictures(boxed(5.2_s, 10_s, kCinema));
  run.pictures(boxed(10_s, 12_s, kFull));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.letterbox", 0_s, 10_s)));
}

TEST(Letterbox, IsNotEndedByABlackPicture) {
  DetectorRunner run("letterbox");
  run.pictures(boxed(0_s, 5_s, kCinema));
  run.pictures(boxed(5_s, 8_s, std::nullopt));
  run.pictures(boxed(8_s, 10_s, kCinema));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.letterbox", 0_s, 10_s)));
}

TEST(Letterbox, LastsWhileNoPicturesArrive) {
  DetectorRunner run("letterbox");
  run.pictures(boxed(0_s, 1_s, kCinema));
  run.pass(8_s);
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.letterbox", 0_s, 8_s)));
}

TEST(Letterbox, MeasuresTheActiveArea) {
  DetectorRunner run("letterbox");
  run.pictures(boxed(0_s, 4_s, ActiveArea{100, 60, 1720, 960, true}));
  const Stretch s = run.finish().at(0);
  EXPECT_EQ(s.measure("left"), 100);
  EXPECT_EQ(s.measure("top"), 60);
  EXPECT_EQ(s.measure("width"), 1720);
  EXPECT_EQ(s.measure("height"), 960);
}

}  // namespace
}  // namespace monolens

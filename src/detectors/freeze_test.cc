#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Pictures moving(MediaTime from, MediaTime to) { return {.from = from, .to = to, .still = false}; }
Pictures still(MediaTime from, MediaTime to) { return {.from = from, .to = to, .still = true}; }

TEST(Freeze, BeginsWithThePictureThatStandsAndEndsWithTheNextNewOne) {
  DetectorRunner run("freeze", {{"duration_s", 2}});
  run.pictures(moving(0_s, 5_s));
  run.pictures(still(5_s, 8_s));
  run.pictures(moving(8_s, 10_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.freeze", 5_s, 8_s)));
}

TEST(Freeze, IsToldAsSoonAsItHasLastedLongEnough) {
  DetectorRunner run("freeze", {{"duration_s", 2}});
  run.pictures(moving(0_s, 5_s));
  run.pictures(still(5_s, 7.4_s));
  ASSERT_THAT(run.findings(), ElementsAre(FoundOpen("video.freeze", 5_s)));
  EXPECT_LE(run.findings()[0].told, 7_s);
}

TEST(Freeze, DependsOnHowLongThePictureStands) {
  const struct {
    std::string_view what;
    MediaTime to;  // from 1 s on
    double fps;
    bool found;
  } cases[] = {
      {"exactly the duration", 3_s, 25, true},
      {"a little longer", 3.04_s, 25, true},
      {"a minute", 61_s, 25, true},
      {"at 50 pictures a second", 3_s, 50, true},
      {"one picture less", 2.96_s, 25, false},
      {"one picture less at 50 a second", 2.98_s, 50, false},
      {"one repeated picture", 1.08_s, 25, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("freeze", {{"duration_s", 2}});
    run.pictures({.from = 0_s, .to = 1_s, .fps = c.fps});
    run.pictures({.from = 1_s, .to = c.to, .fps = c.fps, .still = true});
    run.pictures({.from = c.to, .to = c.to + 1_for_s, .fps = c.fps});
    if (c.found) {
      EXPECT_THAT(run.finish(), ElementsAre(Found("video.freeze", 1_s, c.to)));
    } else {
      EXPECT_THAT(run.finish(), IsEmpty());
    }
  }
}

TEST(Freeze, LeavesPicturesWithAKindOfTheirOwnAlone) {
  const struct {
    std::string_view what;
    Pictures pictures;
  } cases[] = {
      {"black", {.from = 1_s, .to = 9_s, .still = true, .dark_share = 1}},
      {"one flat colour", {.from = 1_s, .to = 9_s, .still = true, .flat_share = 1}},
      {"test bars", {.from = 1_s, .to = 9_s, .still = true, .color_bars = true}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("freeze", {{"flat_pictures", 0}});
    run.pictures(moving(0_s, 1_s));
    run.pictures(c.pictures);
    EXPECT_THAT(run.finish(), IsEmpty());

    DetectorRunner told("freeze", {{"flat_pictures", 1}});
    told.pictures(moving(0_s, 1_s));
    told.pictures(c.pictures);
    EXPECT_THAT(told.finish(), ElementsAre(Found("video.freeze", 1_s, 9_s)));
  }
}

TEST(Freeze, LastsToTheEndOfTheInput) {
  DetectorRunner run("freeze");
  run.pictures(moving(0_s, 5_s));
  run.pictures(still(5_s, 9_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.freeze", 5_s, 9_s)));
}

TEST(Freeze, LastsWhileNoPicturesArrive) {
  DetectorRunner run("freeze");
  run.pictures(still(0_s, 1_s));
  run.pass(6_s);
  run.pictures(moving(6_s, 7_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.freeze", 0_s, 6_s)));
}

TEST(Freeze, IsTwoWhenThePictureIsAnotherAfterwards) {
  DetectorRunner run("freeze");
  run.pictures(still(0_s, 3_s));
  run.pictures(still(3_s, 6_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.freeze", 0_s, 3_s), Found("video.freeze", 3_s, 6_s)));
}

TEST(Freeze, CountsFromItsAnchorAndBeginsWhereThePictureFirstStood) {
  DetectorRunner run("freeze", {{"duration_s", 2}});
  run.pictures(moving(0_s, 5_s));
  run.pictures({.from = 5_s, .to = 6.8_s, .still = true, .shown_since = 4.8_s});
  EXPECT_THAT(run.findings(), IsEmpty());
  run.pictures({.from = 6.8_s, .to = 9_s, .still = true, .shown_since = 6.6_s});
  run.pictures(moving(9_s, 10_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.freeze", 6.6_s, 9_s)));
}

TEST(Freeze, MeasuresTheLargestChangeWithinIt) {
  DetectorRunner run("freeze", {{"mean_change", 1}});
  run.pictures(moving(0_s, 1_s));
  run.pictures({.from = 1_s, .to = 4_s, .still = true, .change_mean = 0.75});
  run.pictures(moving(4_s, 5_s));
  EXPECT_DOUBLE_EQ(run.finish().at(0).measure("change_mean"), 0.75);
}

TEST(Freeze, AsksForStillnessByItsOptions) {
  const DetectorInfo& info = *find_detector("freeze").value();
  Options options(info.options);
  ASSERT_TRUE(options.set("mean_change", 0.5).ok());
  FeatureOptions features;
  info.request(options, features);
  EXPECT_TRUE(features.luma);
  EXPECT_TRUE(features.stillness);
  EXPECT_DOUBLE_EQ(features.still_mean, 0.5);
}

}  // namespace
}  // namespace monolens

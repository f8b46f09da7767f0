#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Pictures bright(MediaTime from, MediaTime to) { return {.from = from, .to = to, .dark_share = 0.2}; }

TEST(Black, BeginsWithTheFirstDarkPictureAndEndsWithTheFirstBrightOne) {
  DetectorRunner run("black");
  run.pictures(bright(0_s, 5_s));
  run.pictures({.from = 5_s, .to = 8_s, .dark_share = 1});
  run.pictures(bright(8_s, 10_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.black", 5_s, 8_s)));
}

TEST(Black, IsToldAsSoonAsItHasLastedLongEnough) {
  DetectorRunner run("black", {{"duration_s", 1}});
  run.pictures(bright(0_s, 5_s));
  run.pictures({.from = 5_s, .to = 5.96_s, .dark_share = 1});
  EXPECT_THAT(run.findings(), IsEmpty());
  run.pictures({.from = 5.96_s, .to = 6_s, .dark_share = 1});
  EXPECT_THAT(run.findings(), ElementsAre(FoundOpen("video.black", 5_s)));
}

TEST(Black, DependsOnTheShareOfDarkPixelsAndOnHowLong) {
  const struct {
    std::string_view what;
    double dark_share;
    MediaTime to;  // from 1 s on
    bool found;
  } cases[] = {
      {"all dark", 1, 4_s, true},
      {"a logo on black", 0.985, 4_s, true},
      {"exactly the share", 0.98, 4_s, true},
      {"exactly the duration", 1, 3_s, true},
      {"just below the share", 0.979, 4_s, false},
      {"a night scene", 0.9, 30_s, false},
      {"a picture too short", 1, 2.96_s, false},
      {"a fade between two scenes", 1, 1.2_s, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("black", {{"share", 0.98}, {"duration_s", 2}});
    run.pictures(bright(0_s, 1_s));
    run.pictures({.from = 1_s, .to = c.to, .dark_share = c.dark_share});
    run.pictures(bright(c.to, c.to + 1_for_s));
    if (c.found) {
      EXPECT_THAT(run.finish(), ElementsAre(Found("video.black", 1_s, c.to)));
    } else {
      EXPECT_THAT(run.finish(), IsEmpty());
    }
  }
}

TEST(Black, LastsToTheEndOfTheInput) {
  DetectorRunner run("black");
  run.pictures({.from = 0_s, .to = 4_s, .dark_share = 1});
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.black", 0_s, 4_s)));
}

TEST(Black, LastsWhileNoPicturesArrive) {
  DetectorRunner run("black");
  run.pictures({.from = 0_s, .to = 1_s, .dark_share = 1});
  run.pass(6_s);
  run.pictures(bright(6_s, 7_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.black", 0_s, 6_s)));
}

TEST(Black, IsOneWhenABrightPictureFlashesThroughIt) {
  DetectorRunner run("black");
  run.pictures({.from = 0_s, .to = 3_s, .dark_share = 1});
  run.pictures(bright(3_s, 3.04_s));
  run.pictures({.from = 3.04_s, .to = 6_s, .dark_share = 1});
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.black", 0_s, 6_s)));
}

TEST(Black, IsTwoWhenBrightPicturesStandBetween) {
  DetectorRunner run("black");
  run.pictures({.from = 0_s, .to = 3_s, .dark_share = 1});
  run.pictures(bright(3_s, 3.4_s));
  run.pictures({.from = 3.4_s, .to = 6_s, .dark_share = 1});
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.black", 0_s, 3_s), Found("video.black", 3.4_s, 6_s)));
}

TEST(Black, StartsAnewWhenItFlickersBeforeItIsLongEnough) {
  DetectorRunner run("black");
  run.pictures({.from = 0_s, .to = 1_s, .dark_share = 1});
  run.pictures(bright(1_s, 1.04_s));
  run.pictures({.from = 1.04_s, .to = 2.5_s, .dark_share = 1});
  run.pictures(bright(2.5_s, 4_s));
  EXPECT_THAT(run.finish(), ::testing::IsEmpty());
}

TEST(Black, MeasuresTheDarkShareOfItsLeastDarkPicture) {
  DetectorRunner run("black", {{"share", 0.98}});
  run.pictures({.from = 0_s, .to = 1_s, .dark_share = 1});
  run.pictures({.from = 1_s, .to = 2_s, .dark_share = 0.985});
  run.pictures({.from = 2_s, .to = 3_s, .dark_share = 1});
  run.pictures(bright(3_s, 4_s));
  EXPECT_DOUBLE_EQ(run.finish().at(0).measure("dark_share"), 0.985);
}

TEST(Black, ForgetsTheMeasureOfAnEarlierStretch) {
  DetectorRunner run("black", {{"share", 0.98}});
  run.pictures({.from = 0_s, .to = 3_s, .dark_share = 0.985});
  run.pictures(bright(3_s, 4_s));
  run.pictures({.from = 4_s, .to = 7_s, .dark_share = 0.995});
  EXPECT_DOUBLE_EQ(run.finish().at(1).measure("dark_share"), 0.995);
}

TEST(Black, AsksForTheDarkLevelThatItsOptionSays) {
  const DetectorInfo& info = *find_detector("black").value();
  Options options(info.options);
  ASSERT_TRUE(options.set("level", 0.2).ok());
  FeatureOptions features;
  info.request(options, features);
  EXPECT_TRUE(features.luma);
  EXPECT_DOUBLE_EQ(features.dark_level, 0.2);
}

}  // namespace
}  // namespace monolens

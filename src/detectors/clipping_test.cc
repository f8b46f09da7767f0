#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Sound clean(MediaTime from, MediaTime to) { return {.from = from, .to = to, .peak_dbfs = -6}; }

// So many of the 480 samples of each hop and channel are clipped.
Sound clipped(MediaTime from, MediaTime to, std::vector<std::uint32_t> samples) {
  return {.from = from, .to = to, .peak_dbfs = 0, .clipped = std::move(samples)};
}

TEST(Clipping, BeginsWithTheFirstClippedHopAndEndsAfterTheLast) {
  DetectorRunner run("clipping");
  run.sound(clean(0_s, 5_s));
  run.sound(clipped(5_s, 8_s, {48, 48}));
  run.sound(clean(8_s, 10_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.clipping", 5_s, 8_s)));
}

TEST(Clipping, DependsOnTheShareOfASecondInTheWorstChannel) {
  const struct {
    std::string_view what;
    Sound sound;
    bool found;
  } cases[] = {
      {"distorted all along", clipped(2_s, 4_s, {100, 100}), true},
      {"one channel distorted", clipped(2_s, 4_s, {0, 100}), true},
      {"mono", {.from = 2_s, .to = 4_s, .channels = 1, .clipped = {100}}, true},
      {"exactly the share in one hop", clipped(2_s, 2.01_s, {480, 0}), true},
      {"no sample clipped", clean(2_s, 4_s), false},
      {"one run of three", clipped(2_s, 2.01_s, {3, 3}), false},
      {"just below the share", clipped(2_s, 2.01_s, {479, 479}), false},
      {"a little all along", clipped(2_s, 9_s, {4, 4}), false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("clipping", {{"share", 0.01}});
    run.sound({.from = 0_s, .to = 2_s, .channels = c.sound.channels});
    run.sound(c.sound);
    run.sound({.from = c.sound.to, .to = c.sound.to + 2_for_s, .channels = c.sound.channels});
    if (c.found) {
      EXPECT_THAT(run.finish(), ElementsAre(Found("audio.clipping", 2_s, c.sound.to)));
    } else {
      EXPECT_THAT(run.finish(), IsEmpty());
    }
  }
}

TEST(Clipping, IsJudgedOverASecondAtTheBeginningToo) {
  DetectorRunner run("clipping", {{"share", 0.01}});
  run.sound(clipped(0_s, 0.01_s, {30, 30}));
  run.sound(clean(0.01_s, 3_s));
  EXPECT_THAT(run.finish(), IsEmpty());
}

TEST(Clipping, DoesNotAddTheChannelsUp) {
  DetectorRunner run("clipping", {{"share", 0.01}});
  run.sound(clean(0_s, 2_s));
  run.sound(clipped(2_s, 2.01_s, {300, 0}));
  run.sound(clipped(2.01_s, 2.02_s, {0, 300}));
  run.sound(clean(2.02_s, 4_s));
  EXPECT_THAT(run.finish(), IsEmpty());
}

TEST(Clipping, DoesNotAddUpWhatLiesMoreThanASecondApart) {
  DetectorRunner run("clipping", {{"share", 0.01}});
  run.sound(clean(0_s, 2_s));
  run.sound(clipped(2_s, 2.01_s, {300, 300}));
  run.pass(5_s);
  run.sound(clipped(5_s, 5.01_s, {300, 300}));
  run.sound(clean(5.01_s, 7_s));
  EXPECT_THAT(run.finish(), IsEmpty());
}

TEST(Clipping, BeginsWithTheFirstClippedHopOfTheSecondThatReachesTheShare) {
  DetectorRunner run("clipping", {{"share", 0.01}});
  run.sound(clean(0_s, 2_s));
  run.sound(clipped(2_s, 3_s, {10, 10}));
  run.sound(clean(3_s, 5_s));
  ASSERT_EQ(run.finish().size(), 1U);
  EXPECT_THAT(run.findings(), ElementsAre(Found("audio.clipping", 2_s, 3_s)));
  EXPECT_GE(run.findings()[0].told, 2.47_s);
}

TEST(Clipping, IsOneAcrossLessThanASecondWithoutIt) {
  DetectorRunner run("clipping");
  run.sound(clipped(0_s, 2_s, {48, 48}));
  run.sound(clean(2_s, 2.9_s));
  run.sound(clipped(2.9_s, 4_s, {48, 48}));
  run.sound(clean(4_s, 6_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.clipping", 0_s, 4_s)));
}

TEST(Clipping, IsTwoAcrossMoreThanASecondWithoutIt) {
  DetectorRunner run("clipping");
  run.sound(clipped(0_s, 2_s, {48, 48}));
  run.sound(clean(2_s, 3.5_s));
  run.sound(clipped(3.5_s, 5_s, {48, 48}));
  run.sound(clean(5_s, 7_s));
  EXPECT_THAT(run.finish(),
              ElementsAre(Found("audio.clipping", 0_s, 2_s), Found("audio.clipping", 3.5_s, 5_s)));
}

TEST(Clipping, LastsToTheEndOfTheInput) {
  DetectorRunner run("clipping");
  run.sound(clipped(0_s, 3_s, {48, 48}));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.clipping", 0_s, 3_s)));
}

TEST(Clipping, MeasuresTheShareOfItsWorstSecond) {
  DetectorRunner run("clipping");
  run.sound(clipped(0_s, 2_s, {48, 24}));
  run.sound(clipped(2_s, 4_s, {12, 120}));
  run.sound(clipped(4_s, 6_s, {24, 24}));
  run.sound(clean(6_s, 9_s));
  EXPECT_NEAR(run.finish().at(0).measure("clipped_share"), 0.25, 1e-9);
}

TEST(Clipping, AsksForTheLevelAndTheRunThatItsOptionsSay) {
  const DetectorInfo& info = *find_detector("clipping").value();
  Options options(info.options);
  ASSERT_TRUE(options.set("level_dbfs", -6).ok());
  ASSERT_TRUE(options.set("run", 5).ok());
  FeatureOptions features;
  info.request(options, features);
  EXPECT_TRUE(features.levels);
  EXPECT_NEAR(features.clip_level, 0.5012, 0.0001);
  EXPECT_EQ(features.clip_run, 5);
}

}  // namespace
}  // namespace monolens

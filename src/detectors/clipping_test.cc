#include "detectors/heard.h"

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

TEST(Clipping, IsAlsoWhatStandsBeyondFullScaleInAnyShape) {
  DetectorRunner run("clipping");
  run.sound(clean(0_s, 2_s));
  run.sound({.from = 2_s, .to = 4_s, .peak_dbfs = 0.5, .over_scale = {0, 2}});
  run.sound(clean(4_s, 6_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.clipping", 2_s, 4_s)));

  DetectorRunner below("clipping");
  below.sound({.from = 0_s, .to = 4_s, .peak_dbfs = 0.5, .over_scale = {0, 0}});
  EXPECT_THAT(below.finish(), IsEmpty());

  DetectorRunner strict("clipping", {{"over_share", 0.01}});
  strict.sound({.from = 0_s, .to = 4_s, .peak_dbfs = 0.5, .over_scale = {2, 2}});
  EXPECT_THAT(strict.finish(), IsEmpty());
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
  run.sound(clipped(9_s, 11_s, {48, 48}));
  ASSERT_EQ(run.finish().size(), 2U);
  EXPECT_NEAR(run.findings()[0].measure("clipped_share"), 0.25, 1e-9);
  EXPECT_NEAR(run.findings()[1].measure("clipped_share"), 0.1, 1e-9);
}

TEST(Clipping, GoesOnWithHalfTheShareThatBeganIt) {
  DetectorRunner run("clipping", {{"share", 0.01}});
  run.sound(clipped(0_s, 2_s, {3, 3}));
  EXPECT_THAT(run.findings(), IsEmpty());
  run.sound(clipped(2_s, 4_s, {6, 6}));
  run.sound(clipped(4_s, 8_s, {3, 3}));
  run.sound(clipped(8_s, 12_s, {1, 1}));
  EXPECT_THAT(run.finish(), ElementsAre(FoundNear("audio.clipping", 1.5_s, 8.4_s, 0.5_for_s)));
}

TEST(Clipping, IsFlatAtTheHighestLevelOfTheSecond) {
  const struct {
    std::string_view what;
    double peak_dbfs;
    double flat_dbfs;
    bool found;
  } cases[] = {
      {"at full scale", 0, 0, true},         {"turned down", -20, -20, true},
      {"beyond full scale", 3, 3, true},     {"next to the peak", -6, -6.08, true},
      {"beneath the peak", -6, -6.1, false}, {"far beneath", 0, -6, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("clipping");
    run.sound({.from = 0_s, .to = 2_s, .peak_dbfs = -40});
    run.sound(
        {.from = 2_s, .to = 4_s, .peak_dbfs = c.peak_dbfs, .clipped = {48, 48}, .clipped_dbfs = c.flat_dbfs});
    run.sound({.from = 4_s, .to = 6_s, .peak_dbfs = -40});
    EXPECT_EQ(run.finish().size(), c.found ? 1U : 0U);
    for (const Stretch& found : run.findings()) {
      EXPECT_NEAR(found.measure("level_dbfs"), c.peak_dbfs, 0.01);
    }
  }
}

TEST(Clipping, IsJudgedByTheLastSecondsPeakAndNoEarlierOne) {
  DetectorRunner run("clipping");
  run.sound({.from = 0_s, .to = 1_s, .peak_dbfs = 0});
  run.sound({.from = 1_s, .to = 4_s, .peak_dbfs = -6, .clipped = {48, 48}});
  run.sound({.from = 4_s, .to = 6_s, .peak_dbfs = -40});
  ASSERT_THAT(run.finish(), ElementsAre(Found("audio.clipping", 1_s, 4_s)));
  EXPECT_NEAR(run.findings()[0].told.seconds(), 2, 0.02);
}

TEST(Clipping, DoesNotCountFlatTopsBelowThePeak) {
  DetectorRunner run("clipping", {{"share", 0.01}});
  run.sound({.from = 0_s, .to = 2_s, .peak_dbfs = -6, .clipped = {4, 4}});
  run.sound(clipped(2_s, 2.1_s, {20, 20}));
  run.sound(clean(2.1_s, 4_s));
  EXPECT_THAT(run.finish(), IsEmpty());
}

TEST(Clipping, EndsWithTheLastFlatTopAtThePeak) {
  DetectorRunner run("clipping");
  run.sound(clipped(0_s, 2_s, {48, 48}));
  run.sound({.from = 2_s, .to = 2.5_s, .peak_dbfs = -6, .clipped = {48, 48}});
  run.sound(clean(2.5_s, 4_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.clipping", 0_s, 2_s)));
}

TEST(Clipping, DoesNotGoOnOnceASecondIsASquareWave) {
  DetectorRunner run("clipping");
  run.sound(clean(0_s, 1_s));
  run.sound(clipped(1_s, 6_s, {470, 470}));
  ASSERT_EQ(run.finish().size(), 1U);
  EXPECT_LE(run.findings()[0].end, 2_s);
}

// Amplitudes that pile up below a level, as they are measured of the last second.
Sound piled(MediaTime from, MediaTime to, float ratio, float level = 0.5F) {
  return {.from = from, .to = to, .peak_dbfs = -6, .pile = {.ratio = ratio, .level = level, .share = 0.03F}};
}

TEST(Clipping, IsAPileBelowALevelToo) {
  DetectorRunner run("clipping");
  run.sound({.from = 0_s, .to = 5_s, .peak_dbfs = -20});
  run.sound({.from = 5_s, .to = 5.7_s, .peak_dbfs = -6});
  run.sound(piled(5.7_s, 9_s, 3));
  run.sound({.from = 9_s, .to = 11_s, .peak_dbfs = -20});
  ASSERT_THAT(run.finish(), ElementsAre(Found("audio.clipping", 5_s, 9_s)));
  EXPECT_NEAR(run.findings()[0].measure("clipped_share"), 0.03, 1e-6);
  EXPECT_NEAR(run.findings()[0].measure("level_dbfs"), -6.02, 0.01);
}

TEST(Clipping, DependsOnHowDenseThePileIsAndWhetherTheSoundReachesIt) {
  const struct {
    std::string_view what;
    double before_dbfs;
    Sound sound;
    bool found;
  } cases[] = {
      {"a clear pile", -20, piled(2_s, 4_s, 3), true},
      {"just enough", -20, piled(2_s, 4_s, 2.01F), true},
      {"just too little", -20, piled(2_s, 4_s, 1.99F), false},
      {"no pile", -20, piled(2_s, 4_s, 0, 0), false},
      {"a level that is not reached", -20, piled(2_s, 4_s, 3, 0.55F), false},
      {"a level that is far exceeded", -20, piled(2_s, 4_s, 3, 0.38F), false},
      {"after sound that is hardly louder", -5, piled(2_s, 4_s, 3), true},
      {"after sound that is louder", -0.5, piled(2_s, 2.3_s, 3), false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("clipping");
    run.sound({.from = 0_s, .to = 2_s, .peak_dbfs = c.before_dbfs});
    run.sound(c.sound);
    run.sound({.from = c.sound.to, .to = c.sound.to + 2_for_s, .peak_dbfs = -40});
    EXPECT_EQ(run.finish().size(), c.found ? 1U : 0U);
  }
}

TEST(Clipping, LeavesHowDenseAPileMustBeToTheOptionAndGoesOnWithFourFifths) {
  DetectorRunner run("clipping", {{"pile", 4}});
  run.sound(piled(0_s, 2_s, 3.3F));
  EXPECT_THAT(run.findings(), IsEmpty());
  run.sound(piled(2_s, 4_s, 4.1F));
  run.sound(piled(4_s, 6_s, 3.3F));
  run.sound(piled(6_s, 8_s, 3.1F));
  EXPECT_THAT(run.finish(), ElementsAre(FoundNear("audio.clipping", 1.5_s, 6_s, 0.51_for_s)));
}

Wave limited(Wave wave, double limit, double gain = 1) {
  return [=, wave = std::move(wave)](double t) { return gain * std::clamp(wave(t), -limit, limit); };
}

TEST(Clipping, IsHeardAtAnyLevelAndInNothingThatIsWhole) {
  const Wave sound = mix({sine(220, -16), sine(331, -16), noise(-16, 1), noise(-16, 2), noise(-16, 3)});
  const struct {
    std::string_view what;
    Wave wave;
    bool found;
  } cases[] = {
      {"cut off at full scale", limited(mix({sound, sound}), 1), true},
      {"cut off and turned down", limited(sound, 0.5, 0.2), true},
      {"whole", sound, false},
      {"a sine at full scale", sine(997, -3.0103), false},
      {"a sine of many samples a wave at full scale", sine(40, -3.0103), false},
      {"a square wave", limited(sine(100, 20), 0.5), false},
      {"silence", silence(), false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Heard heard("clipping");
    heard.play(0_s, 2_s, {noise(-60)});
    heard.play(2_s, 4_s, {c.wave});
    heard.play(4_s, 5.5_s, {noise(-60)});
    if (c.found) {
      EXPECT_THAT(heard.finish(), ElementsAre(FoundNear("audio.clipping", 2_s, 4_s, 0.05_for_s)));
    } else {
      EXPECT_THAT(heard.finish(), IsEmpty());
    }
  }
}

TEST(Clipping, AsksForWhatItsOptionsSay) {
  const FeatureOptions features = DetectorRunner("clipping", {{"floor_dbfs", -6}, {"run", 5}}).features();
  EXPECT_TRUE(features.flat_tops);
  EXPECT_NEAR(features.clip_floor, 0.5012, 0.0001);
  EXPECT_EQ(features.clip_run, 5);
}

}  // namespace
}  // namespace monolens

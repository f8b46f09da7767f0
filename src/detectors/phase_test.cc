#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Sound in_phase(MediaTime from, MediaTime to) { return {.from = from, .to = to, .correlation = 0.6}; }
Sound opposite(MediaTime from, MediaTime to) { return {.from = from, .to = to, .correlation = -0.95}; }

TEST(Phase, BeginsWhereTheChannelsTurnAndEndsWhereTheyTurnBack) {
  DetectorRunner run("phase");
  run.sound(in_phase(0_s, 5_s));
  run.sound(opposite(5_s, 9_s));
  run.sound(in_phase(9_s, 10_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.phase", 5_s, 9_s)));
}

TEST(Phase, DependsOnCorrelationLevelAndHowLong) {
  const struct {
    std::string_view what;
    Sound sound;
    bool found;
  } cases[] = {
      {"one channel turned", {.from = 1_s, .to = 5_s, .correlation = -1}, true},
      {"just below the limit", {.from = 1_s, .to = 5_s, .correlation = -0.701}, true},
      {"exactly the duration", {.from = 1_s, .to = 3_s, .correlation = -1}, true},
      {"one channel quieter", {.from = 1_s, .to = 5_s, .channel_dbfs = {-20, -50}, .correlation = -1}, true},
      {"surround sound", {.from = 1_s, .to = 5_s, .channels = 6, .correlation = -1}, true},
      {"just above the limit", {.from = 1_s, .to = 30_s, .correlation = -0.699}, false},
      {"wide stereo", {.from = 1_s, .to = 30_s, .correlation = -0.2}, false},
      {"too short", {.from = 1_s, .to = 2.8_s, .correlation = -1}, false},
      {"opposite noise below the floor",
       {.from = 1_s, .to = 30_s, .peak_dbfs = -60, .correlation = -1},
       false},
      {"one-sided", {.from = 1_s, .to = 30_s, .channel_dbfs = {-20, -70}, .correlation = -1}, false},
      {"mono", {.from = 1_s, .to = 30_s, .channels = 1}, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("phase", {{"duration_s", 2}, {"correlation", -0.7}, {"floor_dbfs", -60}});
    run.sound(in_phase(0_s, 1_s));
    run.sound(c.sound);
    run.sound(in_phase(c.sound.to, c.sound.to + 1_for_s));
    if (c.found) {
      EXPECT_THAT(run.finish(), ElementsAre(Found("audio.phase", 1_s, c.sound.to)));
    } else {
      EXPECT_THAT(run.finish(), IsEmpty());
    }
  }
}

TEST(Phase, GoesOnThroughSilence) {
  DetectorRunner run("phase");
  run.sound(opposite(0_s, 1_s));
  run.sound({.from = 1_s, .to = 2_s, .peak_dbfs = -90, .correlation = 1});
  run.sound(opposite(2_s, 4_s));
  run.sound(in_phase(4_s, 5_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.phase", 0_s, 4_s)));
}

TEST(Phase, IsNotEndedByAMomentInPhase) {
  DetectorRunner run("phase");
  run.sound(opposite(0_s, 3_s));
  run.sound(in_phase(3_s, 3.02_s));
  run.sound(opposite(3.02_s, 5_s));
  run.sound(in_phase(5_s, 6_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.phase", 0_s, 5_s)));
}

Sound wide(MediaTime from, MediaTime to) { return {.from = from, .to = to, .correlation = -0.2}; }

TEST(Phase, GoesOnThroughUpToHalfASecondThatIsOnlyWide) {
  DetectorRunner run("phase");
  run.sound(in_phase(0_s, 1_s));
  run.sound(opposite(1_s, 2.5_s));
  run.sound(wide(2.5_s, 2.8_s));
  run.sound(opposite(2.8_s, 5_s));
  run.sound(wide(5_s, 7_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.phase", 1_s, 5_s)));
}

TEST(Phase, EndsWithMoreThanHalfASecondThatIsOnlyWide) {
  DetectorRunner run("phase");
  run.sound(opposite(0_s, 3_s));
  run.sound(wide(3_s, 3.8_s));
  run.sound(opposite(3.8_s, 6.8_s));
  run.sound(wide(6.8_s, 8_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.phase", 0_s, 3_s), Found("audio.phase", 3.8_s, 6.8_s)));
}

TEST(Phase, IsNotSoundThatIsOppositeNowAndThen) {
  DetectorRunner run("phase");
  for (int i = 0; i < 10; ++i) {
    const MediaTime from = MediaTime::seconds(0.7 * i);
    run.sound(opposite(from, from + 0.35_for_s));
    run.sound(wide(from + 0.35_for_s, from + 0.7_for_s));
  }
  EXPECT_THAT(run.finish(), IsEmpty());
}

TEST(Phase, BeginsWithTheSoundThatTurnsAndNotWithAHopThatHappensTo) {
  DetectorRunner run("phase");
  run.sound(in_phase(0_s, 1_s));
  run.sound(opposite(1_s, 1.01_s));
  run.sound(in_phase(1.01_s, 1.1_s));
  run.sound(opposite(1.1_s, 1.15_s));
  run.sound(in_phase(1.15_s, 1.16_s));
  run.sound(opposite(1.16_s, 4_s));
  EXPECT_THAT(run.finish(), ElementsAre(FoundNear("audio.phase", 1.1_s, 4_s, 0.07_for_s)));
}

TEST(Phase, LastsToTheEndOfTheInput) {
  DetectorRunner run("phase");
  run.sound(opposite(0_s, 4_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.phase", 0_s, 4_s)));
}

TEST(Phase, LastsWhileNoSoundArrives) {
  DetectorRunner run("phase");
  run.sound(opposite(0_s, 1_s));
  run.pass(5_s);
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.phase", 0_s, 5_s)));
}

TEST(Phase, MeasuresTheLowestCorrelation) {
  DetectorRunner run("phase");
  run.sound({.from = 0_s, .to = 1_s, .correlation = -0.95});
  run.sound({.from = 1_s, .to = 4_s, .correlation = -0.8});
  run.sound(in_phase(4_s, 5_s));
  EXPECT_NEAR(run.finish().at(0).measure("correlation"), -0.95, 1e-6);
}

}  // namespace
}  // namespace monolens

#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Sound sounding(MediaTime from, MediaTime to) { return {.from = from, .to = to, .peak_dbfs = -20}; }
Sound silent(MediaTime from, MediaTime to) { return {.from = from, .to = to, .peak_dbfs = -90}; }

TEST(Silence, BeginsWhereTheSoundStopsAndEndsWhereItComesBack) {
  DetectorRunner run("silence");
  run.sound(sounding(0_s, 5_s));
  run.sound(silent(5_s, 8_s));
  run.sound(sounding(8_s, 10_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.silence", 5_s, 8_s)));
}

TEST(Silence, IsToldAsSoonAsItHasLastedLongEnough) {
  DetectorRunner run("silence", {{"duration_s", 2}});
  run.sound(sounding(0_s, 5_s));
  run.sound(silent(5_s, 6.99_s));
  EXPECT_THAT(run.findings(), IsEmpty());
  run.sound(silent(6.99_s, 7_s));
  EXPECT_THAT(run.findings(), ElementsAre(FoundOpen("audio.silence", 5_s)));
}

TEST(Silence, DependsOnTheLoudestChannelAndOnHowLong) {
  const struct {
    std::string_view what;
    std::vector<double> dbfs;
    MediaTime to;  // from 1 s on
    bool found;
  } cases[] = {
      {"digital silence", {-200, -200}, 4_s, true},
      {"dither", {-90, -90}, 4_s, true},
      {"mono", {-90}, 4_s, true},
      {"just below the floor", {-60.1, -70}, 4_s, true},
      {"exactly the duration", {-90, -90}, 3_s, true},
      {"at the floor", {-59.99, -59.99}, 30_s, false},
      {"one channel sounds", {-90, -40}, 30_s, false},
      {"the last of six channels sounds", {-90, -90, -90, -90, -90, -30}, 30_s, false},
      {"a hop too short", {-90, -90}, 2.99_s, false},
      {"a pause for breath", {-90, -90}, 1.5_s, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("silence", {{"duration_s", 2}, {"floor_dbfs", -60}});
    const std::vector<double> loud(c.dbfs.size(), -20);
    run.sound({.from = 0_s, .to = 1_s, .channel_dbfs = loud});
    run.sound({.from = 1_s, .to = c.to, .channel_dbfs = c.dbfs});
    run.sound({.from = c.to, .to = c.to + 1_for_s, .channel_dbfs = loud});
    if (c.found) {
      EXPECT_THAT(run.finish(), ElementsAre(Found("audio.silence", 1_s, c.to)));
    } else {
      EXPECT_THAT(run.finish(), IsEmpty());
    }
  }
}

TEST(Silence, IsNotEndedByAClick) {
  DetectorRunner run("silence", {{"ignore_s", 0.05}});
  run.sound(silent(0_s, 1_s));
  run.sound(sounding(1_s, 1.04_s));
  run.sound(silent(1.04_s, 3_s));
  run.sound(sounding(3_s, 3.04_s));
  run.sound(silent(3.04_s, 5_s));
  run.sound(sounding(5_s, 6_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.silence", 0_s, 5_s)));
}

TEST(Silence, IsEndedBySoundThatIsNoClick) {
  DetectorRunner run("silence", {{"ignore_s", 0.05}});
  run.sound(silent(0_s, 3_s));
  run.sound(sounding(3_s, 3.05_s));
  run.sound(silent(3.05_s, 4_s));
  run.sound(sounding(4_s, 5_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.silence", 0_s, 3_s)));
}

TEST(Silence, LastsToTheEndOfTheInput) {
  DetectorRunner run("silence");
  run.sound(sounding(0_s, 1_s));
  run.sound(silent(1_s, 4_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.silence", 1_s, 4_s)));
}

TEST(Silence, LastsWhileNoSoundArrives) {
  DetectorRunner run("silence");
  run.sound(silent(0_s, 1_s));
  run.pass(6_s);
  run.sound(sounding(6_s, 7_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.silence", 0_s, 6_s)));
}

TEST(Silence, MeasuresItsHighestPeakClicksAside) {
  DetectorRunner run("silence", {{"ignore_s", 0.05}});
  run.sound(sounding(0_s, 1_s));
  run.sound({.from = 1_s, .to = 2_s, .peak_dbfs = -70});
  run.sound(sounding(2_s, 2.02_s));
  run.sound({.from = 2.02_s, .to = 4_s, .peak_dbfs = -80});
  run.sound(sounding(4_s, 5_s));
  EXPECT_NEAR(run.finish().at(0).measure("peak_dbfs"), -70, 0.01);
}

}  // namespace
}  // namespace monolens

#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Sound stereo(MediaTime from, MediaTime to, double left_dbfs, double right_dbfs) {
  return {.from = from, .to = to, .channel_dbfs = {left_dbfs, right_dbfs}};
}

TEST(ChannelMissing, BeginsWhereTheChannelStopsAndEndsWhereItComesBack) {
  DetectorRunner run("channel_missing");
  run.sound(stereo(0_s, 5_s, -20, -20));
  run.sound(stereo(5_s, 9_s, -20, -90));
  run.sound(stereo(9_s, 10_s, -20, -20));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.channel_missing", 5_s, 9_s)));
}

TEST(ChannelMissing, DependsOnBothChannelsAndOnHowLong) {
  const struct {
    std::string_view what;
    std::vector<double> dbfs;
    MediaTime to;  // from 1 s on
    bool found;
  } cases[] = {
      {"no left", {-90, -20}, 5_s, true},
      {"no right", {-20, -90}, 5_s, true},
      {"no left of six", {-90, -20, -20, -20, -20, -20}, 5_s, true},
      {"left just below the floor, right just sounding", {-60.1, -44.9}, 5_s, true},
      {"exactly the duration", {-90, -20}, 3_s, true},
      {"both sound", {-30, -20}, 30_s, false},
      {"left at the floor", {-59.99, -20}, 30_s, false},
      {"right too quiet to tell", {-90, -45.1}, 30_s, false},
      {"both silent", {-90, -90}, 30_s, false},
      {"mono", {-90}, 30_s, false},
      {"centre, bass and surround rest", {-20, -20, -90, -90, -90, -90}, 30_s, false},
      {"a hop too short", {-90, -20}, 2.99_s, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("channel_missing", {{"duration_s", 2}, {"floor_dbfs", -60}, {"sound_dbfs", -45}});
    const std::vector<double> all(c.dbfs.size(), -20);
    run.sound({.from = 0_s, .to = 1_s, .channel_dbfs = all});
    run.sound({.from = 1_s, .to = c.to, .channel_dbfs = c.dbfs});
    run.sound({.from = c.to, .to = c.to + 1_for_s, .channel_dbfs = all});
    if (c.found) {
      EXPECT_THAT(run.finish(), ElementsAre(Found("audio.channel_missing", 1_s, c.to)));
    } else {
      EXPECT_THAT(run.finish(), IsEmpty());
    }
  }
}

TEST(ChannelMissing, IsToldOfEachChannelOnItsOwn) {
  DetectorRunner run("channel_missing");
  run.sound(stereo(0_s, 3_s, -90, -20));
  run.sound(stereo(3_s, 6_s, -20, -90));
  run.sound(stereo(6_s, 7_s, -20, -20));
  const auto found = run.finish();
  ASSERT_THAT(
      found, ElementsAre(Found("audio.channel_missing", 0_s, 3_s), Found("audio.channel_missing", 3_s, 6_s)));
  EXPECT_NE(found[0].finding.part, found[1].finding.part);
  EXPECT_EQ(found[0].measure("channel"), 0);
  EXPECT_EQ(found[1].measure("channel"), 1);
}

TEST(ChannelMissing, GoesOnThroughAPauseOfTheOtherChannel) {
  DetectorRunner run("channel_missing");
  run.sound(stereo(0_s, 1_s, -90, -20));
  run.sound(stereo(1_s, 2_s, -90, -90));
  run.sound(stereo(2_s, 4_s, -90, -20));
  run.sound(stereo(4_s, 5_s, -20, -20));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.channel_missing", 0_s, 4_s)));
}

TEST(ChannelMissing, IsNotEndedByAClick) {
  DetectorRunner run("channel_missing");
  run.sound(stereo(0_s, 3_s, -90, -20));
  run.sound(stereo(3_s, 3.01_s, -20, -20));
  run.sound(stereo(3.01_s, 5_s, -90, -20));
  run.sound(stereo(5_s, 6_s, -20, -20));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.channel_missing", 0_s, 5_s)));
}

TEST(ChannelMissing, LastsToTheEndOfTheInput) {
  DetectorRunner run("channel_missing");
  run.sound(stereo(0_s, 4_s, -90, -20));
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.channel_missing", 0_s, 4_s)));
}

TEST(ChannelMissing, LastsWhileNoSoundArrives) {
  DetectorRunner run("channel_missing");
  run.sound(stereo(0_s, 1_s, -90, -20));
  run.pass(5_s);
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.channel_missing", 0_s, 5_s)));
}

}  // namespace
}  // namespace monolens

#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Pictures scene(MediaTime from, MediaTime to) { return {.from = from, .to = to}; }
Pictures flat(MediaTime from, MediaTime to) { return {.from = from, .to = to, .flat_share = 1}; }

TEST(Solid, BeginsWithTheFirstFlatPictureAndEndsWithTheFirstOther) {
  DetectorRunner run("solid");
  run.pictures(scene(0_s, 5_s));
  run.pictures(flat(5_s, 6_s));
  run.pictures(scene(6_s, 7_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.solid", 5_s, 6_s)));
}

TEST(Solid, DependsOnTheFlatShareTheDarkShareAndHowLong) {
  const struct {
    std::string_view what;
    double flat_share;
    double dark_share;
    MediaTime to;  // from 1 s on
    bool found;
  } cases[] = {
      {"the green frame of a failed decoder", 1, 0, 2_s, true},
      {"exactly the share", 0.99, 0, 2_s, true},
      {"exactly the duration", 1, 0, 1.52_s, true},
      {"dark grey with black corners", 1, 0.9, 2_s, true},
      {"just below the share", 0.989, 0, 30_s, false},
      {"a clear sky over a street", 0.95, 0, 30_s, false},
      {"black", 1, 1, 30_s, false},
      {"one picture too short", 1, 0, 1.48_s, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("solid", {{"share", 0.99}, {"duration_s", 0.52}});
    run.pictures(scene(0_s, 1_s));
    run.pictures({.from = 1_s, .to = c.to, .dark_share = c.dark_share, .flat_share = c.flat_share});
    run.pictures(scene(c.to, c.to + 1_for_s));
    if (c.found) {
      EXPECT_THAT(run.finish(), ElementsAre(Found("video.solid", 1_s, c.to)));
    } else {
      EXPECT_THAT(run.finish(), IsEmpty());
    }
  }
}

TEST(Solid, LastsToTheEndOfTheInput) {
  DetectorRunner run("solid");
  run.pictures(scene(0_s, 5_s));
  run.pictures(flat(5_s, 6_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.solid", 5_s, 6_s)));
}

TEST(Solid, LastsWhileNoPicturesArrive) {
  DetectorRunner run("solid");
  run.pictures(flat(0_s, 0.2_s));
  run.pass(3_s);
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.solid", 0_s, 3_s)));
}

TEST(Solid, MeasuresTheColour) {
  DetectorRunner run("solid");
  run.pictures(scene(0_s, 1_s));
  run.pictures({.from = 1_s, .to = 2_s, .flat_share = 1, .luma = 145, .cb = 54, .cr = 34});
  run.pictures(scene(2_s, 3_s));
  const Stretch green = run.finish().at(0);
  EXPECT_DOUBLE_EQ(green.measure("y"), 145);
  EXPECT_DOUBLE_EQ(green.measure("cb"), 54);
  EXPECT_DOUBLE_EQ(green.measure("cr"), 34);
}

TEST(Solid, TellsNeutralChromaOfAGreyStream) {
  DetectorRunner run("solid");
  run.pictures({.from = 0_s, .to = 1_s, .flat_share = 1, .luma = 90, .grey = true});
  const Stretch grey = run.finish().at(0);
  EXPECT_DOUBLE_EQ(grey.measure("cb"), 128);
  EXPECT_DOUBLE_EQ(grey.measure("cr"), 128);
}

}  // namespace
}  // namespace monolens

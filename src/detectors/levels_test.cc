#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Pictures legal(MediaTime from, MediaTime to) { return {.from = from, .to = to}; }

TEST(Levels, BeginWithTheFirstPictureOutsideAndEndWithTheFirstInside) {
  DetectorRunner run("levels");
  run.pictures(legal(0_s, 5_s));
  run.pictures({.from = 5_s, .to = 8_s, .luma_outside = 0.5});
  run.pictures(legal(8_s, 10_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.levels", 5_s, 8_s)));
}

TEST(Levels, DependOnTheShareOfAnyPlane) {
  const double share = DetectorRunner("levels").option("share");
  const struct {
    std::string_view what;
    Pictures pictures;
    bool found;
  } cases[] = {
      {"luma", {.from = 1_s, .to = 9_s, .luma_outside = 1.1 * share}, true},
      {"blue difference", {.from = 1_s, .to = 9_s, .cb_outside = 1.1 * share}, true},
      {"red difference", {.from = 1_s, .to = 9_s, .cr_outside = 1.1 * share}, true},
      {"luma alone in a grey stream",
       {.from = 1_s, .to = 9_s, .grey = true, .luma_outside = 1.1 * share},
       true},
      {"exactly the share", {.from = 1_s, .to = 9_s, .luma_outside = share, .cb_outside = share}, false},
      {"each plane a little",
       {.from = 1_s,
        .to = 9_s,
        .luma_outside = 0.9 * share,
        .cb_outside = 0.9 * share,
        .cr_outside = 0.9 * share},
       false},
      {"nothing outside", {.from = 1_s, .to = 9_s}, false},
      {"a flash", {.from = 1_s, .to = 1.08_s, .luma_outside = 1}, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("levels");
    run.pictures(legal(0_s, 1_s));
    run.pictures(c.pictures);
    run.pictures(legal(c.pictures.to, c.pictures.to + 2_for_s));
    if (c.found) {
      EXPECT_THAT(run.finish(), ElementsAre(Found("video.levels", 1_s, 9_s)));
    } else {
      EXPECT_THAT(run.finish(), IsEmpty());
    }
  }
}

TEST(Levels, AreOneExcursionAcrossASinglePictureInside) {
  DetectorRunner run("levels");
  run.pictures({.from = 0_s, .to = 3_s, .luma_outside = 0.5});
  run.pictures(legal(3_s, 3.04_s));
  run.pictures({.from = 3.04_s, .to = 6_s, .luma_outside = 0.5});
  run.pictures(legal(6_s, 8_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.levels", 0_s, 6_s)));
}

TEST(Levels, LastToTheEndOfTheInput) {
  DetectorRunner run("levels");
  run.pictures({.from = 0_s, .to = 3_s, .luma_outside = 0.5});
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.levels", 0_s, 3_s)));
}

TEST(Levels, LastWhileNoPicturesArrive) {
  DetectorRunner run("levels");
  run.pictures({.from = 0_s, .to = 0.4_s, .luma_outside = 0.5});
  run.pass(5_s);
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.levels", 0_s, 5_s)));
}

TEST(Levels, MeasureTheLargestShares) {
  DetectorRunner run("levels");
  run.pictures({.from = 0_s, .to = 2_s, .luma_outside = 0.25, .cr_outside = 0.125});
  run.pictures({.from = 2_s, .to = 4_s, .luma_outside = 0.125, .cr_outside = 0.5});
  const Stretch s = run.finish().at(0);
  EXPECT_DOUBLE_EQ(s.measure("luma_outside_share"), 0.25);
  EXPECT_DOUBLE_EQ(s.measure("chroma_outside_share"), 0.5);
}

}  // namespace
}  // namespace monolens

#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Pictures scene(MediaTime from, MediaTime to) { return {.from = from, .to = to}; }
Pictures bars(MediaTime from, MediaTime to) { return {.from = from, .to = to, .color_bars = true}; }

TEST(ColorBars, BeginWithTheFirstPictureThatShowsThemAndEndWithTheFirstOther) {
  DetectorRunner run("color_bars");
  run.pictures(scene(0_s, 5_s));
  run.pictures(bars(5_s, 15_s));
  run.pictures(scene(15_s, 20_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.color_bars", 5_s, 15_s)));
}

TEST(ColorBars, AreToldFromTheDurationOn) {
  const struct {
    std::string_view what;
    MediaTime to;  // from 1 s on
    bool found;
  } cases[] = {
      {"exactly the duration", 2_s, true},
      {"longer", 4_s, true},
      {"one picture too short", 1.96_s, false},
      {"a flash", 1.04_s, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("color_bars", {{"duration_s", 1}});
    run.pictures(scene(0_s, 1_s));
    run.pictures(bars(1_s, c.to));
    run.pictures(scene(c.to, c.to + 1_for_s));
    if (c.found) {
      EXPECT_THAT(run.finish(), ElementsAre(Found("video.color_bars", 1_s, c.to)));
    } else {
      EXPECT_THAT(run.finish(), IsEmpty());
    }
  }
}

TEST(ColorBars, LastToTheEndOfTheInput) {
  DetectorRunner run("color_bars");
  run.pictures(bars(0_s, 3_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.color_bars", 0_s, 3_s)));
}

TEST(ColorBars, LastWhileNoPicturesArrive) {
  DetectorRunner run("color_bars");
  run.pictures(bars(0_s, 0.4_s));
  run.pass(5_s);
  run.pictures(scene(5_s, 6_s));
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.color_bars", 0_s, 5_s)));
}

}  // namespace
}  // namespace monolens

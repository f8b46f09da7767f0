#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// Pictures the grid of which is measured five times a second.
class Screen {
 public:
  explicit Screen(DetectorRunner::Settings settings = {}) : run_("blockiness", settings) {}

  void show(MediaTime to, double share) { show(to, BlockGrid{.share = share}); }
  void show(MediaTime to, std::optional<BlockGrid> grid) {
    for (; now() < to; ++pictures_) {
      VideoFeatures f;
      f.time = now();
      f.duration = kPicture;
      if (pictures_ % 5 == 0) f.block_grid = grid;
      run_.picture(f);
    }
  }

  MediaTime now() const { return MediaTime{} + kPicture * pictures_; }
  DetectorRunner& run() { return run_; }
  const std::vector<Stretch>& finish() { return run_.finish(); }

 private:
  static constexpr auto kPicture = MediaDuration::milliseconds(40);
  DetectorRunner run_;
  std::int64_t pictures_ = 0;
};

TEST(Blockiness, BeginsWhereTheGridAppearsAndEndsWhereItGoes) {
  Screen screen({{"share", 0.1}, {"duration_s", 1.5}});
  screen.show(4_s, 0.01);
  screen.show(7_s, 0.3);
  screen.show(10_s, 0.01);
  EXPECT_THAT(screen.finish(), ElementsAre(Found("video.blockiness", 4_s, 7_s)));
}

TEST(Blockiness, IsToldOnceItHasLastedLongEnough) {
  Screen screen({{"share", 0.1}, {"duration_s", 1.5}});
  screen.show(4_s, 0.01);
  screen.show(5.4_s, 0.3);
  EXPECT_THAT(screen.run().findings(), IsEmpty());
  screen.show(5.7_s, 0.3);
  EXPECT_THAT(screen.run().findings(), ElementsAre(FoundOpen("video.blockiness", 4_s)));
}

TEST(Blockiness, DependsOnTheShareAndTheDuration) {
  const struct {
    std::string_view what;
    double share;
    MediaTime to;  // from 2 s on
    bool found;
  } cases[] = {
      {"exactly the share", 0.1, 6_s, true},
      {"less than the share", 0.099, 6_s, false},
      {"exactly the duration", 0.1, 4_s, true},
      {"one measurement less", 0.9, 3.8_s, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Screen screen({{"share", 0.1}, {"duration_s", 2}});
    screen.show(2_s, 0.0);
    screen.show(c.to, c.share);
    screen.show(8_s, 0.0);
    if (c.found) {
      EXPECT_THAT(screen.finish(), ElementsAre(Found("video.blockiness", 2_s, c.to)));
    } else {
      EXPECT_THAT(screen.finish(), IsEmpty());
    }
  }
}

TEST(Blockiness, OnceToldLastsUntilLittleOfTheGridIsLeft) {
  Screen screen({{"share", 0.1}});
  screen.show(2_s, 0.0);
  screen.show(5_s, 0.11);
  screen.show(8_s, 0.075);
  screen.show(11_s, 0.065);
  EXPECT_THAT(screen.finish(), ElementsAre(Found("video.blockiness", 2_s, 8_s)));
}

TEST(Blockiness, IsNotWhatComesAndGoes) {
  Screen screen({{"share", 0.1}, {"duration_s", 1.5}});
  for (int n = 0; n < 8; ++n) {
    screen.show(screen.now() + 1_for_s, 0.3);
    screen.show(screen.now() + 0.2_for_s, 0.09);
  }
  EXPECT_THAT(screen.finish(), IsEmpty());
}

TEST(Blockiness, IsOneIfTheGridIsGoneForLessThanHalfASecond) {
  const struct {
    std::string_view what;
    MediaDuration gone;
    bool one;
  } cases[] = {{"for 0.4 s", 0.4_for_s, true}, {"for 0.8 s", 0.8_for_s, false}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Screen screen({{"duration_s", 1.5}});
    screen.show(4_s, 0.3);
    screen.show(4_s + c.gone, 0.0);
    screen.show(8_s, 0.3);
    if (c.one) {
      EXPECT_THAT(screen.finish(), ElementsAre(Found("video.blockiness", 0_s, 8_s)));
    } else {
      EXPECT_THAT(screen.finish(), ElementsAre(Found("video.blockiness", 0_s, 4_s),
                                               Found("video.blockiness", 4_s + c.gone, 8_s)));
    }
  }
}

TEST(Blockiness, GoesOnWhereNothingIsMeasured) {
  Screen screen;
  screen.show(3_s, 0.3);
  screen.show(9_s, std::nullopt);
  EXPECT_THAT(screen.finish(), ElementsAre(Found("video.blockiness", 0_s, 9_s)));
}

TEST(Blockiness, LastsToTheEndOfTheInput) {
  Screen screen;
  screen.show(2_s, 0.0);
  screen.show(6_s, 0.3);
  EXPECT_THAT(screen.finish(), ElementsAre(Found("video.blockiness", 2_s, 6_s)));
}

TEST(Blockiness, MeasuresTheGridWhereItShowsMost) {
  Screen screen;
  screen.show(1_s, BlockGrid{.share = 0.9, .left = 1, .top = 1});  // too short to be one
  screen.show(2_s, 0.0);
  screen.show(5_s, BlockGrid{.share = 0.3, .left = 2, .top = 2});
  screen.show(6_s, BlockGrid{.share = 0.5, .left = 4, .top = 7});
  screen.show(7_s, BlockGrid{.share = 0.2, .left = 3, .top = 3});
  screen.show(9_s, 0.0);
  screen.show(12_s, BlockGrid{.share = 0.25, .left = 5, .top = 6});
  const auto& found = screen.finish();
  ASSERT_THAT(found, ElementsAre(Found("video.blockiness", 2_s, 7_s), Found("video.blockiness", 9_s, 12_s)));
  EXPECT_EQ(found[0].measure("grid_share"), 0.5);
  EXPECT_EQ(found[0].measure("grid_left"), 4);
  EXPECT_EQ(found[0].measure("grid_top"), 7);
  EXPECT_EQ(found[1].measure("grid_share"), 0.25);
  EXPECT_EQ(found[1].measure("grid_left"), 5);
}

TEST(Blockiness, AsksForTheGrid) {
  const FeatureOptions features = DetectorRunner("blockiness").features();
  EXPECT_TRUE(features.luma);
  EXPECT_TRUE(features.block_grid);
}

}  // namespace
}  // namespace monolens

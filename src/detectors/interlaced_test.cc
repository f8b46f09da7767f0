#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kCells = 2000;

constexpr Combing kClean = {.moving = 400};
constexpr Combing kCombed = {.moving = 400, .top_first = 200};
constexpr Combing kStill = {};

// What the stream says of its pictures.
enum class Says { kProgressive, kTopFirst, kBottomFirst };

// Pictures 40 ms apart, every third of which is looked at.
class Screen {
 public:
  explicit Screen(DetectorRunner::Settings settings = {}) : run_("interlaced", settings) {}

  void show(MediaTime to, std::optional<Combing> combing, Says says = Says::kProgressive) {
    for (; now() < to; ++pictures_) {
      VideoFeatures f;
      f.time = now();
      f.duration = kPicture;
      f.interlaced = says != Says::kProgressive;
      f.top_field_first = says == Says::kTopFirst;
      f.luma.cells = cells_;
      if (pictures_ % 3 == 0) f.combing = combing;
      run_.picture(f);
    }
  }

  MediaTime now() const { return MediaTime{} + kPicture * pictures_; }
  DetectorRunner& run() { return run_; }
  const std::vector<Stretch>& finish() { return run_.finish(); }

 private:
  static constexpr auto kPicture = MediaDuration::milliseconds(40);
  DetectorRunner run_;
  std::vector<kernels::Cell> cells_ = std::vector<kernels::Cell>(kCells);
  std::int64_t pictures_ = 0;
};

TEST(Interlaced, BeginsWithTheFirstCombedPictureAndEndsWithTheNextCleanOne) {
  Screen screen;
  screen.show(2.4_s, kClean);
  screen.show(6_s, kCombed);
  screen.show(9_s, kClean);
  EXPECT_THAT(screen.finish(), ElementsAre(Found("video.interlaced", 2.4_s, 6_s)));
}

TEST(Interlaced, IsToldOnceItHasLastedLongEnough) {
  Screen screen({{"duration_s", 1}});
  screen.show(2.4_s, kClean);
  screen.show(3.3_s, kCombed);
  EXPECT_THAT(screen.run().findings(), IsEmpty());
  screen.show(3.6_s, kCombed);
  EXPECT_THAT(screen.run().findings(), ElementsAre(FoundOpen("video.interlaced", 2.4_s)));
}

TEST(Interlaced, LastsToTheEndOfTheInput) {
  Screen screen;
  screen.show(2.4_s, kClean);
  screen.show(5_s, kCombed);
  EXPECT_THAT(screen.finish(), ElementsAre(Found("video.interlaced", 2.4_s, 5_s)));
}

TEST(Interlaced, NeedsToLastForTheDuration) {
  const struct {
    std::string_view what;
    MediaTime to;  // from 2.4 s on
    bool found;
  } cases[] = {{"exactly", 3.6_s, true}, {"one picture that is looked at less", 3.48_s, false}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Screen screen({{"duration_s", 1.2}});
    screen.show(1.2_s, kStill);
    screen.show(2.4_s, kClean);
    screen.show(c.to, kCombed);
    screen.show(9_s, kClean);
    EXPECT_EQ(screen.finish().size(), c.found ? 1U : 0U);
  }
}

TEST(Interlaced, IsAgainstWhatTheStreamSays) {
  const struct {
    std::string_view what;
    Says says;
    Combing combing;
    std::string_view note;  // empty: silent
  } cases[] = {
      {"woven and called progressive", Says::kProgressive, {.moving = 400, .top_first = 200}, "woven"},
      {"bottom field first", Says::kProgressive, {.moving = 400, .bottom_first = 200}, "woven"},
      {"woven and called so", Says::kTopFirst, {.moving = 400, .top_first = 200}, ""},
      {"the same, bottom first", Says::kBottomFirst, {.moving = 400, .bottom_first = 200}, ""},
      {"called top field first", Says::kTopFirst, {.moving = 400, .bottom_first = 200}, "wrong order"},
      {"called bottom field first", Says::kBottomFirst, {.moving = 400, .top_first = 200}, "wrong order"},
      {"called interlaced and not", Says::kTopFirst, {.moving = 400}, ""},
      {"progressive", Says::kProgressive, {.moving = 400}, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Screen screen;
    screen.show(6_s, c.combing, c.says);
    const auto& found = screen.finish();
    if (c.note.empty()) {
      EXPECT_THAT(found, IsEmpty());
    } else {
      ASSERT_THAT(found, ElementsAre(Found("video.interlaced", 0_s, 6_s)));
      EXPECT_THAT(found[0].finding.note, HasSubstr(c.note));
    }
  }
}

TEST(Interlaced, DependsOnTheCellsThatAreTorn) {
  const struct {
    std::string_view what;
    Combing combing;
    bool found;
  } cases[] = {
      {"exactly the share of the picture", {.moving = 20, .top_first = 20}, true},
      {"fewer", {.moving = 20, .top_first = 19}, false},
      {"exactly the share of what moves", {.moving = 1000, .top_first = 100}, true},
      {"fewer", {.moving = 1000, .top_first = 99}, false},
      {"few of the other order", {.moving = 100, .top_first = 90, .bottom_first = 30}, true},
      {"both orders", {.moving = 100, .top_first = 90, .bottom_first = 31}, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Screen screen({{"cells", 0.01}, {"moving_cells", 0.1}});
    screen.show(6_s, c.combing);
    EXPECT_EQ(screen.finish().size(), c.found ? 1U : 0U);
  }
}

TEST(Interlaced, NeedsMoreThanAFewCellsHoweverSmallTheShare) {
  for (const int torn : {5, 6}) {
    SCOPED_TRACE(torn);
    Screen screen({{"cells", 0}, {"moving_cells", 0}});
    screen.show(6_s, Combing{.moving = 6, .top_first = torn});
    EXPECT_EQ(screen.finish().size(), torn == 6 ? 1U : 0U);
  }
}

TEST(Interlaced, GoesOnWhileNothingMoves) {
  Screen screen;
  screen.show(2.4_s, kClean);
  screen.show(4.8_s, kCombed);
  screen.show(12_s, kStill);
  screen.show(15_s, kCombed);
  screen.show(18_s, kClean);
  EXPECT_THAT(screen.finish(), ElementsAre(Found("video.interlaced", 2.4_s, 15_s)));
}

TEST(Interlaced, EndsWithTheFirstCleanMovementAfterAStillPicture) {
  Screen screen;
  screen.show(4.8_s, kCombed);
  screen.show(12_s, kStill);
  screen.show(15_s, kClean);
  EXPECT_THAT(screen.finish(), ElementsAre(Found("video.interlaced", 0_s, 12_s)));
}

TEST(Interlaced, OfAMomentIsNotMadeLongByAPictureThatStands) {
  const struct {
    std::string_view what;
    MediaTime combed_to;  // from 2.4 s on
    MediaTime still_to;
    bool found;
  } cases[] = {
      {"a moment, then stillness", 2.64_s, 20_s, false},
      {"a moment, then a short stillness", 2.64_s, 4.2_s, false},
      {"as long as is asked, then stillness", 3.6_s, 20_s, true},
  };
  for (const auto& c : cases) {
    for (const bool clean_after : {false, true}) {
      SCOPED_TRACE(testing::Message() << c.what << (clean_after ? ", then clean movement" : " to the end"));
      Screen screen;
      screen.show(2.4_s, kClean);
      screen.show(c.combed_to, kCombed);
      screen.show(c.still_to, kStill);
      if (clean_after) screen.show(c.still_to + 4.8_for_s, kClean);
      EXPECT_EQ(screen.finish().size(), c.found ? 1U : 0U);
    }
  }
}

TEST(Interlaced, AddsUpOverShortRests) {
  const struct {
    MediaDuration rest;
    bool found;
  } cases[] = {{0.84_for_s, true}, {1.8_for_s, true}, {4.8_for_s, false}};
  for (const auto& c : cases) {
    SCOPED_TRACE(testing::PrintToString(c.rest));
    Screen screen;
    for (int n = 0; n < 4; ++n) {
      screen.show(screen.now() + 0.36_for_s, kCombed);
      screen.show(screen.now() + c.rest, kStill);
    }
    if (c.found) {
      EXPECT_THAT(screen.run().findings(), ElementsAre(FoundOpen("video.interlaced", 0_s)));
    } else {
      EXPECT_THAT(screen.finish(), IsEmpty());
    }
  }
}

TEST(Interlaced, CountsPulldownOfTwoTornPicturesInFive) {
  Screen screen;
  for (int n = 0; n < 50; ++n) {
    screen.show(screen.now() + 0.12_for_s, n % 5 < 2 ? kCombed : kClean);
  }
  EXPECT_THAT(screen.finish(), ElementsAre(Found("video.interlaced", 0_s, 5.64_s)));
}

TEST(Interlaced, IsNotATornPictureHereAndThere) {
  Screen screen;
  for (int n = 0; n < 10; ++n) {
    screen.show(screen.now() + 0.12_for_s, kCombed);
    screen.show(screen.now() + 1.2_for_s, kClean);
  }
  EXPECT_THAT(screen.finish(), IsEmpty());
}

TEST(Interlaced, MeasuresTheLargestShareOfTornCells) {
  Screen screen;
  screen.show(0.6_s, Combing{.moving = 1500, .top_first = 1400});  // too short to be told
  screen.show(3_s, kClean);
  screen.show(5.4_s, Combing{.moving = 400, .top_first = 100});
  screen.show(6_s, Combing{.moving = 400, .top_first = 300});
  screen.show(8.4_s, Combing{.moving = 400, .top_first = 200});
  const auto& found = screen.finish();
  ASSERT_THAT(found, ElementsAre(Found("video.interlaced", 3_s, 8.4_s)));
  EXPECT_THAT(found[0].measure("torn_share"), DoubleNear(0.15, 1e-9));
}

TEST(Interlaced, AsksForCombing) {
  const FeatureOptions features = DetectorRunner("interlaced").features();
  EXPECT_TRUE(features.luma);
  EXPECT_TRUE(features.combing);
}

}  // namespace
}  // namespace monolens

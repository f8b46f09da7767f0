#include <functional>
#include <numbers>
#include <random>
#include <vector>

#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr int kColumns = 50;
constexpr int kRows = 20;

// What a cell shows at a time in seconds; columns and rows count from 0 to 1.
using Scene = std::function<LightCell(double t, double x, double y)>;

LightCell grey(double luminance) { return {.luminance = static_cast<float>(luminance)}; }

// R / (R + G + B) is `saturation`, R − G − B is `red` / 320.
LightCell red(double red, bool saturated = true, double luminance = 0.2) {
  return {.luminance = static_cast<float>(luminance), .red = static_cast<float>(red), .saturated = saturated};
}

// Shows a scene to the detector, a picture every 1/fps seconds from 0 to `seconds`.
class Screen {
 public:
  explicit Screen(DetectorRunner::Settings settings = {}) : run_("flash", settings) {}

  void show(const Scene& scene, double seconds, double fps) {
    const int pictures = static_cast<int>(std::lround(seconds * fps));
    for (int n = 0; n < pictures; ++n) show_one(scene, n / fps, 1 / fps);
  }

  void show_one(const Scene& scene, double t, double duration) {
    for (int r = 0; r < kRows; ++r) {
      for (int c = 0; c < kColumns; ++c) {
        LightCell& cell = cells_[static_cast<std::size_t>(r * kColumns + c)];
        cell = scene(t, (c + 0.5) / kColumns, (r + 0.5) / kRows);
        cell.share = 1.0F / (kColumns * kRows);
      }
    }
    VideoFeatures f;
    f.time = MediaTime::seconds(t);
    f.duration = MediaDuration::seconds(duration);
    f.light = {.columns = kColumns, .rows = kRows, .cells = cells_};
    run_.picture(f);
  }

  const std::vector<Stretch>& finish() { return run_.finish(); }

 private:
  DetectorRunner run_;
  std::vector<LightCell> cells_ = std::vector<LightCell>(kColumns * kRows);
};

const std::vector<Stretch> seen(const Scene& scene, double fps = 25, DetectorRunner::Settings settings = {}) {
  Screen screen(settings);
  screen.show(scene, 8, fps);
  return screen.finish();
}

// From 2 to 5 s the left `area` of the picture goes between two looks, `rate` times a second.
struct Strobe {
  double rate = 5;
  double area = 1;
  LightCell dark = grey(0.1);
  LightCell light = grey(0.9);
  double duty = 0.5;  // share of the time that it is light

  LightCell operator()(double t, double x, double) const {
    constexpr double kBeforePicture = 1e-6;  // so that a change at a picture's time is in that picture
    const double since = t - 2 + kBeforePicture;
    const bool flashing = since >= 0 && since < 3 && x < area;
    return flashing && std::fmod(since * rate, 1.0) < duty ? light : dark;
  }
};

TEST(Flash, BeginsWithTheFirstChangeAndEndsWithTheLast) {
  EXPECT_THAT(seen(Strobe{.rate = 5}, 50), ElementsAre(Found("video.flash", 2_s, 4.9_s)));
}

TEST(Flash, IsAPairOfOpposingChangesMoreThanThreeTimesASecond) {
  const struct {
    std::string_view what;
    Scene scene;
    bool found;
  } cases[] = {
      {"2 a second", Strobe{.rate = 2}, false},
      {"exactly 3 a second", Strobe{.rate = 3}, false},
      {"4 a second", Strobe{.rate = 4}, true},
      {"10 a second", Strobe{.rate = 10}, true},
      {"3 camera flashes a second", Strobe{.rate = 3, .duty = 0.15}, false},
      {"4 camera flashes a second", Strobe{.rate = 4, .duty = 0.2}, true},
      {"3 flashes, then light for ever",
       [](double t, double, double) {
         return grey(t < 2 || (t < 2.6 && std::fmod(t, 0.2) >= 0.1) ? 0.1 : 0.9);
       },
       false},
      {"4 flashes",
       [](double t, double, double) {
         return grey(t >= 2 && t < 2.8 && std::fmod(t + 1e-6, 0.2) < 0.1 ? 0.9 : 0.1);
       },
       true},
      {"rising steps", [](double t, double, double) { return grey(std::floor(t * 8) / 64); }, false},
      {"fades", [](double t, double, double) { return grey(0.5 + 0.4 * std::sin(t * 6)); }, false},
  };
  for (const auto& c : cases) {
    for (const double fps : {24000.0 / 1001, 25.0, 30000.0 / 1001, 30.0, 50.0, 60.0}) {
      SCOPED_TRACE(testing::Message() << c.what << " at " << fps << " pictures a second");
      EXPECT_EQ(seen(c.scene, fps).size(), c.found ? 1u : 0u);
    }
  }
}

TEST(Flash, IsCountedByTimesHoweverFewPicturesShowIt) {
  EXPECT_EQ(seen(Strobe{.rate = 4}, 10).size(), 1u);
  EXPECT_EQ(seen(Strobe{.rate = 5}, 10).size(), 1u);
  EXPECT_THAT(seen(Strobe{.rate = 3}, 10), IsEmpty());
  EXPECT_THAT(seen(Strobe{.rate = 2.5}, 10), IsEmpty());
}

TEST(Flash, IsCountedByTimesAtAVariableRate) {
  for (const double rate : {3.0, 5.0}) {
    SCOPED_TRACE(rate);
    Screen screen;
    const double steps[] = {0.02, 0.05, 0.033, 0.041, 0.016};
    std::size_t n = 0;
    for (double t = 0; t < 8; t += steps[n++ % 5]) screen.show_one(Strobe{.rate = rate}, t, steps[n % 5]);
    EXPECT_EQ(screen.finish().size(), rate > 3 ? 1u : 0u);
  }
}

TEST(Flash, TakesTheLimitsOfTheStandard) {
  const struct {
    std::string_view what;
    Strobe strobe;
    bool found;
  } cases[] = {
      {"24 % of the picture", {.area = 0.24}, false},
      {"exactly a quarter", {.area = 0.25}, false},  // 12 of 50 columns and the half of one that is dark
      {"26 % of the picture", {.area = 0.26}, true},
      {"a change of 9 %", {.dark = grey(0.30), .light = grey(0.39)}, false},
      {"a change of 11 %", {.dark = grey(0.30), .light = grey(0.41)}, true},
      {"the darker at 0.79", {.dark = grey(0.79), .light = grey(0.95)}, true},
      {"the darker at 0.81", {.dark = grey(0.81), .light = grey(0.95)}, false},
      {"saturated red, 19", {.dark = red(0, false), .light = red(19)}, false},
      {"saturated red, 21", {.dark = red(0, false), .light = red(21)}, true},
      {"red that is not saturated", {.dark = red(0, false), .light = red(100, false)}, false},
      {"from one red to a saturated one", {.dark = red(100, false), .light = red(200)}, true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(seen(c.strobe).size(), c.found ? 1u : 0u);
  }
}

TEST(Flash, FollowsItsOptions) {
  EXPECT_EQ(seen(Strobe{.area = 0.24}, 25, {{"area", 0.2}}).size(), 1u);
  EXPECT_THAT(seen(Strobe{.rate = 5}, 25, {{"flashes", 5}}), IsEmpty());
  EXPECT_EQ(seen(Strobe{.rate = 3}, 25, {{"flashes", 2}}).size(), 1u);
  EXPECT_EQ(seen(Strobe{.dark = grey(0.3), .light = grey(0.36)}, 25, {{"luminance_change", 0.05}}).size(),
            1u);
  EXPECT_THAT(seen(Strobe{.dark = grey(0.5)}, 25, {{"dark_level", 0.4}}), IsEmpty());
  EXPECT_THAT(seen(Strobe{.dark = red(0, false), .light = red(60)}, 25, {{"red_change", 80}}), IsEmpty());
}

TEST(Flash, SaysWhichAndHowStrong) {
  const Stretch general =
      seen(Strobe{.rate = 5, .area = 0.5, .dark = grey(0.25), .light = grey(0.75)}, 50).at(0);
  EXPECT_EQ(general.finding.note, "general flashes");
  EXPECT_THAT(general.measure("flashes_per_s"), DoubleNear(5, 0.05));
  EXPECT_THAT(general.measure("area_share"), DoubleNear(0.5, 1e-3));
  EXPECT_THAT(general.measure("luminance_change"), DoubleNear(0.5, 1e-3));
  const Stretch reds = seen(Strobe{.dark = red(0, false), .light = red(150)}).at(0);
  EXPECT_EQ(reds.finding.note, "red flashes");
  EXPECT_THAT(reds.measure("red_change"), DoubleNear(150, 1e-3));
  const Stretch both = seen(Strobe{.dark = red(0, false, 0), .light = red(320, true, 0.21)}).at(0);
  EXPECT_EQ(both.finding.note, "general and red flashes");
}

TEST(Flash, OfPartsInOppositePhaseAddUp) {
  const Scene halves = [](double t, double x, double) {
    const bool phase = std::fmod(t * 6, 1.0) < 0.5;
    return grey(x < 0.2 ? (phase ? 0.1 : 0.9) : x < 0.4 ? (phase ? 0.9 : 0.1) : 0.5);
  };
  EXPECT_THAT(seen(halves), IsEmpty());  // a fifth turns each way: neither is large enough
  const Scene larger = [](double t, double x, double) {
    const bool phase = std::fmod(t * 6, 1.0) < 0.5;
    return grey((x < 0.5) == phase ? 0.1 : 0.9);
  };
  EXPECT_EQ(seen(larger).size(), 1u);
}

TEST(Flash, OfAScenePartOfWhichRespondsLaterIsOne) {
  const Scene sweeping = [](double t, double x, double) {
    return grey(std::sin(2 * std::numbers::pi * (4 * t - 0.2 * x)) > 0 ? 0.7 : 0.2);
  };
  EXPECT_EQ(seen(sweeping, 50).size(), 1u);
}

TEST(Flash, IsNot) {
  const struct {
    std::string_view what;
    Scene scene;
  } cases[] = {
      {"stripes that wander",
       [](double t, double x, double) { return grey(std::fmod(x * 5 + t * 4, 1.0) < 0.5 ? 0.9 : 0.1); }},
      {"a checkerboard that wanders",
       [](double t, double x, double y) {
         return grey((std::fmod(x * 5 + t * 3, 1.0) < 0.5) == (std::fmod(y * 3, 1.0) < 0.5) ? 0.9 : 0.1);
       }},
      {"noise",
       [](double t, double x, double y) { return grey(0.5 + 0.04 * std::sin(t * 1e4 + x * 7e3 + y * 5e3)); }},
      {"eight cuts a second",
       [](double t, double x, double y) {
         const auto place = static_cast<std::uint32_t>(std::floor(x * 10) + 10 * std::floor(y * 5));
         const auto shot = static_cast<std::uint32_t>(t * 8 + 1e-6);
         std::minstd_rand random(place * 977 + shot * 7919 + 1);
         random.discard(9);
         return grey(static_cast<double>(random() % 1000) / 1000);
       }},
      {"flashes here and there",
       [](double t, double x, double) {
         const double place = std::fmod(std::floor(t * 8) * 0.37, 1.0);
         return grey(std::fmod(t * 8, 1.0) < 0.5 && std::abs(x - place) < 0.15 ? 0.9 : 0.2);
       }},
      {"a still picture", [](double, double x, double) { return grey(x); }},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_THAT(seen(c.scene), IsEmpty());
    EXPECT_THAT(seen(c.scene, 50), IsEmpty());
  }
}

TEST(Flash, GoesOnAfterAMomentOfRest) {
  const Scene resting = [](double t, double x, double y) {
    return t > 3 && t < 3.5 ? grey(0.1) : Strobe{.rate = 8}(t, x, y);
  };
  EXPECT_EQ(seen(resting).size(), 1u);
}

TEST(Flash, LastsToTheLastChangeOfTheInput) {
  Screen screen;
  screen.show([](double t, double, double) { return grey(std::fmod(t * 5, 1.0) < 0.5 ? 0.9 : 0.1); }, 4, 50);
  EXPECT_THAT(screen.finish(), ElementsAre(Found("video.flash", 0.1_s, 3.9_s)));
}

}  // namespace
}  // namespace monolens

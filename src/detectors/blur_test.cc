#include <cmath>

#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr double kSharp = 0.5;  // slope

// How a stretch looks, and how it came to be.
struct Look {
  double softness = 0;  // octaves below kSharp
  std::optional<double> edges_lose =
      1;             // those that show the same, of what the picture has; unset: too few do
  bool cut = false;  // it begins another shot
  double edge_share = 0.2;
};

// Pictures the sharpness of which is measured five times a second.
class Camera {
 public:
  explicit Camera(DetectorRunner::Settings settings = {}) : run_("blur", settings) {}

  void show(MediaTime to, Look look) {
    for (; now() < to; ++pictures_) {
      VideoFeatures f;
      f.time = now();
      f.duration = kPicture;
      if (pictures_ % 5 == 0) f.sharpness = measure(look);
      run_.picture(f);
      look.cut &= pictures_ % 5 != 0;
    }
  }
  // From one softness to another, as fast as `to` allows.
  void pull(MediaTime to, double softness) {
    const double from = softness_.empty() ? 0 : softness_.back();
    const double per_second = (softness - from) / (to - now()).seconds();
    const MediaTime start = now();
    while (now() < to) {
      const MediaTime next = now() + 0.2_for_s;
      show(next, {.softness = from + per_second * (next - start).seconds()});
    }
  }
  void pass(MediaTime to) {
    while (now() < to) ++pictures_;
    run_.pass(to);
  }

  MediaTime now() const { return MediaTime{} + kPicture * pictures_; }
  DetectorRunner& run() { return run_; }
  const std::vector<Stretch>& finish() { return run_.finish(); }

 private:
  static constexpr auto kPicture = MediaDuration::milliseconds(40);

  Sharpness measure(const Look& look) {
    if (look.cut) softness_.clear();
    softness_.push_back(look.softness);
    const auto loss = [&](std::size_t ago) -> std::optional<double> {
      if (!look.edges_lose || softness_.size() <= ago) return std::nullopt;
      return *look.edges_lose * (look.softness - softness_[softness_.size() - 1 - ago]);
    };
    return {.slope = kSharp * std::exp2(-look.softness),
            .edge_share = look.edge_share,
            .loss = loss(1),
            .slow_loss = loss(5),
            .cut = look.cut};
  }

  DetectorRunner run_;
  std::vector<double> softness_;  // of the shot's measurements
  std::int64_t pictures_ = 0;
};

TEST(Blur, BeginsWhereTheEdgesSoftenAndEndsWhereTheyAreSharpAgain) {
  Camera camera;
  camera.show(4_s, {});
  camera.show(7_s, {.softness = 1});
  camera.show(9_s, {});
  EXPECT_THAT(camera.finish(), ElementsAre(Found("video.blur", 4_s, 7_s)));
}

TEST(Blur, IsToldOnceItHasLastedLongEnough) {
  Camera camera({{"duration_s", 1}});
  camera.show(4_s, {});
  camera.show(4.9_s, {.softness = 1});
  EXPECT_THAT(camera.run().findings(), IsEmpty());
  camera.show(5.2_s, {.softness = 1});
  EXPECT_THAT(camera.run().findings(), ElementsAre(FoundOpen("video.blur", 4_s)));
}

TEST(Blur, NeedsToLastForTheDuration) {
  const struct {
    std::string_view what;
    MediaTime to;  // from 4 s on
    bool found;
  } cases[] = {{"exactly", 6_s, true}, {"one measurement less", 5.8_s, false}, {"a moment", 4.2_s, false}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Camera camera({{"duration_s", 2}});
    camera.show(4_s, {});
    camera.show(c.to, {.softness = 1});
    camera.show(9_s, {});
    if (c.found) {
      EXPECT_THAT(camera.finish(), ElementsAre(Found("video.blur", 4_s, c.to)));
    } else {
      EXPECT_THAT(camera.finish(), IsEmpty());
    }
  }
}

TEST(Blur, DependsOnWhatIsLost) {
  const struct {
    std::string_view what;
    Look look;
    double loss;
    double edges;
    bool found;
  } cases[] = {
      {"as much as is asked", {.softness = 0.5}, 0.5, 0.02, true},
      {"less", {.softness = 0.49}, 0.5, 0.02, false},
      {"little, where little is asked", {.softness = 0.11}, 0.1, 0.02, true},
      {"as many edges as are asked", {.softness = 1, .edge_share = 0.1}, 0.25, 0.1, true},
      {"fewer", {.softness = 1, .edge_share = 0.09}, 0.25, 0.1, false},
      {"sharper instead", {.softness = -1}, 0.25, 0.02, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Camera camera({{"loss", c.loss}, {"edges", c.edges}});
    camera.show(4_s, {.edge_share = c.look.edge_share});
    camera.show(8_s, c.look);
    EXPECT_EQ(camera.finish().size(), c.found ? 1U : 0U);
  }
}

TEST(Blur, IsJudgedByTheEdgesThatShowTheSame) {
  const struct {
    std::string_view what;
    Look look;
    bool found;
  } cases[] = {
      {"they lose what the picture loses", {.softness = 1, .edges_lose = 1}, true},
      {"they lose half of it", {.softness = 1, .edges_lose = 0.5}, true},
      {"a dissolve or a title that vanishes: they lose nothing", {.softness = 1, .edges_lose = 0}, false},
      {"they get sharper", {.softness = 1, .edges_lose = -1}, false},
      {"they lose far more", {.softness = 1, .edges_lose = 3}, false},
      {"too few show the same, and much is lost", {.softness = 0.7, .edges_lose = {}}, true},
      {"too few show the same, and less is lost", {.softness = 0.5, .edges_lose = {}}, false},
      {"a cut to a soft shot", {.softness = 1, .edges_lose = {}, .cut = true}, false},
      {"a cut to an even softer one", {.softness = 3, .edges_lose = {}, .cut = true}, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Camera camera;
    camera.show(4_s, {});
    camera.show(8_s, c.look);
    camera.show(10_s, {});
    if (c.found) {
      EXPECT_THAT(camera.finish(), ElementsAre(Found("video.blur", 4_s, 8_s)));
    } else {
      EXPECT_THAT(camera.finish(), IsEmpty());
    }
  }
}

TEST(Blur, BeginsWhereEnoughIsLostIfItComesSlowly) {
  const struct {
    std::string_view what;
    MediaTime to;  // from 4 s on
    double softness;
    std::optional<MediaTime> start;
  } cases[] = {
      {"an octave in half a second", 4.6_s, 1, 4_s},
      {"two octaves in a second", 5_s, 2, 4_s},
      {"1.2 octaves in 3 seconds", 7_s, 1.2, 5.4_s},
      {"two octaves in 20 seconds", 24_s, 2, {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Camera camera;
    camera.show(4_s, {});
    camera.pull(c.to, c.softness);
    camera.show(c.to + 4_for_s, {.softness = c.softness});
    if (c.start) {
      EXPECT_THAT(camera.finish(), ElementsAre(Found("video.blur", *c.start, c.to + 4_for_s)));
    } else {
      EXPECT_THAT(camera.finish(), IsEmpty());
    }
  }
}

TEST(Blur, NeedsToKnowWhatIsUsualInTheShot) {
  const struct {
    std::string_view what;
    MediaTime sharp_to;
    std::optional<double> edges_lose;
    bool found;
  } cases[] = {{"a second, whatever its edges show", 4_s, {}, true},
               {"0.6 s", 3.6_s, {}, false},
               {"0.4 s, if its edges tell", 3.4_s, 1, true},
               {"a single picture", 3.2_s, 1, false}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Camera camera;
    camera.show(3_s, {});
    camera.show(c.sharp_to, {.cut = true});
    camera.show(8_s, {.softness = 1, .edges_lose = c.edges_lose});
    EXPECT_EQ(camera.finish().size(), c.found ? 1U : 0U);
  }
}

TEST(Blur, IsJudgedByTheShotsRecentSharpness) {
  Camera camera;
  camera.show(4_s, {.softness = 2});
  camera.show(8_s, {.softness = 1.5, .edges_lose = {}, .cut = true});
  camera.show(11_s, {.softness = 2});
  EXPECT_THAT(camera.finish(), ElementsAre(Found("video.blur", 8_s, 11_s)));
}

TEST(Blur, EndsOnceLessThanHalfOfTheLossIsLeft) {
  const struct {
    std::string_view what;
    double blurred;
    double then;
    bool over;
  } cases[] = {
      {"most of it is left", 1, 0.55, false},
      {"little of it is left", 1, 0.45, true},
      {"of a small loss, a little less", 0.28, 0.16, false},
      {"of a small loss, less than counts", 0.28, 0.145, true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Camera camera;
    camera.show(4_s, {});
    camera.show(6_s, {.softness = c.blurred});
    camera.show(9_s, {.softness = c.then});
    EXPECT_THAT(camera.finish(), ElementsAre(Found("video.blur", 4_s, c.over ? 6_s : 9_s)));
  }
}

TEST(Blur, GoesOnAcrossACutIfTheNextShotIsFarTooSoftToo) {
  const struct {
    std::string_view what;
    double softness;
    bool goes_on;
  } cases[] = {{"as soft", 0.8, true}, {"less so", 0.45, false}, {"sharp", 0, false}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Camera camera;
    camera.show(4_s, {});
    camera.show(6_s, {.softness = 0.8});
    camera.show(9_s, {.softness = c.softness, .edges_lose = {}, .cut = true});
    camera.show(11_s, {});
    EXPECT_THAT(camera.finish(), ElementsAre(Found("video.blur", 4_s, c.goes_on ? 9_s : 6_s)));
  }
}

TEST(Blur, GoesOnWhereThePictureHasNoEdgesToTell) {
  Camera camera;
  camera.show(4_s, {});
  camera.show(6_s, {.softness = 1});
  camera.show(8_s, {.edge_share = 0.001});
  camera.show(9_s, {.softness = 1});
  camera.show(11_s, {});
  EXPECT_THAT(camera.finish(), ElementsAre(Found("video.blur", 4_s, 9_s)));
}

TEST(Blur, IsNotEndedByASharpMoment) {
  Camera camera;
  camera.show(4_s, {});
  camera.show(6_s, {.softness = 1});
  camera.show(6.2_s, {});
  camera.show(9_s, {.softness = 1});
  camera.show(11_s, {});
  EXPECT_THAT(camera.finish(), ElementsAre(Found("video.blur", 4_s, 9_s)));
}

TEST(Blur, IsTwoWhenThePictureWasSharpForASecond) {
  Camera camera;
  camera.show(4_s, {});
  camera.show(6_s, {.softness = 1});
  camera.show(7_s, {});
  camera.show(9_s, {.softness = 1});
  camera.show(11_s, {});
  EXPECT_THAT(camera.finish(), ElementsAre(Found("video.blur", 4_s, 6_s), Found("video.blur", 7_s, 9_s)));
}

TEST(Blur, LastsWhileNoPicturesArriveAndToTheEndOfTheInput) {
  Camera camera;
  camera.show(4_s, {});
  camera.show(5_s, {.softness = 1});
  camera.pass(9_s);
  EXPECT_THAT(camera.finish(), ElementsAre(Found("video.blur", 4_s, 9_s)));
}

TEST(Blur, MeasuresTheSlopeBeforeAndWhatIsLeftOfItAtWorst) {
  Camera camera;
  camera.show(4_s, {});
  camera.show(6_s, {.softness = 1});
  camera.show(7_s, {.softness = 2});
  camera.show(8_s, {.softness = 1.5});
  camera.show(10_s, {});
  const auto& found = camera.finish();
  ASSERT_THAT(found, ElementsAre(Found("video.blur", 4_s, 8_s)));
  EXPECT_THAT(found[0].measure("slope_before"), DoubleNear(kSharp, 1e-9));
  EXPECT_THAT(found[0].measure("sharpness_ratio"), DoubleNear(0.25, 1e-9));
}

TEST(Blur, AsksForSharpness) {
  const FeatureOptions features = DetectorRunner("blur").features();
  EXPECT_TRUE(features.luma);
  EXPECT_TRUE(features.sharpness);
}

}  // namespace
}  // namespace monolens

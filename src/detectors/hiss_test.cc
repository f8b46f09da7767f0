#include "detectors/heard.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// A voice in words of 0.3 s, which end with an s, and pauses as long.
Wave speech(double dbfs) {
  constexpr double kWord = 0.6;
  return [s = noise(dbfs - 6, 7), amplitude = from_decibel(dbfs)](double t) mutable {
    const double since = std::fmod(t + 0.2, kWord);
    const double hissed = s(t);
    if (since < 0.2) {
      double sum = 0;
      for (int h = 1; h <= 12; ++h) sum += std::sin(2 * std::numbers::pi * h * 115 * t) / h;
      return amplitude * sum;
    }
    return since < 0.3 ? hissed * std::sin(std::numbers::pi * (since - 0.2) / 0.1) : 0.0;
  };
}

// White noise below about `hz` only.
Wave rumble(double dbfs, double hz, unsigned seed = 1) {
  return [white = noise(dbfs, seed), step = 1 - std::exp(-2 * std::numbers::pi * hz / 48000), a = 0.0,
          b = 0.0, c = 0.0](double t) mutable {
    a += step * (white(t) - a);
    b += step * (a - b);
    c += step * (b - c);
    return c;
  };
}

Wave chord() { return mix({sine(440, -20), sine(1554, -25), sine(6590, -30), sine(13000, -40)}); }

// Six seconds of the programme, with the hiss from the first to the fifth.
std::vector<Stretch> heard(const Wave& programme, const Wave& hiss, DetectorRunner::Settings settings = {},
                           int sample_rate = 48000) {
  Heard heard("hiss", settings, sample_rate);
  heard.play(0_s, 1_s, {programme});
  heard.play(1_s, 5_s, {mix({programme, hiss})});
  heard.play(5_s, 6_s, {programme});
  return heard.finish();
}

auto FoundAt(MediaTime start, MediaTime end) { return FoundNear("audio.hiss", start, end, 0.02_for_s); }

TEST(Hiss, LastsFromItsFirstMomentToItsLastWhateverSoundsAbove) {
  const struct {
    std::string_view what;
    Wave programme;
    Wave hiss;
  } cases[] = {
      {"silence", silence(), noise(-50)},
      {"dither", noise(-96, 3), noise(-50)},
      {"a softer floor", noise(-62, 3), noise(-50)},
      {"speech with pauses", speech(-20), noise(-50)},
      {"a chord", mix({sine(440, -20), sine(554, -20), sine(659, -20)}), noise(-50)},
      {"a low rumble", rumble(-30, 300, 3), noise(-50)},
      {"just above the level", noise(-96, 3), noise(-56)},
      {"nearly the programme", noise(-96, 3), noise(-32)},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_THAT(heard(c.programme, c.hiss), ElementsAre(FoundAt(1_s, 5_s)));
    EXPECT_THAT(heard(c.programme, silence()), IsEmpty());
  }
}

TEST(Hiss, IsHeardInOneChannelAloneAndAtEachRate) {
  for (const int rate : {16000, 32000, 44100}) {
    SCOPED_TRACE(rate);
    EXPECT_THAT(heard(speech(-20), noise(-50), {}, rate), ElementsAre(FoundAt(1_s, 5_s)));
  }
  for (std::size_t channel = 0; channel < 2; ++channel) {
    SCOPED_TRACE(channel);
    Heard stereo("hiss", {{"duration_s", 1}});
    std::vector<Wave> waves = {silence(), silence()};
    stereo.play(0_s, 1_s, waves);
    waves[channel] = noise(-50);
    stereo.play(1_s, 3_s, waves);
    EXPECT_THAT(stereo.finish(), ElementsAre(FoundAt(1_s, 3_s)));
  }
}

TEST(Hiss, IsNot) {
  const auto flutter = [](double t) { return 0.6 + 0.4 * std::sin(23 * t) * std::sin(17.3 * t + 1); };
  const struct {
    std::string_view what;
    Wave sound;
  } cases[] = {
      {"a low floor", noise(-60)},
      {"rain, which is the programme", noise(-26)},
      {"a chord", chord()},
      {"speech", speech(-20)},
      {"a low rumble", rumble(-30, 1000)},
      {"applause", shaped(noise(-40), flutter)},
      {"breath", shaped(noise(-35), [](double t) { return std::pow(std::sin(4 * t), 2.0); })},
      {"a cymbal", shaped(noise(-30), [](double t) { return std::exp(-6 * std::fmod(t, 0.4)); })},
      {"a noise that fades", shaped(noise(-30), [](double t) { return std::exp(-t); })},
      {"noise that comes and goes",
       shaped(noise(-40), [](double t) { return std::fmod(t, 0.4) < 0.2 ? 1.0 : 0.0; })},
      {"a floor that nothing shows", mix({noise(-55), shaped(noise(-20, 2), flutter)})},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_THAT(heard(noise(-96, 3), c.sound), IsEmpty());
  }
}

TEST(Hiss, IsToldSoonButNotOfABriefNoise) {
  EXPECT_LE(heard(silence(), noise(-50)).at(0).told, 4_s);
  EXPECT_LE(heard(silence(), noise(-50), {{"duration_s", 1}}).at(0).told, 2.5_s);
  EXPECT_THAT(heard(silence(), noise(-50), {{"duration_s", 4.5}}), IsEmpty());
  Heard brief("hiss");
  brief.play(0_s, 1_s, {silence()});
  brief.play(1_s, 1.3_s, {noise(-50)});
  brief.play(1.3_s, 3_s, {silence()});
  EXPECT_THAT(brief.finish(), IsEmpty());
}

TEST(Hiss, LastsFromTheFirstSampleToTheLast) {
  Heard all_along("hiss");
  all_along.play(7_s, 10_s, {mix({speech(-20), noise(-50)})});
  EXPECT_THAT(all_along.finish(), ElementsAre(Found("audio.hiss", 7_s, 10_s)));
}

TEST(Hiss, EndsWhereItIsGoneThoughTheInputEndsSoonAfter) {
  Heard heard("hiss");
  heard.play(0_s, 3_s, {noise(-50)});
  heard.play(3_s, 3.05_s, {silence()});
  EXPECT_THAT(heard.finish(), ElementsAre(FoundAt(0_s, 3_s)));
}

TEST(Hiss, IsOneThroughLoudSoundAndAMomentWithout) {
  Heard heard("hiss");
  heard.play(0_s, 0.5_s, {noise(-50)});
  heard.play(0.5_s, 0.53_s, {silence()});
  heard.play(0.53_s, 2_s, {noise(-50)});
  heard.play(2_s, 4_s, {noise(-20)});
  heard.play(4_s, 5_s, {noise(-50)});
  heard.play(5_s, 5.03_s, {silence()});
  heard.play(5.03_s, 6_s, {noise(-50)});
  EXPECT_THAT(heard.finish(), ElementsAre(FoundAt(0_s, 6_s)));
}

TEST(Hiss, IsToldEachTime) {
  Heard heard("hiss", {{"duration_s", 1}});
  heard.play(0_s, 2_s, {noise(-50)});
  heard.play(2_s, 2.1_s, {silence()});
  heard.play(2.1_s, 5_s, {noise(-50)});
  EXPECT_THAT(heard.finish(), ElementsAre(FoundAt(0_s, 2_s), FoundAt(2.1_s, 5_s)));
}

TEST(Hiss, IsJudgedAnewAfterAGap) {
  Heard heard("hiss", {{"duration_s", 1}});
  heard.play(0_s, 1_s, {noise(-50)});
  heard.play(5_s, 7_s, {noise(-50)});
  EXPECT_THAT(heard.finish(), ElementsAre(FoundAt(5_s, 7_s)));
}

TEST(Hiss, EndsWithTheChannelThatItIsIn) {
  Heard heard("hiss", {{"duration_s", 1}});
  heard.play(0_s, 2_s, {silence(), noise(-50)});
  heard.play(2_s, 4_s, {silence()});
  EXPECT_THAT(heard.finish(), ElementsAre(FoundAt(0_s, 2_s)));
}

TEST(Hiss, FollowsItsOptions) {
  EXPECT_EQ(heard(silence(), noise(-61), {{"floor_dbfs", -64}}).size(), 1U);
  EXPECT_THAT(heard(silence(), noise(-50), {{"floor_dbfs", -45}}), IsEmpty());
  EXPECT_EQ(heard(silence(), noise(-26), {{"loudest_dbfs", -20}}).size(), 1U);
  EXPECT_THAT(heard(silence(), noise(-50), {{"loudest_dbfs", -55}}), IsEmpty());
  EXPECT_THAT(heard(silence(), noise(-50), {{"spread", 0.1}}), IsEmpty());
  const Wave unsteady = shaped(noise(-50), [](double t) { return 1 + 0.3 * std::sin(15 * t); });
  EXPECT_THAT(heard(silence(), unsteady), IsEmpty());
  EXPECT_EQ(heard(silence(), unsteady, {{"spread", 4}}).size(), 1U);
}

TEST(Hiss, IsMajorFromALevelOn) {
  EXPECT_EQ(heard(silence(), noise(-50)).at(0).finding.severity, std::nullopt);
  EXPECT_EQ(heard(silence(), noise(-40)).at(0).finding.severity, Severity::kMajor);
  EXPECT_EQ(heard(silence(), noise(-50), {{"major_dbfs", -55}}).at(0).finding.severity, Severity::kMajor);
}

TEST(Hiss, MeasuresItsLevelAndWhatItCovers) {
  const Stretch white = heard(speech(-20), noise(-50)).at(0);
  EXPECT_NEAR(white.measure("floor_dbfs"), -50.8, 1);  // up to 20 kHz
  EXPECT_LE(white.measure("from_hz"), 4000);
  EXPECT_EQ(white.measure("to_hz"), 20000);
  EXPECT_NEAR(heard(silence(), noise(-50), {}, 16000).at(0).measure("to_hz"), 5657, 1);
}

TEST(Hiss, DoesNotMeasureTheRumbleBeneath) {
  const Stretch found = heard(rumble(-26, 1500, 2), noise(-55)).at(0);
  EXPECT_NEAR(found.measure("floor_dbfs"), -55, 2);
  EXPECT_GE(found.measure("from_hz"), 2000);
}

}  // namespace
}  // namespace monolens

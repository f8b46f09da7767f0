#include "detectors/heard.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// The first lines of a mains at `hz`, each of this RMS.
Wave hum(double hz, std::vector<double> dbfs) {
  std::vector<Wave> lines;
  for (std::size_t h = 0; h < dbfs.size(); ++h) {
    lines.push_back(sine(hz * static_cast<double>(h + 1), dbfs[h]));
  }
  return mix(std::move(lines));
}

Wave hum(double hz) { return hum(hz, {-40, -38, -42, -46}); }  // -34.6 dBFS in all

// A voice that rises and falls, in words of half a second with pauses between.
Wave speech(double dbfs) {
  return [amplitude = from_decibel(dbfs)](double t) {
    const double word = std::max(0.0, std::sin(2 * std::numbers::pi * 1.1 * t));
    const double turns = 115 * t + 8 * std::sin(2 * std::numbers::pi * 0.43 * t);
    double sum = 0;
    for (int h = 1; h <= 12; ++h) sum += std::sin(2 * std::numbers::pi * h * turns) / h;
    return amplitude * word * sum;
  };
}

// Notes of half a second that fade.
Wave bass(std::vector<double> notes_hz, double dbfs) {
  return [notes_hz, amplitude = from_decibel(dbfs)](double t) {
    const auto note = static_cast<std::size_t>(t * 2);
    const double since = t - static_cast<double>(note) / 2;
    double sum = 0;
    for (int h = 1; h <= 6; ++h) {
      sum += std::sin(2 * std::numbers::pi * h * notes_hz[note % notes_hz.size()] * since) / h;
    }
    return amplitude * sum * std::exp(-4 * since);
  };
}

constexpr int kRate = 4000;

// Ten seconds of the programme, with the hum from the second to the eighth.
std::vector<Stretch> heard(const Wave& programme, const Wave& hum, DetectorRunner::Settings settings = {},
                           int sample_rate = kRate) {
  Heard heard("hum", settings, sample_rate);
  heard.play(0_s, 2_s, {programme});
  heard.play(2_s, 8_s, {mix({programme, hum})});
  heard.play(8_s, 10_s, {programme});
  return heard.finish();
}

std::vector<Stretch> heard(const Wave& sound) {
  Heard heard("hum", {}, kRate);
  heard.play(0_s, 5_s, {sound});
  return heard.finish();
}

auto FoundAt(MediaTime start, MediaTime end) { return FoundNear("audio.hum", start, end, 0.06_for_s); }

TEST(Hum, LastsFromItsFirstMomentToItsLastWhateverSoundsAbove) {
  const struct {
    std::string_view what;
    Wave programme;
    Wave hum;
  } cases[] = {
      {"silence", silence(), hum(50)},
      {"silence, 60 Hz", silence(), hum(60)},
      {"noise", noise(-50), hum(50)},
      {"loud noise", noise(-25), hum(50)},
      {"speech", speech(-20), hum(50)},
      {"speech, 60 Hz", speech(-20), hum(60)},
      {"a held chord", mix({sine(440, -20), sine(554, -20), sine(659, -20)}), hum(50)},
      {"a bass", bass({55, 65.4, 73.4}, -25), hum(50)},
      {"the mains a little slow", noise(-50), hum(49.9)},
      {"a little fast", noise(-50), hum(60.1)},
      {"odd harmonics", noise(-60), hum(50, {-40, -100, -45, -100, -45, -100, -50})},
      {"even harmonics, of a rectifier", noise(-60), hum(50, {-100, -40, -100, -45, -100, -45, -100, -50})},
      {"three lines", noise(-60), hum(60, {-40, -40, -40})},
      {"just above the level", noise(-70), hum(50, {-54, -54, -54, -54})},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_THAT(heard(c.programme, c.hum), ElementsAre(FoundAt(2_s, 8_s)));
    EXPECT_THAT(heard(c.programme), IsEmpty());
  }
}

TEST(Hum, IsHeardInOneChannelAloneAndAtEachRate) {
  for (const int rate : {8000, 44100, 48000}) {
    SCOPED_TRACE(rate);
    EXPECT_THAT(heard(noise(-50), hum(50), {}, rate), ElementsAre(FoundAt(2_s, 8_s)));
  }
  for (std::size_t channel = 0; channel < 2; ++channel) {
    SCOPED_TRACE(channel);
    Heard stereo("hum", {}, kRate);
    std::vector<Wave> waves = {speech(-20), speech(-20)};
    stereo.play(0_s, 2_s, waves);
    waves[channel] = mix({waves[channel], hum(50)});
    stereo.play(2_s, 8_s, waves);
    EXPECT_THAT(stereo.finish(), ElementsAre(FoundAt(2_s, 8_s)));
  }
}

TEST(Hum, IsNot) {
  const struct {
    std::string_view what;
    Wave sound;
  } cases[] = {
      {"noise", noise(-20)},
      {"a steady tone at the mains' frequency", hum(50, {-20})},
      {"one at its double", sine(100, -20)},
      {"a tone and its octave", hum(50, {-30, -30})},
      {"harmonics without a low one", hum(50, {-100, -100, -100, -40, -40, -40, -40})},
      {"a held note of 49 Hz", hum(49)},
      {"a held note a little beside", hum(49.7)},
      {"a held note of 55 Hz", hum(55)},
      {"a held note of 61 Hz", hum(61)},
      {"a bass that plays 49 Hz", bass({49}, -20)},
      {"a bass that plays the mains' frequency", bass({50}, -20)},
      {"a bass that plays both", bass({60, 60, 50}, -20)},
      {"speech", speech(-20)},
      {"a tremolo", shaped(hum(50), [](double t) { return 1 + std::sin(2 * std::numbers::pi * 3 * t); })},
      {"drum beats", shaped(hum(50), [](double t) { return std::exp(-8 * std::fmod(t, 0.5)); })},
      {"below the level", hum(50, {-57, -57, -57, -57})},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_THAT(heard(mix({noise(-65), c.sound})), IsEmpty());
  }
}

TEST(Hum, IsToldAfterTwoSecondsAndNotBefore) {
  EXPECT_LE(heard(noise(-50), hum(50)).at(0).told, 4.2_s);
  Heard brief("hum", {}, kRate);
  brief.play(0_s, 2_s, {noise(-50)});
  brief.play(2_s, 3.5_s, {mix({noise(-50), hum(50)})});
  brief.play(3.5_s, 6_s, {noise(-50)});
  EXPECT_THAT(brief.finish(), IsEmpty());
}

TEST(Hum, LastsFromTheFirstSampleToTheLast) {
  for (const double shift_s : {0.0, 0.003, 0.006, 0.009, 0.012, 0.015, 0.018}) {
    SCOPED_TRACE(shift_s);
    Heard all_along("hum", {}, kRate);
    all_along.play(7_s, 10_s, {[=, wave = hum(50)](double t) { return wave(t + shift_s); }});
    ASSERT_THAT(all_along.finish(), ElementsAre(FoundAt(7_s, 10_s)));
    EXPECT_GE(all_along.findings()[0].finding.start, 7_s);
    EXPECT_EQ(all_along.findings()[0].end, 10_s);
  }
}

TEST(Hum, BeginsWhereItSetInThoughItCouldNotBeToldBefore) {
  Heard heard("hum", {}, kRate);
  heard.play(0_s, 2_s, {noise(-14)});
  heard.play(2_s, 5_s, {mix({noise(-14), hum(50)})});
  heard.play(5_s, 8_s, {mix({noise(-60), hum(50)})});
  ASSERT_THAT(heard.finish(), ElementsAre(FoundNear("audio.hum", 2_s, 8_s, 0.3_for_s)));
  EXPECT_GE(heard.findings()[0].told, 5_s);
}

TEST(Hum, EndsWhereItIsGoneThoughTheInputEndsSoonAfter) {
  Heard heard("hum", {}, kRate);
  heard.play(0_s, 5_s, {mix({noise(-60), hum(50)})});
  heard.play(5_s, 5.15_s, {noise(-60)});
  EXPECT_THAT(heard.finish(), ElementsAre(FoundAt(0_s, 5_s)));
}

TEST(Hum, IsOneThroughAMomentOfLoudNoise) {
  Heard heard("hum", {}, kRate);
  heard.play(0_s, 5_s, {mix({noise(-60), hum(50)})});
  heard.play(5_s, 5.5_s, {mix({noise(-10), hum(50)})});
  heard.play(5.5_s, 9_s, {mix({noise(-60), hum(50)})});
  EXPECT_THAT(heard.finish(), ElementsAre(FoundAt(0_s, 9_s)));
}

TEST(Hum, GoesOnWhileTheMainsWander) {
  // By 0.04 Hz each way.
  const Wave wandering = [lines = hum(50)](double t) { return lines(t + 0.0032 * std::sin(0.25 * t)); };
  Heard heard("hum", {}, kRate);
  heard.play(0_s, 30_s, {mix({noise(-40), wandering})});
  EXPECT_THAT(heard.finish(), ElementsAre(FoundAt(0_s, 30_s)));
}

TEST(Hum, IsToldEachTime) {
  Heard heard("hum", {}, kRate);
  heard.play(0_s, 4_s, {mix({noise(-60), hum(50)})});
  heard.play(4_s, 8_s, {noise(-60)});
  heard.play(8_s, 12_s, {mix({noise(-60), hum(60)})});
  EXPECT_THAT(heard.finish(), ElementsAre(FoundAt(0_s, 4_s), FoundAt(8_s, 12_s)));
}

TEST(Hum, EndsWhereTheSoundBreaksOff) {
  Heard heard("hum", {}, kRate);
  heard.play(0_s, 4_s, {mix({noise(-60), hum(50)})});
  heard.play(8_s, 12_s, {mix({noise(-60), hum(50)})});
  EXPECT_THAT(heard.finish(), ElementsAre(FoundAt(0_s, 4_s), FoundAt(8_s, 12_s)));
}

TEST(Hum, EndsWithTheChannelThatItIsIn) {
  Heard heard("hum", {}, kRate);
  heard.play(0_s, 4_s, {noise(-60), mix({noise(-60), hum(50)})});
  heard.play(4_s, 8_s, {noise(-60)});
  EXPECT_THAT(heard.finish(), ElementsAre(FoundAt(0_s, 4_s)));
}

TEST(Hum, FollowsItsOptions) {
  const Wave weak = hum(50, {-57, -57, -57, -57});
  EXPECT_EQ(heard(noise(-70), weak, {{"level_dbfs", -55}}).size(), 1U);
  EXPECT_THAT(heard(noise(-60), hum(50), {{"level_dbfs", -30}}), IsEmpty());
  EXPECT_EQ(heard(noise(-65), hum(50, {-30, -30}), {{"harmonics", 2}}).size(), 1U);
  EXPECT_THAT(heard(noise(-60), hum(50), {{"harmonics", 5}}), IsEmpty());
}

TEST(Hum, IsMajorFromALevelOn) {
  EXPECT_EQ(heard(noise(-60), hum(50)).at(0).finding.severity, Severity::kMajor);
  EXPECT_EQ(heard(noise(-60), hum(50), {{"major_dbfs", -30}}).at(0).finding.severity, std::nullopt);
}

TEST(Hum, MeasuresTheChannelThatHumsMost) {
  const Wave soft = mix({noise(-60), hum(50, {-50, -50, -50})});
  const Wave strong = mix({noise(-60), hum(60, {-30, -30, -30})});
  for (const auto& channels : {std::vector<Wave>{soft, strong}, std::vector<Wave>{strong, soft}}) {
    Heard heard("hum", {}, kRate);
    heard.play(0_s, 3_s, channels);
    ASSERT_EQ(heard.finish().size(), 1U);
    EXPECT_NEAR(heard.findings()[0].measure("mains_hz"), 60, 0.03);
  }
}

TEST(Hum, MeasuresTheMainsAndHowStrongItsLinesAre) {
  const Stretch at_50 = heard(speech(-20), hum(49.95)).at(0);
  EXPECT_NEAR(at_50.measure("mains_hz"), 49.95, 0.03);
  EXPECT_NEAR(at_50.measure("level_dbfs"), -34.6, 1);
  EXPECT_EQ(at_50.measure("harmonics"), 4);
  EXPECT_THAT(at_50.finding.note, testing::HasSubstr("50 Hz"));
  const Stretch at_60 = heard(noise(-50), hum(60, {-30, -30, -30, -30, -30, -30})).at(0);
  EXPECT_NEAR(at_60.measure("mains_hz"), 60, 0.03);
  EXPECT_NEAR(at_60.measure("level_dbfs"), -22.2, 1);
  EXPECT_EQ(at_60.measure("harmonics"), 6);
  EXPECT_THAT(at_60.finding.note, testing::HasSubstr("60 Hz"));
}

}  // namespace
}  // namespace monolens

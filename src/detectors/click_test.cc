#include "detectors/heard.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr double kSample = 1.0 / 48000;

// So many samples of one level.
Wave pulse(double at, double level, int samples = 1) {
  return [=](double t) { return t > at - kSample / 2 && t < at + (samples - 0.5) * kSample ? level : 0.0; };
}

Wave after(double start, Wave wave) {
  return shaped(std::move(wave), [=](double t) { return t < start ? 0.0 : 1.0; });
}

// Sets in at once and rings on, falling to a third in `decay` seconds.
Wave struck(double at, double decay, Wave wave) {
  return shaped(std::move(wave), [=](double t) { return t < at ? 0.0 : std::exp((at - t) / decay); });
}

Wave chord() { return mix({sine(220, -26), sine(277.2, -26), sine(329.6, -28), sine(1318.5, -40)}); }

// A voice: pulses of the glottis, each of which rings in the mouth.
Wave voice() {
  return [](double t) {
    const double since = std::fmod(t, 0.008);
    return 0.2 * std::exp(-since * 400) * std::sin(2 * std::numbers::pi * 700 * since) +
           0.1 * std::exp(-since * 600) * std::sin(2 * std::numbers::pi * 1800 * since);
  };
}

std::vector<Stretch> heard(const std::vector<Wave>& waves, DetectorRunner::Settings settings = {},
                           int sample_rate = 48000) {
  Heard heard("click", settings, sample_rate);
  heard.play(0_s, 3_s, waves);
  return heard.finish();
}

auto FoundAt(MediaTime time) { return FoundNear("audio.click", time, time + 0.001_for_s, 0.0006_for_s); }

TEST(Click, IsASingleImpulseInWhateverSounds) {
  const struct {
    std::string_view what;
    Wave sound;
    Wave click;
  } cases[] = {
      {"in silence", silence(), pulse(1.2345, 0.1)},
      {"in soft noise", noise(-60), pulse(1.2345, 0.1)},
      {"in loud noise", noise(-26), pulse(1.2345, 0.9)},
      {"in a chord", chord(), pulse(1.2345, 0.1)},
      {"in a voice", voice(), pulse(1.2345, -0.5)},
      {"half a millisecond long", mix({chord(), noise(-60)}), pulse(1.2345, 0.3, 24)},
      {"a ringing one", noise(-60), struck(1.2345, 0.0001, [](double) { return 0.3; })},
      {"a step", chord(), [](double t) { return t < 1.2345 ? 0.0 : 0.1; }},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_THAT(heard({mix({c.sound, c.click})}), ElementsAre(FoundAt(1.2345_s)));
    EXPECT_THAT(heard({c.sound}), IsEmpty());
  }
}

TEST(Click, IsWhereSamplesWereSkipped) {
  const Wave skipping = [sound = chord()](double t) { return sound(t < 1.2345 ? t : t + 0.001); };
  EXPECT_THAT(heard({skipping}), ElementsAre(FoundAt(1.2345_s)));
}

TEST(Click, IsHeardInEachChannelAndAtEachRate) {
  const Wave clicking = mix({noise(-60), pulse(1.5, 0.3)});
  EXPECT_THAT(heard({clicking, noise(-60)}), ElementsAre(FoundAt(1.5_s)));
  EXPECT_THAT(heard({noise(-60), clicking}), ElementsAre(FoundAt(1.5_s)));
  EXPECT_THAT(heard({noise(-60), noise(-60), noise(-60), noise(-60), noise(-60), clicking}),
              ElementsAre(FoundAt(1.5_s)));
  for (const int rate : {16000, 32000, 44100, 96000}) {
    SCOPED_TRACE(rate);
    EXPECT_THAT(heard({clicking}, {}, rate), ElementsAre(FoundAt(1.5_s)));
  }
  const auto both = heard({clicking, clicking});
  ASSERT_THAT(both, ElementsAre(FoundAt(1.5_s)));
  EXPECT_EQ(both[0].measure("clicks"), 1);
}

TEST(Click, IsNot) {
  const Wave soft = noise(-66);
  const struct {
    std::string_view what;
    Wave sound;
  } cases[] = {
      {"silence", silence()},
      {"noise", noise(-20)},
      {"a voice", voice()},
      {"a beep that sets in at once", after(1.5, sine(1000, -20))},
      {"noise that sets in at once", mix({soft, after(1.5, noise(-20))})},
      {"a plucked string", mix({soft, struck(1.5, 0.3, mix({sine(330, -20), sine(660, -24)}))})},
      {"a bell", mix({soft, struck(1.5, 0.5, mix({sine(1760, -20), sine(4100, -24), sine(6890, -30)}))})},
      {"a struck block of wood", mix({soft, struck(1.5, 0.02, sine(1200, -15))})},
      {"a drum with its skin", mix({soft, struck(1.5, 0.03, mix({noise(-15, 2), sine(180, -10)}))})},
      {"a hand clap", mix({soft, struck(1.5, 0.01, noise(-15, 2))})},
      {"a soft click", mix({soft, pulse(1.5, 0.007)})},
      {"one below the noise", mix({noise(-30), pulse(1.5, 0.1)})},
      {"a burst of 4 ms", mix({soft, shaped(noise(-15, 2), [](double t) { return t > 1.5 && t < 1.504; })})},
      {"a pulse every 10 ms",
       [](double t) { return std::fmod(t + kSample / 2, 0.01) < kSample ? 0.3 : 0.0; }},
      {"a square wave", [](double t) { return std::fmod(t, 0.01) < 0.005 ? 0.3 : -0.3; }},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_THAT(heard({c.sound}), IsEmpty());
  }
}

// The impulses as they come to be known, 30 ms late.
std::vector<Stretch> counted(const std::vector<Impulse>& impulses, MediaTime end,
                             DetectorRunner::Settings settings = {}) {
  DetectorRunner run("click", settings);
  AudioFeatures f;
  f.duration = MediaDuration::milliseconds(10);
  for (; f.time < end; f.time = f.time + f.duration) {
    f.impulse.reset();
    for (const Impulse& i : impulses) {
      const MediaDuration since = i.time + MediaDuration::milliseconds(30) - f.time;
      if (since >= MediaDuration{} && since < f.duration) f.impulse = i;
    }
    run.hop(f);
  }
  return run.finish(end);
}

TEST(Click, IsOneIncidentWithThoseLessThanASecondApart) {
  const std::vector<Impulse> clicks = {
      {1_s, 8, 0.1F}, {1.9_s, 20, 0.5F}, {2.8_s, 5, 0.2F}, {3.9_s, 9, 0.05F}};
  const auto found = counted(clicks, 6_s);
  ASSERT_THAT(found, ElementsAre(Found("audio.click", 1_s, 2.801_s), Found("audio.click", 3.9_s, 3.901_s)));
  EXPECT_EQ(found[0].measure("clicks"), 3);
  EXPECT_NEAR(found[0].measure("strength"), 20, 1e-6);
  EXPECT_NEAR(found[0].measure("step_dbfs"), to_decibel(0.5), 1e-4);
  EXPECT_EQ(found[1].measure("clicks"), 1);
  EXPECT_NEAR(found[1].measure("strength"), 9, 1e-6);
  EXPECT_NEAR(found[1].measure("step_dbfs"), to_decibel(0.05), 1e-4);
}

TEST(Click, LeavesHowFarApartAnIncidentsClicksAreToTheOption) {
  const std::vector<Impulse> clicks = {{1_s, 8, 0.1F}, {1.3_s, 8, 0.1F}, {3_s, 8, 0.1F}};
  EXPECT_EQ(counted(clicks, 6_s, {{"quiet_s", 0.2}}).size(), 3U);
  EXPECT_EQ(counted(clicks, 6_s).size(), 2U);
  EXPECT_EQ(counted(clicks, 6_s, {{"quiet_s", 2}}).size(), 1U);
}

TEST(Click, IsOnlyWhatStandsSoManyTimesAboveTheRest) {
  const std::vector<Impulse> clicks = {{1_s, 4.9F, 0.1F}, {3_s, 5.1F, 0.1F}, {5_s, 30, 0.1F}};
  EXPECT_THAT(counted(clicks, 7_s),
              ElementsAre(Found("audio.click", 3_s, 3.001_s), Found("audio.click", 5_s, 5.001_s)));
  EXPECT_THAT(counted(clicks, 7_s, {{"strength", 10}}), ElementsAre(Found("audio.click", 5_s, 5.001_s)));
  EXPECT_EQ(counted(clicks, 7_s, {{"strength", 3}}).size(), 3U);
}

TEST(Click, NeitherJoinsNorProlongsWithWhatIsTooWeak) {
  EXPECT_THAT(counted({{1_s, 8, 0.1F}, {1.7_s, 3, 0.1F}, {2.4_s, 8, 0.1F}}, 5_s),
              ElementsAre(Found("audio.click", 1_s, 1.001_s), Found("audio.click", 2.4_s, 2.401_s)));
}

TEST(Click, IsAnotherIncidentAfterAGap) {
  DetectorRunner run("click");
  AudioFeatures f;
  f.duration = MediaDuration::milliseconds(10);
  for (const MediaTime time : {1_s, 5_s}) {
    f.time = time + 0.03_for_s;
    f.impulse = Impulse{time, 8, 0.1F};
    run.hop(f);
  }
  EXPECT_THAT(run.finish(),
              ElementsAre(Found("audio.click", 1_s, 1.001_s), Found("audio.click", 5_s, 5.001_s)));
}

TEST(Click, EndsWithTheLastClickAtTheEndOfTheInput) {
  EXPECT_THAT(counted({{1_s, 8, 0.1F}}, 1.04_s), ElementsAre(Found("audio.click", 1_s, 1.001_s)));
  EXPECT_THAT(counted({{1_s, 8, 0.1F}, {1.5_s, 8, 0.1F}}, 1.7_s),
              ElementsAre(Found("audio.click", 1_s, 1.501_s)));
}

TEST(Click, IsToldAtOnceAndEndsOnceItHasBeenQuiet) {
  const Stretch found = counted({{1_s, 8, 0.1F}}, 5_s).at(0);
  EXPECT_LE(found.told, 1.04_s);
  ASSERT_TRUE(found.closed);
  EXPECT_LE(*found.closed, 2.06_s);
}

}  // namespace
}  // namespace monolens

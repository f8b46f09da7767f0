#include "features/impulses.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <string_view>
#include <vector>

#include "features/test_signal.h"

namespace monolens {
namespace {

constexpr int kRate = 48000;

struct Told {
  Impulse impulse;
  MediaTime at;  // end of the samples given when it was told
};

// What is told of the samples, `block` at a time.
std::vector<Told> impulses_in(const TestSignal& x, std::size_t block = 480, int rate = kRate) {
  Impulses impulses(rate);
  std::vector<Told> told;
  const auto time = [rate](std::size_t i) { return MediaTime::seconds(static_cast<double>(i) / rate); };
  for (std::size_t at = 0; at < x.size(); at += block) {
    const std::size_t n = std::min(block, x.size() - at);
    const auto found = impulses.add(x.data() + at, static_cast<int>(n), time(at));
    if (found) told.push_back({*found, time(at + n)});
  }
  return told;
}

TestSignal clicked(TestSignal x, double seconds, float step, int rate = kRate) {
  x[static_cast<std::size_t>(std::lround(seconds * rate))] += step;
  return x;
}

// Something like a voice: harmonics of a gliding pitch, with breath.
TestSignal hum(double seconds, double level, int rate = kRate) {
  TestSignal x = test_noise(seconds, 0.01 * level, 5, rate);
  double phase = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double t = static_cast<double>(i) / rate;
    phase += 2 * std::numbers::pi * (150 + 30 * std::sin(7 * t)) / rate;
    double sum = 0;
    for (int h = 1; h <= 12; ++h) sum += std::sin(h * phase) / (h * h);
    x[i] += static_cast<float>(level * 0.6 * sum);
  }
  return x;
}

TEST(Impulses, AreNotWhereASoundIsCutOffOrComesBack) {
  for (const double hertz : {100.0, 440.0, 3000.0}) {
    for (std::size_t shift = 0; shift < 480; shift += 37) {
      SCOPED_TRACE(hertz);
      SCOPED_TRACE(shift);
      TestSignal x = test_sine(1.5, 0.125, hertz);
      std::fill(x.begin() + kRate / 2 + static_cast<std::ptrdiff_t>(shift), x.begin() + kRate, 0.0F);
      EXPECT_TRUE(impulses_in(x).empty());
    }
  }
}

TEST(Impulses, AreFoundWithTimeAndStep) {
  const struct {
    std::string_view what;
    TestSignal background;
    float step;
  } cases[] = {
      {"in silence", TestSignal(kRate, 0.0F), 0.3F}, {"negative", TestSignal(kRate, 0.0F), -0.3F},
      {"soft", TestSignal(kRate, 0.0F), 0.02F},      {"in noise", test_noise(1, 0.005), 0.2F},
      {"in a tone", test_sine(1, 0.2, 440), 0.3F},   {"in a voice", hum(1, 0.2), 0.4F},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_TRUE(impulses_in(c.background).empty());
    const auto told = impulses_in(clicked(c.background, 0.4321, c.step));
    ASSERT_EQ(told.size(), 1U);
    EXPECT_NEAR(told[0].impulse.time.seconds(), 0.4321, 0.0001);
    EXPECT_NEAR(told[0].impulse.step, std::abs(c.step), 0.05 * std::abs(c.step) + 0.03);
    EXPECT_GT(told[0].impulse.strength, 2);
  }
}

// An impulse with 6 ms of rising noise before it, as a lossy encoder leaves it; or turned round.
TestSignal smeared(bool reversed) {
  TestSignal x = test_noise(1, 0.002);
  const TestSignal noise = test_noise(0.006, 0.05, 3);
  const std::size_t at = 19'200;
  for (std::size_t i = 0; i < noise.size(); ++i) {
    const std::size_t from = noise.size() - i;
    x[reversed ? at + from : at - from] +=
        noise[i] * static_cast<float>(i) / static_cast<float>(noise.size());
  }
  x[at] += 0.3F;
  return x;
}

TEST(Impulses, MayRiseForSomeMillisecondsAndEndAtOnceButNotDecay) {
  const auto rising = impulses_in(smeared(false));
  ASSERT_EQ(rising.size(), 1U);
  EXPECT_GT(rising[0].impulse.strength, 8);
  const auto decaying = impulses_in(smeared(true));
  EXPECT_LT(decaying.empty() ? 0 : decaying[0].impulse.strength, 4);
}

TEST(Impulses, AreToldWithinThirtyMilliseconds) {
  for (const std::size_t block : {1U, 48U, 480U, 1024U}) {
    SCOPED_TRACE(block);
    const auto told = impulses_in(clicked(test_noise(1, 0.005), 0.4, 0.2F), block);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_NEAR(told[0].impulse.time.seconds(), 0.4, 3e-5);
    EXPECT_GE(told[0].at, told[0].impulse.time);
    EXPECT_LE((told[0].at - told[0].impulse.time).seconds(), 0.030 + static_cast<double>(block) / kRate);
  }
}

TEST(Impulses, AreTheSameAtOtherSampleRates) {
  for (const int rate : {8000, 22050, 44100, 96000}) {
    SCOPED_TRACE(rate);
    const auto told = impulses_in(clicked(hum(1, 0.2, rate), 0.4, 0.5F, rate), 480, rate);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_NEAR(told[0].impulse.time.seconds(), 0.4, 0.0002);
    EXPECT_NEAR(told[0].impulse.step, 0.5, 0.1);
    EXPECT_LE((told[0].at - told[0].impulse.time).seconds(), 0.030 + 480.0 / rate);
  }
}

TEST(Impulses, HaveTheLargestStepThoughItIsTwiceTheirHeight) {
  TestSignal x = test_noise(1, 0.001);
  x[19200] = 0.3F;
  x[19201] = -0.3F;
  const auto told = impulses_in(x);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NEAR(told[0].impulse.step, 0.6, 0.001);
}

TEST(Impulses, AreTheStrongerTheFurtherTheyStandOut) {
  float weaker = 0;
  for (const float step : {0.05F, 0.1F, 0.2F, 0.4F}) {
    SCOPED_TRACE(step);
    const auto told = impulses_in(clicked(test_noise(1, 0.003), 0.4, step));
    ASSERT_EQ(told.size(), 1U);
    EXPECT_GT(told[0].impulse.strength, 1.5F * weaker);
    weaker = told[0].impulse.strength;
  }
}

TEST(Impulses, DoNotDependOnHowTheSamplesCome) {
  const TestSignal x = clicked(clicked(hum(1, 0.2), 0.3, 0.5F), 0.7, -0.6F);
  for (const std::size_t block : {1U, 47U, 480U, 1024U}) {
    SCOPED_TRACE(block);
    const auto told = impulses_in(x, block);
    ASSERT_EQ(told.size(), 2U);
    EXPECT_NEAR(told[0].impulse.time.seconds(), 0.3, 3e-5);
    EXPECT_NEAR(told[1].impulse.time.seconds(), 0.7, 3e-5);
  }
}

TEST(Impulses, AreToldOnceACallTheStrongestFirst) {
  const TestSignal x = clicked(clicked(test_noise(1, 0.003), 0.3, 0.1F), 0.7, 0.4F);
  const auto told = impulses_in(x, x.size());
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NEAR(told[0].impulse.time.seconds(), 0.7, 3e-5);
}

// 0.4 s of the one, then of the other.
TestSignal after(double rms_before, double rms_after) {
  return one_after_another(test_noise(0.4, rms_before, 1), test_noise(0.4, rms_after, 2));
}

TEST(Impulses, AreNotWhatASourceOfSoundMakes) {
  TestSignal struck = test_noise(1, 0.001);
  for (std::size_t i = 19200; i < struck.size(); ++i) {
    const double t = static_cast<double>(i - 19200) / kRate;
    struck[i] += static_cast<float>(0.5 * std::exp(-t / 0.05) * std::sin(2 * std::numbers::pi * 1200 * t));
  }
  TestSignal rattle = test_noise(1, 0.001);
  for (std::size_t i = 9600; i < rattle.size(); i += 480) rattle[i] += 0.3F;
  const struct {
    std::string_view what;
    TestSignal samples;
  } cases[] = {
      {"silence", TestSignal(kRate, 0.0F)},
      {"noise", test_noise(1, 0.1)},
      {"a square wave", limited(test_sine(1, 40, 100), 0.5F)},
      {"a struck bell", struck},
      {"a sound that begins", after(0.0005, 0.2)},
      {"a sound that begins with a click", clicked(after(0.0005, 0.02), 0.4, 0.5F)},
      {"a sound that ends", after(0.2, 0.0005)},
      {"a sound that ends with a click", clicked(after(0.02, 0.0005), 0.4, 0.5F)},
      {"a rattle", rattle},
      {"a click too soft to be heard", clicked(TestSignal(kRate, 0.0F), 0.4, 0.009F)},
      {"a click that noise masks", clicked(test_noise(1, 0.01), 0.4, 0.12F)},
      {"a click 150 ms after louder noise", clicked(after(0.3, 0.0005), 0.55, 0.2F)},
      {"a click soon after louder noise", clicked(after(0.3, 0.0005), 0.44, 0.2F)},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_TRUE(impulses_in(c.samples).empty());
  }
}

TEST(Impulses, AreFoundWhereTheSoundChangesIfTheyStandOutFarMore) {
  TestSignal tone = test_sine(1, 0.01, 440);
  std::fill(tone.begin() + kRate * 4 / 10, tone.end(), 0.0F);
  const struct {
    std::string_view what;
    TestSignal samples;
    double at;
  } cases[] = {
      {"where it begins", clicked(after(0.0005, 0.0025), 0.4, 0.5F), 0.4},
      {"where it ends", clicked(after(0.0025, 0.0005), 0.4, 0.5F), 0.4},
      {"between a soft sound and a louder one", clicked(after(0.0005, 0.004), 0.4, 0.5F), 0.4},
      {"where a tone ends", clicked(tone, 0.4, 0.3F), 0.4},
      {"soon after it was louder", clicked(after(0.3, 0.0005), 0.63, 0.2F), 0.63},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const auto told = impulses_in(c.samples);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_NEAR(told[0].impulse.time.seconds(), c.at, 3e-5);
  }
}

// A large impulse must not make the sound around it look like noise, which nothing predicts.
TEST(Impulses, StandOutAsMuchMoreAsTheyAreLarger) {
  const auto strength = [](float step) {
    const auto told = impulses_in(clicked(sum_of(test_sine(1, 0.3, 440), test_noise(1, 1e-4)), 0.4, step));
    return told.empty() ? 0.0 : double{told[0].impulse.strength};
  };
  const double small = strength(0.05F);
  EXPECT_GT(small, 20);
  EXPECT_NEAR(strength(0.8F), 16 * small, 4 * small);
}

TEST(Impulses, TakeSamplesThatAreNoNumbersForSilence) {
  for (const float broken :
       {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    SCOPED_TRACE(broken);
    TestSignal x(kRate, 0.0F);
    x[9600] = x[19000] = broken;
    EXPECT_TRUE(impulses_in(x).empty());
    const auto told = impulses_in(clicked(x, 0.4, 0.3F));
    ASSERT_EQ(told.size(), 1U);
    EXPECT_NEAR(told[0].impulse.time.seconds(), 0.4, 3e-5);
    EXPECT_NEAR(told[0].impulse.step, 0.3, 0.01);
  }
}

}  // namespace
}  // namespace monolens

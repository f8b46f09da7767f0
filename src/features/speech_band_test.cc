#include "features/speech_band.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "features/test_signal.h"

namespace monolens {
namespace {

AudioBlock block_of(const float* const* channel, int channels, int rate) {
  AudioBlock block;
  block.sample_rate = rate;
  block.channels = channels;
  block.channel = channel;
  return block;
}

// Mean square of the second half of what is left of `x` on each channel.
double power_of(const TestSignal& left, const TestSignal& right, int rate) {
  SpeechBand band(rate);
  const std::array<const float*, 2> channels{left.data(), right.data()};
  const AudioBlock block = block_of(channels.data(), 2, rate);
  const auto half = static_cast<int>(left.size() / 2);
  band.add(block, 0, half);
  return band.add(block, half, half) / half;
}

double decibel_left(double hertz, int rate) {
  const TestSignal x = test_sine(1, 0.5, hertz, rate);
  return 10 * std::log10(power_of(x, x, rate) / 0.125);
}

TEST(SpeechBand, KeepsWhatTheMouthShapes) {
  for (const int rate : {16000, 44100, 48000, 96000}) {
    SCOPED_TRACE(rate);
    // A fourth-order edge is 6 dB down, and 24 dB an octave beyond.
    EXPECT_NEAR(decibel_left(1200, rate), 0, 1.5);
    EXPECT_NEAR(decibel_left(600, rate), -6, 0.5);
    EXPECT_NEAR(decibel_left(2500, rate), -6, 0.5);
    EXPECT_LT(decibel_left(150, rate), -45);
    EXPECT_LT(decibel_left(50, rate), -80);
    EXPECT_LT(decibel_left(7500, rate), -36);
  }
  EXPECT_GT(decibel_left(1200, 4000), -2) << "the upper edge lies beyond half the sample rate";
}

TEST(SpeechBand, IsOfTheMeanOfTheChannels) {
  const TestSignal x = test_sine(1, 0.5, 1200);
  TestSignal inverted = x;
  for (float& s : inverted) s = -s;
  const double both = power_of(x, x, 48000);
  EXPECT_NEAR(power_of(x, TestSignal(x.size(), 0.0F), 48000), both / 4, 1e-6);
  EXPECT_NEAR(power_of(x, inverted, 48000), 0, 1e-9);
}

TEST(SpeechBand, DoesNotDependOnHowTheSamplesCome) {
  const TestSignal x = test_noise(1, 0.1);
  const float* channel = x.data();
  const AudioBlock block = block_of(&channel, 1, 48000);
  SpeechBand whole(48000);
  SpeechBand parts(48000);
  double sum = 0;
  for (int at = 0; at < 48000; at += 480) sum += parts.add(block, at, 480);
  EXPECT_NEAR(whole.add(block, 0, 48000), sum, 1e-9);
}

TEST(SpeechBand, TakesSamplesThatAreNoNumbersForSilence) {
  TestSignal x = test_sine(1, 0.5, 1200);
  const double clean = power_of(x, x, 48000);
  TestSignal broken = x;
  broken[100] = std::numeric_limits<float>::infinity();
  broken[200] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NEAR(power_of(broken, broken, 48000), clean, 1e-6);
}

}  // namespace
}  // namespace monolens

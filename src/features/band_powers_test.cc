#include "features/band_powers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>

#include "features/test_signal.h"

namespace monolens {
namespace {

using testing::Each;

constexpr int kRate = 48000;

BandPowers powers_of(const TestSignal& x, int rate = kRate) {
  BandMeter meter(1, rate);
  meter.add(0, x);
  return meter.measure(0);
}

double total(const BandPowers& powers) { return std::accumulate(powers.begin(), powers.end(), 0.0); }

TEST(BandPowers, AreOfHalfOctavesFromOneKilohertz) {
  EXPECT_DOUBLE_EQ(band_edge_hz(0), 1000);
  EXPECT_NEAR(band_edge_hz(1), 1414.2, 0.1);
  EXPECT_DOUBLE_EQ(band_edge_hz(2), 2000);
  EXPECT_DOUBLE_EQ(band_edge_hz(8), 16000);
  EXPECT_DOUBLE_EQ(band_edge_hz(9), 20000);
}

TEST(BandPowers, EndBelowHalfTheSampleRate) {
  const struct {
    int rate;
    std::size_t bands;
  } cases[] = {{96000, 9}, {48000, 9}, {44100, 9}, {32000, 7}, {22050, 6}, {16000, 5}, {8000, 3}, {2000, 0}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.rate);
    EXPECT_EQ(band_count(c.rate), c.bands);
    const BandPowers powers = powers_of(test_noise(0.1, 0.1, 1, c.rate), c.rate);
    for (std::size_t b = 0; b < kBandCount; ++b) {
      if (b < c.bands) {
        EXPECT_GT(powers[b], 1e-5F) << b;
      } else {
        EXPECT_EQ(powers[b], 0) << b;
      }
    }
  }
}

TEST(BandPowers, HoldThePowerOfASineInTheBandOfItsFrequency) {
  for (const int rate : {44100, 48000, 96000}) {
    for (const double amplitude : {1.0, 0.01}) {
      for (std::size_t band = 0; band < kBandCount; ++band) {
        SCOPED_TRACE(testing::Message() << rate << " Hz, amplitude " << amplitude << ", band " << band);
        const double hz = (band_edge_hz(band) + band_edge_hz(band + 1)) / 2;
        const double power = amplitude * amplitude / 2;
        const BandPowers powers = powers_of(test_sine(0.1, amplitude, hz, rate), rate);
        for (std::size_t b = 0; b < kBandCount; ++b) {
          EXPECT_NEAR(powers[b], b == band ? power : 0, 0.01 * power) << b;
        }
      }
    }
  }
}

TEST(BandPowers, LeaveOutWhatIsBelowOneKilohertz) {
  EXPECT_LT(total(powers_of(test_sine(0.1, 1, 440))), 1e-4);
  EXPECT_LT(total(powers_of(TestSignal(4800, 1.0F))), 1e-6);
}

TEST(BandPowers, OfWhiteNoiseFollowTheWidthsOfTheBands) {
  BandMeter meter(1, kRate);
  BandPowers sum{};
  constexpr int kWindows = 200;
  const TestSignal x = test_noise(0.022 * kWindows, 0.1);
  for (std::size_t i = 0; i < kWindows; ++i) {
    meter.add(0, std::span(x).subspan(i * 1056, 1056));
    const BandPowers powers = meter.measure(0);
    for (std::size_t b = 0; b < kBandCount; ++b) sum[b] += powers[b] / kWindows;
  }
  for (std::size_t b = 0; b < kBandCount; ++b) {
    const double expected = 0.01 * (band_edge_hz(b + 1) - band_edge_hz(b)) / (kRate / 2.0);
    EXPECT_NEAR(sum[b], expected, 0.1 * expected) << b;
  }
}

TEST(BandPowers, AreOfAboutTheLastTwentyMilliseconds) {
  const TestSignal tone = test_sine(0.05, 1, 3000);
  BandMeter meter(1, kRate);
  meter.add(0, tone);
  EXPECT_NEAR(total(meter.measure(0)), 0.5, 0.01);
  meter.add(0, TestSignal(480, 0.0F));
  EXPECT_NEAR(total(meter.measure(0)), 0.25, 0.1);
  meter.add(0, TestSignal(600, 0.0F));
  EXPECT_THAT(meter.measure(0), Each(0));
}

TEST(BandPowers, CountAsSilenceWhatWasNeverAdded) {
  EXPECT_THAT(powers_of({}), Each(0));
  EXPECT_NEAR(total(powers_of(test_sine(512 / 48000.0, 1, 3000))), 0.25, 0.1);
}

TEST(BandPowers, DoNotDependOnHowTheSamplesCome) {
  const TestSignal x = test_noise(0.1, 0.1);
  const BandPowers expected = powers_of(x);
  for (const std::size_t size : {1U, 480U, 1023U, 1025U}) {
    SCOPED_TRACE(size);
    BandMeter meter(1, kRate);
    for (std::size_t at = 0; at < x.size(); at += size) {
      meter.add(0, std::span(x).subspan(at, std::min(size, x.size() - at)));
    }
    EXPECT_EQ(meter.measure(0), expected);
  }
}

TEST(BandPowers, AreOfOneChannelEach) {
  BandMeter meter(3, kRate);
  meter.add(2, test_sine(0.05, 1, 3000));
  meter.add(0, test_sine(0.05, 0.1, 3000));
  EXPECT_NEAR(total(meter.measure(0)), 0.005, 1e-4);
  EXPECT_THAT(meter.measure(1), Each(0));
  EXPECT_NEAR(total(meter.measure(2)), 0.5, 0.01);
}

TEST(BandPowers, ForgetWhatWasCleared) {
  BandMeter meter(2, kRate);
  meter.add(0, test_sine(0.05, 1, 3000));
  meter.add(1, test_sine(0.05, 1, 3000));
  meter.clear();
  EXPECT_THAT(meter.measure(0), Each(0));
  EXPECT_THAT(meter.measure(1), Each(0));
  meter.add(0, test_sine(0.05, 0.1, 3000));
  EXPECT_NEAR(total(meter.measure(0)), 0.005, 1e-4);
}

TEST(BandPowers, TakeSamplesThatAreNoNumbersForSilence) {
  TestSignal broken = test_sine(0.05, 1, 3000);
  TestSignal silenced = broken;
  for (std::size_t i = 0; i < broken.size(); i += 97) {
    broken[i] =
        i % 2 == 0 ? std::numeric_limits<float>::quiet_NaN() : -std::numeric_limits<float>::infinity();
    silenced[i] = 0;
  }
  EXPECT_EQ(powers_of(broken), powers_of(silenced));
}

}  // namespace
}  // namespace monolens

#include "features/loudness_meter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace monolens {
namespace {

constexpr int kRate = 48000;

void add(LoudnessMeter& meter, int channels, const std::vector<float>& x) {
  const std::vector<const float*> same(static_cast<std::size_t>(channels), x.data());
  meter.add(same.data(), 0, static_cast<int>(x.size()));
}

std::vector<float> sine(double seconds, double dbfs, int rate = kRate, double hertz = 1000) {
  std::vector<float> x(static_cast<std::size_t>(seconds * rate));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double phase = 2 * std::numbers::pi * hertz * static_cast<double>(i) / rate;
    x[i] = static_cast<float>(std::pow(10, dbfs / 20) * std::sin(phase));
  }
  return x;
}

// EBU Tech 3341, table 1, cases 1 and 2.
TEST(LoudnessMeter, ReadsTheReferenceSine) {
  for (const double level : {-23.0, -33.0}) {
    for (const int rate : {44100, 48000, 96000}) {
      SCOPED_TRACE(rate);
      LoudnessMeter meter(2, rate);
      add(meter, 2, sine(5, level, rate));
      EXPECT_NEAR(meter.integrated(), level, 0.1);
      EXPECT_NEAR(meter.momentary(), level, 0.1);
      EXPECT_NEAR(meter.short_term(), level, 0.1);
    }
  }
}

// 0.1 LU of a histogram's resolution beside the document's own 0.1.
TEST(LoudnessMeter, ReadsTheSameOfAStreamWithoutAnEnd) {
  LoudnessMeter meter(2, kRate, true);
  add(meter, 2, sine(2, -36));
  add(meter, 2, sine(12, -23));
  add(meter, 2, sine(2, -36));
  EXPECT_NEAR(meter.integrated(), -23, 0.15);
  add(meter, 2, sine(1, -23));
  EXPECT_NEAR(meter.momentary(), -23, 0.1);
}

TEST(LoudnessMeter, AddsThePowerOfTheChannels) {
  LoudnessMeter mono(1, kRate);
  add(mono, 1, sine(3, -23));
  EXPECT_NEAR(mono.integrated(), -26, 0.1);
}

// The same, table 1, case 3: −36, −23 and −36 dBFS; the quiet parts fall below the relative gate.
TEST(LoudnessMeter, GatesQuietParts) {
  LoudnessMeter meter(2, kRate);
  add(meter, 2, sine(2, -36));
  add(meter, 2, sine(12, -23));
  add(meter, 2, sine(2, -36));
  EXPECT_NEAR(meter.integrated(), -23, 0.1);
}

// EBU Tech 3342, table 1, case 1: −20 then −30 dBFS have a range of 10 LU.
TEST(LoudnessMeter, MeasuresTheRange) {
  LoudnessMeter meter(2, 16000);
  add(meter, 2, sine(20, -20, 16000));
  add(meter, 2, sine(20, -30, 16000));
  EXPECT_NEAR(meter.range(), 10, 1);
}

TEST(LoudnessMeter, KnowsNothingWhileNothingHasPassedTheGate) {
  LoudnessMeter meter(2, kRate);
  EXPECT_TRUE(std::isnan(meter.integrated()));
  add(meter, 2, std::vector<float>(static_cast<std::size_t>(3 * kRate)));
  EXPECT_TRUE(std::isnan(meter.integrated()));
  EXPECT_TRUE(std::isnan(meter.momentary()));
  EXPECT_TRUE(std::isnan(meter.short_term()));
}

TEST(LoudnessMeter, ForgetsInTheShortTermAndNotInTheProgramme) {
  LoudnessMeter meter(2, kRate);
  add(meter, 2, sine(6, -23));
  add(meter, 2, sine(1, -60));
  EXPECT_LT(meter.momentary(), -50);
  EXPECT_NEAR(meter.integrated(), -23, 0.2);
}

TEST(LoudnessMeter, BeginsWhereTheOffsetSays) {
  std::vector<float> x = sine(4, 0);
  const std::vector<float> quiet = sine(4, -23);
  x.insert(x.end(), quiet.begin(), quiet.end());
  const std::vector<const float*> channels = {x.data(), x.data()};
  LoudnessMeter meter(2, kRate);
  meter.add(channels.data(), 4 * kRate, 4 * kRate);
  EXPECT_NEAR(meter.integrated(), -23, 0.1);
}

TEST(LoudnessMeter, GoesOnInAnotherFormat) {
  LoudnessMeter meter(2, kRate);
  add(meter, 2, sine(4, -23));
  meter.change_format(6, 44100);
  EXPECT_NEAR(meter.integrated(), -23, 0.1);
  const std::vector<float> x = sine(4, -23, 44100);
  const std::vector<float> none(x.size());
  const std::vector<const float*> surround = {x.data(),    x.data(),    none.data(),
                                              none.data(), none.data(), none.data()};
  meter.add(surround.data(), 0, static_cast<int>(x.size()));
  EXPECT_NEAR(meter.integrated(), -23, 0.1);
}

TEST(LoudnessMeter, TakesSamplesThatAreNoNumbersForSilence) {
  LoudnessMeter meter(2, kRate);
  std::vector<float> x = sine(5, -23);
  x[1000] = std::numeric_limits<float>::quiet_NaN();
  x[2000] = std::numeric_limits<float>::infinity();
  add(meter, 2, x);
  EXPECT_NEAR(meter.integrated(), -23, 0.1);
}

TEST(LoudnessMeter, OfAnImpossibleFormatKnowsNothing) {
  LoudnessMeter meter(0, kRate);
  meter.change_format(2, kRate);
  add(meter, 2, sine(1, -23));
  EXPECT_TRUE(std::isnan(meter.integrated()));
}

}  // namespace
}  // namespace monolens

#include "features/mains_lines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <limits>
#include <numbers>
#include <span>
#include <vector>

#include "features/test_signal.h"

namespace monolens {
namespace {

constexpr int kRate = 48000;
constexpr std::size_t kHop = kRate / 100;

void add(MainsMeter& meter, std::size_t channel, std::span<const float> x, std::size_t hop = kHop) {
  for (std::size_t at = 0; at < x.size(); at += hop) {
    meter.add(channel, x.subspan(at, std::min(hop, x.size() - at)));
  }
}

// The lines after the whole signal.
MainsLines lines_of(const TestSignal& x, int rate = kRate) {
  const auto hop = static_cast<std::size_t>(rate / 100);
  MainsMeter meter(1, rate, hop);
  add(meter, 0, x, hop);
  return meter.measure(0);
}

// What the line is every 50 ms, but for the first 200 ms.
std::vector<std::complex<double>> course(const TestSignal& x, std::size_t mains, std::size_t harmonic,
                                         int rate = kRate) {
  const auto hop = static_cast<std::size_t>(rate / 100);
  MainsMeter meter(1, rate, hop);
  std::vector<std::complex<double>> values;
  for (std::size_t at = 0; at + 5 * hop <= x.size(); at += 5 * hop) {
    add(meter, 0, std::span(x).subspan(at, 5 * hop), hop);
    values.emplace_back(meter.measure(0).lines[mains][harmonic].value);
  }
  values.erase(values.begin(), values.begin() + 4);
  return values;
}

double turns_between(std::complex<double> a, std::complex<double> b) {
  return std::arg(b / a) / (2 * std::numbers::pi);
}

// Within 1 dB: decimation takes that from the highest.
TEST(MainsLines, TellTheAmplitudeOfEveryHarmonic) {
  for (const int rate : {2000, 8000, 44100, 48000, 96000}) {
    for (std::size_t mains = 0; mains < kMains.size(); ++mains) {
      for (std::size_t h = 0; h < kHarmonics; ++h) {
        const double hz = kMains[mains] * static_cast<double>(h + 1);
        SCOPED_TRACE(testing::Message() << hz << " Hz at " << rate);
        for (const double amplitude : {0.1, 0.001}) {
          const auto lines = lines_of(test_sine(0.4, amplitude, hz, rate, 0.3), rate);
          EXPECT_NEAR(20 * std::log10(std::abs(lines.lines[mains][h].value) / amplitude), 0, 1);
        }
      }
    }
  }
}

TEST(MainsLines, TellApartTheHarmonicsOfOneMains) {
  const auto lines = lines_of(sum_of(test_sine(0.4, 0.1, 50), test_sine(0.4, 0.02, 150)));
  const auto amplitude = [&](std::size_t h) { return std::abs(lines.lines[0][h].value); };
  EXPECT_NEAR(amplitude(0), 0.1, 0.005);
  EXPECT_NEAR(amplitude(1), 0, 0.001);
  EXPECT_NEAR(amplitude(2), 0.02, 0.001);
  for (std::size_t h = 3; h < kHarmonics; ++h) EXPECT_NEAR(amplitude(h), 0, 0.001);
}

TEST(MainsLines, OfAHumStandStill) {
  for (const int rate : {8000, 44100, 48000}) {
    for (std::size_t mains = 0; mains < kMains.size(); ++mains) {
      for (const std::size_t h : {0U, 1U, 7U}) {
        SCOPED_TRACE(testing::Message() << kMains[mains] << " Hz, line " << h << " at " << rate);
        const double hz = kMains[mains] * static_cast<double>(h + 1);
        const auto values = course(test_sine(1, 0.1, hz, rate), mains, h, rate);
        for (const auto& value : values) EXPECT_LT(std::abs(value - values[0]), 0.005);
      }
    }
  }
}

TEST(MainsLines, FollowThePhaseOfTheHum) {
  const auto early = lines_of(test_sine(0.4, 0.1, 60, kRate, 0.2)).lines[1][0].value;
  const auto late = lines_of(test_sine(0.4, 0.1, 60, kRate, 0.45)).lines[1][0].value;
  EXPECT_NEAR(turns_between(early, late), 0.25, 0.01);
}

TEST(MainsLines, OfANoteOfAnotherPitchTurn) {
  const struct {
    double hz;
    std::size_t mains;
    double turns;  // in 50 ms
  } cases[] = {{52, 0, 0.1}, {49, 0, -0.05}, {61, 1, 0.05}, {55, 1, -0.25}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.hz);
    const auto values = course(test_sine(1, 0.1, c.hz), c.mains, 0);
    for (std::size_t i = 1; i < values.size(); ++i) {
      EXPECT_NEAR(turns_between(values[i - 1], values[i]), c.turns, 0.01);
    }
  }
}

TEST(MainsLines, TellWhatStandsBesideThem) {
  const auto hum = lines_of(test_sine(0.4, 0.1, 100)).lines[0][1];
  EXPECT_LT(hum.beside, 0.5 * std::norm(hum.value));
  for (const double hz : {85.0, 115.0}) {
    SCOPED_TRACE(hz);
    const auto note = lines_of(test_sine(0.4, 0.1, hz)).lines[0][1];
    EXPECT_NEAR(note.beside, 0.01 / 2, 0.0005);
    EXPECT_GT(note.beside, std::norm(note.value));
  }
  EXPECT_EQ(lines_of(TestSignal(19200, 0.0F)).lines[0][1].beside, 0);
}

TEST(MainsLines, HearNothingOfHigherSounds) {
  for (const double hz : {1500.0, 1950.0, 2050.0, 4060.0, 10000.0}) {
    SCOPED_TRACE(hz);
    const auto lines = lines_of(test_sine(0.4, 1, hz));
    for (const auto& mains : lines.lines) {
      for (const auto& line : mains) EXPECT_LT(std::abs(line.value), 0.005);
    }
  }
}

TEST(MainsLines, AreOfTheLastTenthOfASecond) {
  const TestSignal hum = test_sine(0.3, 0.1, 50);
  MainsMeter meter(1, kRate, kHop);
  add(meter, 0, hum);
  add(meter, 0, TestSignal(kRate / 20, 0.0F));
  EXPECT_NEAR(std::abs(meter.measure(0).lines[0][0].value), 0.05, 0.01);
  add(meter, 0, TestSignal(kRate / 18, 0.0F));
  EXPECT_LT(std::abs(meter.measure(0).lines[0][0].value), 0.001);
}

TEST(MainsLines, CountAsSilenceWhatWasNeverAdded) {
  MainsMeter meter(1, kRate, kHop);
  EXPECT_EQ(std::abs(meter.measure(0).lines[0][0].value), 0);
  add(meter, 0, test_sine(0.05, 0.1, 50));
  EXPECT_NEAR(std::abs(meter.measure(0).lines[0][0].value), 0.05, 0.01);
}

TEST(MainsLines, DoNotDependOnHowTheSamplesCome) {
  const TestSignal x = sum_of(test_sine(0.25, 0.1, 50), test_noise(0.25, 0.1));
  const auto expected = lines_of(x).lines[0][0].value;
  for (const std::size_t size : {1U, 7U, 64U, 479U}) {
    SCOPED_TRACE(size);
    MainsMeter meter(1, kRate, kHop);
    add(meter, 0, x, size);
    EXPECT_EQ(meter.measure(0).lines[0][0].value, expected);
  }
}

TEST(MainsLines, AreOfOneChannelEach) {
  MainsMeter meter(3, kRate, kHop);
  add(meter, 2, test_sine(0.4, 0.1, 50));
  add(meter, 0, test_sine(0.4, 0.01, 60));
  EXPECT_NEAR(std::abs(meter.measure(0).lines[1][0].value), 0.01, 0.0005);
  EXPECT_EQ(std::abs(meter.measure(1).lines[0][0].value), 0);
  EXPECT_NEAR(std::abs(meter.measure(2).lines[0][0].value), 0.1, 0.005);
}

TEST(MainsLines, BeginAnewOnceCleared) {
  const TestSignal hum = test_sine(0.4, 0.1, 50);
  MainsMeter meter(2, kRate, kHop);
  add(meter, 0, test_sine(0.333, 1, 50));
  add(meter, 1, hum);
  meter.clear();
  EXPECT_EQ(std::abs(meter.measure(0).lines[0][0].value), 0);
  EXPECT_EQ(std::abs(meter.measure(1).lines[0][0].value), 0);
  add(meter, 0, hum);
  EXPECT_EQ(meter.measure(0).lines[0][0].value, lines_of(hum).lines[0][0].value);
}

TEST(MainsLines, TakeSamplesThatAreNoNumbersForSilence) {
  TestSignal broken = test_sine(0.2, 0.1, 50);
  TestSignal silenced = broken;
  for (std::size_t i = 0; i < broken.size(); i += 97) {
    broken[i] =
        i % 2 == 0 ? std::numeric_limits<float>::quiet_NaN() : -std::numeric_limits<float>::infinity();
    silenced[i] = 0;
  }
  EXPECT_EQ(lines_of(broken).lines[0][0].value, lines_of(silenced).lines[0][0].value);
}

}  // namespace
}  // namespace monolens

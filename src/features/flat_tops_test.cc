#include "features/flat_tops.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>

#include "features/kernels/samples.h"
#include "features/test_signal.h"

namespace monolens {
namespace {

constexpr float kFloor = 0.0316F;

FlatTops::Count count(FlatTops& tops, const TestSignal& x, std::size_t block = 480) {
  FlatTops::Count sum;
  for (std::size_t from = 0; from < x.size(); from += block) {
    const std::size_t n = std::min(block, x.size() - from);
    const float peak = kernels::reference::measure_samples(x.data() + from, n, 2).peak;
    const FlatTops::Count c = tops.add(x.data() + from, static_cast<int>(n), peak);
    sum.samples += c.samples;
    sum.level = std::max(sum.level, c.level);
  }
  return sum;
}

FlatTops::Count count(const TestSignal& x, int run = 3, std::size_t block = 480) {
  FlatTops tops(run, kFloor);
  return count(tops, x, block);
}

TestSignal rounded(TestSignal x, float steps) {
  for (float& sample : x) sample = std::round(sample * steps) / steps;
  return x;
}

// A limit cuts off all samples of the tone but the one in 24 that is at zero.
TestSignal overdriven_tone(float level = 1) {
  return one_after_another(scaled(limited(test_sine(0.48, 1, 1000), 0.125F), 8 * level), {0});
}
constexpr std::uint32_t kOverdriven = 48000 * 48 / 100 / 24 * 23;

TEST(FlatTops, CountTheSamplesThatALimitHasCutOffAtAnyLevel) {
  const TestSignal chord = sum_of(test_sine(1, 0.5, 440), test_sine(1, 0.5, 1033));
  const auto cut_off = std::count_if(chord.begin(), chord.end(), [](float x) { return std::abs(x) >= 0.7F; });
  for (const float gain : {2.0F, 1.0F, 0.3F, 0.1F}) {
    SCOPED_TRACE(gain);
    EXPECT_EQ(count(scaled(chord, gain)).samples, 0U);
    const auto c = count(scaled(limited(chord, 0.7F), gain));
    EXPECT_GE(c.samples, 0.7 * static_cast<double>(cut_off));
    EXPECT_LE(c.samples, static_cast<double>(cut_off));
    EXPECT_FLOAT_EQ(c.level, 0.7F * gain);
  }
}

TEST(FlatTops, AreNotLookedForBelowTheFloor) {
  FlatTops low(3, 0.049F);
  EXPECT_EQ(count(low, overdriven_tone(0.05F)).samples, kOverdriven);
  FlatTops high(3, 0.051F);
  EXPECT_EQ(count(high, overdriven_tone(0.05F)).samples, 0U);
}

TEST(FlatTops, AreRunsOfTheLengthAskedFor) {
  const struct {
    std::string_view what;
    TestSignal samples;
    int run;
    std::uint32_t counted;
    float level;
  } cases[] = {
      {"a run", {0, 0.4F, 1, 1, 1, 0.4F, 0}, 3, 3, 1},
      {"a longer run", {0, 0.4F, 1, 1, 1, 1, 1, 0.4F, 0}, 3, 5, 1},
      {"a negative run", {0, -1, -1, -1, 0}, 3, 3, 1},
      {"two runs", {0, 1, 1, 1, 0, -1, -1, -1, -1, 0}, 3, 7, 1},
      {"from one limit to the other", {0, 1, 1, 1, -1, -1, -1, 0}, 3, 6, 1},
      {"dithered", {0, 0.8F, 0.8001F, 0.8F, 0.8002F, 0}, 3, 4, 0.8F},
      {"a higher one after", {0, 0.985F, 0.985F, 0.985F, 0, 1, 1, 1, 0}, 3, 6, 1},
      {"a higher one before", {0, 1, 1, 1, 0, 0.985F, 0.985F, 0.985F, 0}, 3, 6, 1},
      {"as long as asked for", {0, 1, 1, 1, 1, 1, 0}, 5, 5, 1},
      {"shorter than asked for", {0, 1, 1, 1, 1, 0}, 5, 0, 0},
      {"a single sample", {0, 1, 0}, 3, 0, 0},
      {"two in a row", {0, 1, 1, 0, 1, 1, 0}, 3, 0, 0},
      {"not yet over", {0, 1, 1, 1}, 3, 0, 0},
      {"far below the highest level", {0, 1, 0, 0.8F, 0.8F, 0.8F, 0.8F, 0}, 3, 0, 0},
      {"a round top", {0.9F, 0.99F, 1, 0.99F, 0.9F}, 3, 0, 0},
      {"a ramp to a flat top", {0.97F, 0.98F, 0.99F, 0.999F, 1, 1, 1, 0.999F, 0.99F, 0.98F}, 3, 0, 0},
      {"a corner where it begins", {0, 1, 1, 1, 1, 0.999F, 0.998F, 0.997F, 0.996F}, 3, 0, 0},
      {"a corner where it ends", {0.996F, 0.997F, 0.998F, 0.999F, 1, 1, 1, 1, 0}, 3, 0, 0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const auto counted = count(c.samples, c.run);
    EXPECT_EQ(counted.samples, c.counted);
    EXPECT_FLOAT_EQ(counted.level, c.level);
  }
}

TEST(FlatTops, AreNotInWhatNoLimitHasCutOff) {
  TestSignal lone(48000, 0.0F);
  for (std::size_t i = 0; i < lone.size(); i += 480) lone[i] = 1;
  const struct {
    std::string_view what;
    TestSignal samples;
  } cases[] = {
      {"silence", TestSignal(4800, 0.0F)},
      {"a constant", TestSignal(4800, 1.0F)},
      {"a bass at full scale", test_sine(1, 1, 20)},
      {"a tone at full scale", test_sine(1, 1, 997)},
      {"a tone with a sample at each peak", test_sine(1, 1, 1000)},
      {"a whistle at full scale", test_sine(1, 1, 5003)},
      {"16 bits", rounded(test_sine(1, 0.999, 31), 32768)},
      {"8 bits", rounded(test_sine(1, 0.99, 100), 128)},
      {"a bass of 8 bits", rounded(test_sine(1, 0.99, 25), 128)},
      {"a high tone of 8 bits", rounded(test_sine(1, 0.99, 997), 128)},
      {"8 bits, turned down", scaled(rounded(test_sine(1, 0.99, 100), 128), 0.3F)},
      {"noise", test_noise(1, 0.2)},
      {"a chord", sum_of(sum_of(test_sine(1, 0.3, 220), test_sine(1, 0.3, 277)), test_sine(1, 0.3, 330))},
      {"lone samples at full scale", lone},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(count(c.samples).samples, 0U);
  }
}

TEST(FlatTops, AreTheSameWhateverTheBlocks) {
  for (const std::size_t block : {1U, 2U, 5U, 23U, 24U, 103U, 480U, 100000U}) {
    SCOPED_TRACE(block);
    const auto c = count(overdriven_tone(), 3, block);
    EXPECT_EQ(c.samples, kOverdriven);
    EXPECT_FLOAT_EQ(c.level, 1);
  }
}

TEST(FlatTops, AreCountedWhereTheyEndWithTheirBlock) {
  FlatTops tops(3, kFloor);
  EXPECT_EQ(count(tops, {0, 0.3F, 1, 1, 1, 1}).samples, 0U);
  EXPECT_EQ(count(tops, {0.3F, 0}).samples, 4U);
  EXPECT_EQ(count(tops, {1, 1, 1, 0.3F, 0}).samples, 3U);
}

TEST(FlatTops, AreNotMadeOfTwoRunsWithAQuietBlockBetween) {
  EXPECT_EQ(count({1, 1, 0, 0, 1, 1, 0, 0}, 4, 2).samples, 0U);
}

TEST(FlatTops, TakeSamplesThatAreNoNumbersForSilence) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInf = std::numeric_limits<float>::infinity();
  EXPECT_EQ(count({0, 1, 1, kNan, 1, 1, 0}).samples, 0U);
  EXPECT_EQ(count({0, 1, 1, kInf, 1, 1, 0}).samples, 0U);
  EXPECT_EQ(count({-kInf, 1, 1, 1, kNan}).samples, 3U);
  EXPECT_EQ(count({kInf, kInf, kInf, kInf, 0.1F}).samples, 0U);
}

TEST(FlatTops, AreLookedForNearTheHighestLevelOfLate) {
  FlatTops tops(3, kFloor);
  EXPECT_EQ(count(tops, test_sine(0.1, 1, 997)).samples, 0U);
  EXPECT_EQ(count(tops, overdriven_tone(0.5F)).samples, 0U);
  count(tops, TestSignal(2 * 48000, 0.0F));
  EXPECT_EQ(count(tops, overdriven_tone(0.5F)).samples, kOverdriven);
}

}  // namespace
}  // namespace monolens

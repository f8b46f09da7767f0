#include "compare/sound_print.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "compare/alignment.h"

namespace monolens {
namespace {

using namespace time_literals;

// Bursts of noise at irregular times, like syllables: what they sound like at a time does not depend on the
// sample rate.
std::vector<float> bursts(int rate, double seconds, double shift, float gain = 1, unsigned seed = 1) {
  std::vector<float> samples(static_cast<std::size_t>(seconds * rate));
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> any(0, 1);
  for (double t = 0.1; t < seconds + 5; t += 0.1 + 0.3 * any(random)) {
    const double pitch = 150 + 3000 * any(random);
    const double length = 0.04 + 0.1 * any(random);
    const double size = 0.1 + 0.2 * any(random);
    for (double s = 0; s < length; s += 1.0 / rate) {
      const double at = (t + s + shift) * rate;
      if (at < 0 || at >= static_cast<double>(samples.size())) continue;
      const double shape = std::exp(-s * 30) * size;
      samples[static_cast<std::size_t>(at)] +=
          gain * static_cast<float>(shape * std::sin(6.2832 * pitch * s));
    }
  }
  return samples;
}

SoundPrint print_of(const std::vector<float>& samples, int rate, int channels = 1, double start = 0) {
  SoundPrint print;
  constexpr std::size_t kBlock = 1024;
  for (std::size_t i = 0; i < samples.size(); i += kBlock) {
    const std::size_t n = std::min(kBlock, samples.size() - i);
    const std::vector<const float*> planes(static_cast<std::size_t>(channels), samples.data() + i);
    print.add({.time = MediaTime::seconds(start + static_cast<double>(i) / rate),
               .duration = MediaDuration::seconds(static_cast<double>(n) / rate),
               .sample_rate = rate,
               .channels = channels,
               .samples = static_cast<int>(n),
               .channel = planes.data(),
               .buffer = nullptr});
  }
  print.finish();
  return print;
}

TEST(SoundPrint, FindsTheOffsetToAMillisecond) {
  const SoundPrint reference = print_of(bursts(48000, 10, 0), 48000);
  for (const double shift : {-0.5, -0.0237, 0.0, 0.0104, 0.4}) {
    SCOPED_TRACE(shift);
    const SoundPrint test = print_of(bursts(48000, 10, shift, 0.2F), 48000, 2);
    const auto found = find_sound(reference, test, 0_s, 10_s, {}, 3_for_s);
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->offset.seconds(), shift, 0.001);
    EXPECT_GT(found->likeness, 0.8);
  }
}

TEST(SoundPrint, FindsTheOffsetAtAnotherSampleRate) {
  const SoundPrint reference = print_of(bursts(48000, 10, 0), 48000);
  const SoundPrint test = print_of(bursts(22050, 10, 0.1), 22050);
  const auto found = find_sound(reference, test, 1_s, 9_s, {}, 1_for_s);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->offset.seconds(), 0.1, 0.001);
}

TEST(SoundPrint, FollowsTheTimesOfBlocks) {
  const SoundPrint reference = print_of(bursts(48000, 10, 0), 48000);
  const SoundPrint test = print_of(bursts(48000, 10, 0), 48000, 1, 0.25);
  const auto found = find_sound(reference, test, 0_s, 10_s, {}, 1_for_s);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->offset.seconds(), 0.25, 0.001);
}

TEST(SoundPrint, IsUnknownWhereItCannotBeTold) {
  const SoundPrint reference = print_of(bursts(48000, 10, 0), 48000);
  const SoundPrint other = print_of(bursts(48000, 10, 0, 1, 2), 48000);
  const SoundPrint silence = print_of(std::vector<float>(480000), 48000);
  std::vector<float> beats(480000);
  for (std::size_t i = 0; i < beats.size(); ++i) beats[i] = i % 24000 < 500 ? 0.5F : 0;
  const SoundPrint rhythm = print_of(beats, 48000);
  EXPECT_FALSE(find_sound(reference, other, 0_s, 10_s, {}, 3_for_s));
  EXPECT_FALSE(find_sound(reference, silence, 0_s, 10_s, {}, 3_for_s));
  EXPECT_FALSE(find_sound(silence, silence, 0_s, 10_s, {}, 3_for_s));
  EXPECT_FALSE(find_sound(rhythm, rhythm, 0_s, 10_s, {}, 3_for_s));
  EXPECT_FALSE(find_sound(reference, SoundPrint(), 0_s, 10_s, {}, 3_for_s));
}

TEST(SoundPrint, SurvivesSamplesThatAreNoNumbers) {
  std::vector<float> samples = bursts(48000, 10, 0);
  samples[100000] = std::numeric_limits<float>::quiet_NaN();
  samples[200000] = std::numeric_limits<float>::infinity();
  const auto found =
      find_sound(print_of(bursts(48000, 10, 0), 48000), print_of(samples, 48000), 0_s, 10_s, {}, 1_for_s);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->offset.seconds(), 0, 0.001);
}

TEST(SoundPrint, GivesPrintsThatAlign) {
  const SoundPrint reference = print_of(bursts(48000, 20, 0), 48000);
  const SoundPrint test = print_of(bursts(48000, 20, 2), 48000);
  const auto found =
      align(reference.prints(MediaDuration::milliseconds(100)), test.prints(MediaDuration::milliseconds(40)),
            {.probe = 0.45F, .match = 0.3F, .steepness = 5, .unlike = 0.5});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NEAR(found[0].offset.seconds(), 2, 0.05);
}

}  // namespace
}  // namespace monolens

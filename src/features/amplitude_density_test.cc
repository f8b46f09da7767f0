#include "features/amplitude_density.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>

#include "features/kernels/samples.h"
#include "features/test_signal.h"

namespace monolens {
namespace {

constexpr std::size_t kHop = 480;

// REQUIRES: whole hops.
void add(AmplitudeDensity& density, const TestSignal& x) {
  for (std::size_t at = 0; at < x.size(); at += kHop) {
    // In two parts, as the codec's frames cut it.
    density.add(x.data() + at, 100);
    density.add(x.data() + at + 100, kHop - 100);
    const auto sums = kernels::reference::measure_samples(x.data() + at, kHop, 2);
    density.close_hop(sums.peak, sums.sum_squares, kHop);
  }
}

AmplitudeDensity::Pile pile_of(const TestSignal& x) {
  AmplitudeDensity density;
  add(density, x);
  return density.pile();
}

// What a lossy encoder makes of flat tops: they ripple.
TestSignal rippled(const TestSignal& x, double level = 1) {
  return sum_of(x, test_noise(static_cast<double>(x.size()) / 48000, 0.01 * level, 9));
}

TestSignal clipped_noise(double seconds, float level) {
  return rippled(limited(test_noise(seconds, 0.2), level), level);
}

TEST(AmplitudeDensity, SeesThePileBelowALimitAtAnyLevel) {
  for (const float gain : {1.0F, 0.3F, 0.04F}) {
    SCOPED_TRACE(gain);
    const auto pile = pile_of(scaled(clipped_noise(1, 0.3F), gain));
    EXPECT_GT(pile.ratio, 2);
    EXPECT_NEAR(pile.level, 0.3 * gain, 0.01 * gain);
    // Of a normal distribution 13 % lie beyond 1.5 deviations, 2 % just below, and 4 % in the band beneath.
    EXPECT_NEAR(pile.share, 0.11, 0.01);
  }
}

TEST(AmplitudeDensity, SeesNoPileInWhatThinsOutTowardsItsPeaks) {
  TestSignal gusts = test_noise(1, 0.2);
  for (std::size_t i = 0; i < gusts.size(); ++i) {
    gusts[i] *= static_cast<float>(0.5 + 0.5 * std::sin(static_cast<double>(i) / 3000));
  }
  TestSignal beeps = test_sine(1, 0.5, 440);
  for (std::size_t i = 0; i < beeps.size(); ++i) {
    if (i % 4800 > 2400) beeps[i] *= 0.1F;
  }
  const struct {
    std::string_view what;
    TestSignal samples;
  } cases[] = {
      {"silence", TestSignal(48000, 0.0F)},
      {"noise", test_noise(1, 0.2)},
      {"gusts of noise", gusts},
      {"beeps", beeps},
      {"a tone in noise", sum_of(test_sine(1, 0.5, 440), test_noise(1, 0.025))},
      {"a tone with a weaker one", sum_of(test_sine(1, 0.5, 440), test_sine(1, 0.08, 1033))},
      {"a chord", sum_of(sum_of(test_sine(1, 0.3, 220), test_sine(1, 0.25, 277)), test_sine(1, 0.2, 331))},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_LT(pile_of(c.samples).ratio, 1.5);
    EXPECT_LT(pile_of(c.samples).share, 0.02);
  }
}

// Clipped only now and then: the pile is hardly denser than what is beneath, where sound thins out.
TEST(AmplitudeDensity, ComparesThePileWithWhatThinningOutWouldLeave) {
  const auto pile = pile_of(rippled(limited(test_noise(1, 0.2), 0.46F), 0.46));
  EXPECT_GT(pile.ratio, 2);
  EXPECT_NEAR(pile.level, 0.46, 0.03);
  EXPECT_EQ(pile_of(rippled(limited(test_noise(1, 0.2), 0.7F), 0.7)).ratio, 0);
}

TEST(AmplitudeDensity, JudgesSoundThatIsClippedSoHardThatItsPeaksAreNearItsRms) {
  const TestSignal half = test_noise(1, 0.2);
  const auto pile = pile_of(rippled(limited(half, 0.2F), 0.2));
  EXPECT_GT(pile.ratio, 4);
  EXPECT_NEAR(pile.level, 0.2, 0.01);
}

TEST(AmplitudeDensity, DoesNotJudgeBeepsOfASquareWave) {
  TestSignal beeps = rippled(limited(test_sine(1, 40, 997), 0.5F), 0.5);
  for (std::size_t i = 0; i < beeps.size(); ++i) {
    if (i % 9600 > 4800) beeps[i] = 0;
  }
  EXPECT_EQ(pile_of(beeps).ratio, 0);
}

TEST(AmplitudeDensity, DoesNotJudgeALoneToneOrASquareWave) {
  EXPECT_EQ(pile_of(test_sine(1, 0.5, 997)).ratio, 0);
  EXPECT_EQ(pile_of(rippled(test_sine(1, 0.5, 997), 0.5)).ratio, 0);
  EXPECT_EQ(pile_of(rippled(limited(test_sine(1, 40, 997), 0.5F), 0.5)).ratio, 0);
}

TEST(AmplitudeDensity, DoesNotJudgeWhatIsAllButSilent) {
  EXPECT_EQ(pile_of(scaled(clipped_noise(1, 0.3F), 0.02F)).ratio, 0);
}

TEST(AmplitudeDensity, LooksAnewEveryTenthHop) {
  AmplitudeDensity density;
  add(density, clipped_noise(0.9, 0.3F));
  EXPECT_GT(density.pile().ratio, 2);
  const float before = density.pile().share;
  add(density, test_noise(0.09, 0.02));
  EXPECT_EQ(density.pile().share, before);
  add(density, test_noise(0.01, 0.02));
  EXPECT_LT(density.pile().share, before);
}

TEST(AmplitudeDensity, ForgetsWhatIsASecondAgo) {
  AmplitudeDensity density;
  add(density, clipped_noise(1, 0.3F));
  add(density, test_noise(0.9, 0.05));
  EXPECT_GT(density.pile().ratio, 2);
  add(density, test_noise(0.1, 0.05));
  EXPECT_LT(density.pile().ratio, 1.5);
}

TEST(AmplitudeDensity, LeavesOutSamplesThatAreNotFinite) {
  const TestSignal x = clipped_noise(1, 0.3F);
  TestSignal broken = x;
  for (std::size_t i = 0; i < x.size(); i += 50) {
    broken[i] =
        i % 100 == 0 ? std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
  }
  const auto whole = pile_of(x);
  const auto pile = pile_of(broken);
  EXPECT_NEAR(pile.ratio, whole.ratio, 0.1 * static_cast<double>(whole.ratio));
  EXPECT_NEAR(pile.level, whole.level, 0.02);
  EXPECT_NEAR(pile.share, whole.share, 0.005);
}

}  // namespace
}  // namespace monolens

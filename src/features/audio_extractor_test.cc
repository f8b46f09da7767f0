#include "features/audio_extractor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <random>
#include <string_view>
#include <vector>

#include "features/kernels/samples.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::IsEmpty;
using testing::SizeIs;

using Signal = std::vector<float>;                // samples of one channel
using Signals = std::vector<std::vector<float>>;  // a channel each

constexpr int kRate = 48000;
constexpr int kHop = kRate / 100;

struct Hop {
  MediaTime time;
  MediaDuration duration;
  int sample_rate;
  int samples;
  std::vector<ChannelFeatures> channels;
  double cross;
  float true_peak;
  double speech;
};

// Feeds an extractor and keeps copies of its hops.
class Extraction {
 public:
  explicit Extraction(const FeatureOptions& options) : extractor(options) {}

  // Samples from..to of the signals, as one block at `time`.
  void block(const Signals& signals, std::size_t from, std::size_t to, MediaTime time, int rate = kRate) {
    // Copied, so that the address sanitizer sees a read beyond the block.
    Signals copy;
    for (const Signal& s : signals) {
      copy.emplace_back(s.begin() + static_cast<std::ptrdiff_t>(from),
                        s.begin() + static_cast<std::ptrdiff_t>(to));
    }
    std::vector<const float*> channels;
    for (const Signal& s : copy) channels.push_back(s.data());
    AudioBlock b;
    b.time = time;
    b.sample_rate = rate;
    b.channels = static_cast<int>(signals.size());
    b.samples = static_cast<int>(to - from);
    b.duration = MediaDuration::seconds(static_cast<double>(b.samples) / rate);
    b.channel = channels.data();
    keep(extractor.measure(b));
  }

  // All samples in blocks of these sizes, over and over, without a gap.
  void all(const Signals& signals, const std::vector<std::size_t>& sizes = {1024}, int rate = kRate) {
    std::size_t at = 0;
    for (std::size_t i = 0; at < signals[0].size(); ++i) {
      const std::size_t to = std::min(signals[0].size(), at + sizes[i % sizes.size()]);
      block(signals, at, to, MediaTime::seconds(static_cast<double>(at) / rate), rate);
      at = to;
    }
  }

  void finish() { keep(extractor.finish()); }

  AudioExtractor extractor;
  std::vector<Hop> hops;

 private:
  void keep(std::span<const AudioFeatures> measured) {
    for (const AudioFeatures& f : measured) {
      hops.push_back({f.time,
                      f.duration,
                      f.sample_rate,
                      f.samples,
                      {f.channels.begin(), f.channels.end()},
                      f.cross,
                      f.true_peak,
                      f.speech});
    }
  }
};

FeatureOptions levels() {
  FeatureOptions o;
  o.levels = true;
  return o;
}

FeatureOptions true_peak() {
  FeatureOptions o = levels();
  o.true_peak = true;
  return o;
}

Signal random_signal(std::size_t n, unsigned seed, float amplitude = 0.5F) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(-amplitude, amplitude);
  Signal x(n);
  for (float& v : x) v = uniform(random);
  return x;
}

std::uint32_t clipped_in(const Extraction& e, std::size_t channel = 0) {
  std::uint32_t clipped = 0;
  for (const Hop& h : e.hops) clipped += h.channels[channel].clipped;
  return clipped;
}

Signal sine(std::size_t n, double amplitude, double hertz) {
  Signal x(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double phase = 2 * std::numbers::pi * hertz * static_cast<double>(i) / kRate;
    x[i] = static_cast<float>(amplitude * std::sin(phase));
  }
  return x;
}

Signal rounded_to_8_bits(Signal x) {
  for (float& sample : x) sample = std::round(sample * 128) / 128;
  return x;
}

float last_pile(const FeatureOptions& o, const Signal& x) {
  Extraction e(o);
  e.all({x});
  return e.hops.back().channels[0].pile.ratio;
}

TEST(AudioExtractor, MeasuresHopsOfTenMillisecondsWhateverTheBlocks) {
  const Signals signals = {random_signal(5 * kHop + 100, 1), random_signal(5 * kHop + 100, 2)};
  const std::vector<std::size_t> block_sizes[] = {{1024}, {1}, {480}, {17, 1, 1152, 479}, {100000}};
  for (const auto& sizes : block_sizes) {
    SCOPED_TRACE(sizes[0]);
    Extraction e(levels());
    e.all(signals, sizes);
    ASSERT_THAT(e.hops, SizeIs(5));
    e.finish();
    ASSERT_THAT(e.hops, SizeIs(6));
    for (std::size_t h = 0; h < e.hops.size(); ++h) {
      const Hop& hop = e.hops[h];
      EXPECT_NEAR(hop.time.seconds(), static_cast<double>(h) * 0.01, 1e-8);
      EXPECT_EQ(hop.samples, h < 5 ? kHop : 100);
      EXPECT_EQ(hop.sample_rate, kRate);
      EXPECT_NEAR(hop.duration.seconds(), static_cast<double>(hop.samples) / kRate, 1e-8);
      ASSERT_THAT(hop.channels, SizeIs(2));
      for (std::size_t c = 0; c < 2; ++c) {
        const auto expected = kernels::reference::measure_samples(signals[c].data() + h * kHop,
                                                                  static_cast<std::size_t>(hop.samples), 1);
        EXPECT_FLOAT_EQ(hop.channels[c].peak, expected.peak);
        EXPECT_NEAR(hop.channels[c].sum, expected.sum, 1e-4);
        EXPECT_NEAR(hop.channels[c].sum_squares, expected.sum_squares, 1e-4);
      }
    }
  }
}

TEST(AudioExtractor, KnowsOtherSampleRates) {
  for (const int rate : {8000, 22050, 44100, 96000}) {
    SCOPED_TRACE(rate);
    Extraction e(levels());
    e.all({Signal(static_cast<std::size_t>(rate), 0.1F)}, {1024}, rate);
    EXPECT_EQ(e.hops.size(), static_cast<std::size_t>(rate / (rate / 100)));
    EXPECT_EQ(e.hops[0].samples, rate / 100);
    EXPECT_EQ(e.hops[0].sample_rate, rate);
  }
}

TEST(AudioExtractor, CutsAHopAtAGap) {
  const Signals tone = {Signal(1000, 0.25F)};
  Extraction e(levels());
  e.block(tone, 0, 500, 0_s);
  e.block(tone, 0, 500, 2_s);
  e.finish();
  ASSERT_THAT(e.hops, SizeIs(4));
  EXPECT_EQ(e.hops[1].samples, 20);
  EXPECT_NEAR(e.hops[1].time.seconds(), 0.01, 1e-8);
  EXPECT_EQ(e.hops[2].samples, kHop);
  EXPECT_EQ(e.hops[2].time, 2_s);
}

TEST(AudioExtractor, TakesJitterOfTimestampsForNoGap) {
  const Signals tone = {Signal(1000, 0.25F)};
  Extraction e(levels());
  e.block(tone, 0, 500, 0_s);
  e.block(tone, 0, 500, MediaTime::seconds(500.0 / kRate + 0.001));
  ASSERT_THAT(e.hops, SizeIs(2));
  EXPECT_EQ(e.hops[1].samples, kHop);
}

TEST(AudioExtractor, CutsAHopAtAChangeOfFormat) {
  const struct {
    std::string_view what;
    std::size_t channels;
    int rate;
  } cases[] = {{"more channels", 6, kRate}, {"fewer channels", 1, kRate}, {"another rate", 2, 44100}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    FeatureOptions o = true_peak();
    o.correlation = o.loudness = true;
    Extraction e(o);
    e.block(Signals(2, Signal(600, 0.25F)), 0, 600, 0_s);
    e.block(Signals(c.channels, Signal(600, 0.5F)), 0, 600, MediaTime::seconds(600.0 / kRate), c.rate);
    ASSERT_THAT(e.hops, SizeIs(3));
    EXPECT_EQ(e.hops[1].samples, 120);
    EXPECT_THAT(e.hops[1].channels, SizeIs(2));
    EXPECT_EQ(e.hops[1].sample_rate, kRate);
    EXPECT_FLOAT_EQ(e.hops[1].channels[0].peak, 0.25F);
    EXPECT_EQ(e.hops[2].samples, c.rate / 100);
    EXPECT_THAT(e.hops[2].channels, SizeIs(c.channels));
    EXPECT_FLOAT_EQ(e.hops[2].channels[0].peak, 0.5F);
  }
}

TEST(AudioExtractor, HasNothingToFinishWithoutSound) {
  Extraction e(levels());
  e.finish();
  EXPECT_THAT(e.hops, IsEmpty());
  e.block({Signal()}, 0, 0, 0_s);
  e.finish();
  EXPECT_THAT(e.hops, IsEmpty());
}

TEST(AudioExtractor, CountsTheSamplesOfFlatTops) {
  FeatureOptions o;
  o.flat_tops = true;
  o.clip_floor = 0.05;
  const float inf = std::numeric_limits<float>::infinity();
  const struct {
    std::string_view what;
    Signal samples;
    int run;
    std::uint32_t clipped;
    float level;
  } cases[] = {
      {"at full scale", {0, 1, 1, 1, 0}, 3, 3, 1},
      {"turned down", {0, 0.06F, 0.06F, 0.06F, 0}, 3, 3, 0.06F},
      {"below the floor", {0, 0.04F, 0.04F, 0.04F, 0}, 3, 0, 0},
      {"beyond full scale", {0, 1.5F, 1.5F, 1.5F, 0}, 3, 3, 1.5F},
      {"on both sides", {0, 1, 1, 1, 0, -1, -1, -1, -1, 0}, 3, 7, 1},
      {"as long as asked for", {0, 1, 1, 1, 1, 1, 0}, 5, 5, 1},
      {"shorter", {0, 1, 1, 1, 1, 0}, 5, 0, 0},
      {"a single sample", {0, 1, 0}, 3, 0, 0},
      {"a round top", {0.9F, 0.99F, 1, 0.99F, 0.9F}, 3, 0, 0},
      {"a sine at full scale", sine(4800, 1, 997), 3, 0, 0},
      {"coarse steps", rounded_to_8_bits(sine(4800, 0.99, 100)), 3, 0, 0},
      {"no number within", {0, 1, 1, inf, 1, 1, 0}, 3, 0, 0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    o.clip_run = c.run;
    Extraction e(o);
    e.all({c.samples});
    e.finish();
    EXPECT_EQ(clipped_in(e), c.clipped);
    EXPECT_FLOAT_EQ(e.hops[0].channels[0].clipped_level, c.level);
  }
}

TEST(AudioExtractor, CountsAFlatTopAcrossBlocksAndHopsWhereItEnds) {
  FeatureOptions o;
  o.flat_tops = true;
  o.clip_run = 4;
  Signal x(3 * kHop, 0.01F);
  std::fill(x.begin() + 100, x.begin() + 106, -1.0F);
  std::fill(x.begin() + kHop - 2, x.begin() + kHop + 3, 1.0F);
  std::fill(x.begin() + 2 * kHop - 4, x.begin() + 2 * kHop, 1.0F);
  for (const std::size_t size : {1U, 2U, 103U, 480U, 1024U}) {
    SCOPED_TRACE(size);
    Extraction e(o);
    e.all({x, Signal(x.size(), 0.2F)}, {size});
    ASSERT_THAT(e.hops, SizeIs(3));
    EXPECT_EQ(e.hops[0].channels[0].clipped, 6U);
    EXPECT_EQ(e.hops[1].channels[0].clipped, 5U);
    EXPECT_EQ(e.hops[2].channels[0].clipped, 4U);
    EXPECT_EQ(clipped_in(e, 1), 0U);
  }
}

TEST(AudioExtractor, EndsAFlatTopWhereAQuietBlockStands) {
  FeatureOptions o;
  o.flat_tops = true;
  o.clip_run = 4;
  Extraction e(o);
  e.all({{1, 1, 0, 0, 1, 1, 0, 0}}, {2});
  e.finish();
  EXPECT_EQ(clipped_in(e), 0U);
}

TEST(AudioExtractor, TellsWhereAmplitudesPileUp) {
  Signal x = random_signal(kRate, 1);
  const Signal y = random_signal(kRate, 2);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::clamp(x[i] + y[i], -0.7F, 0.7F) + 0.02F * y[i];
  FeatureOptions o;
  EXPECT_EQ(last_pile(o, x), 0);
  o.flat_tops = true;
  EXPECT_GT(last_pile(o, x), 2);
}

// The samples of a sine at a quarter of the rate with a phase of 45° miss its peaks by 3 dB.
TEST(AudioExtractor, FindsThePeakBetweenTheSamples) {
  Signal x(4800);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<float>(0.9 * std::sin(std::numbers::pi * (0.5 * static_cast<double>(i) + 0.25)));
  }
  for (const std::size_t size : {5U, 480U, 1024U}) {
    SCOPED_TRACE(size);
    Extraction e(true_peak());
    e.all({x}, {size});
    EXPECT_NEAR(e.hops[1].channels[0].peak, 0.9 * std::numbers::sqrt2 / 2, 1e-4);
    EXPECT_NEAR(20 * std::log10(e.hops[1].true_peak), 20 * std::log10(0.9), 0.3);
    EXPECT_NEAR(20 * std::log10(e.extractor.highest_true_peak()), 20 * std::log10(0.9), 0.3);
  }
}

TEST(AudioExtractor, TellsTheTruePeakOfTheLoudestChannel) {
  Extraction e(true_peak());
  e.all({Signal(kHop, 0.1F), Signal(kHop, 0.75F), Signal(kHop, -0.2F)});
  EXPECT_GE(e.hops.at(0).true_peak, 0.75F);
}

TEST(AudioExtractor, FindsTheProgrammesHighestTruePeakThoughItSkipsTheQuiet) {
  for (unsigned seed = 0; seed < 24; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> amplitude(0.01F, seed % 2 == 0 ? 0.3F : 1.0F);
    Signals signals;
    for (unsigned c = 0; c < 2; ++c) {
      Signal x = random_signal(6000, 100 * seed + c, 1);
      float envelope = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        if (i % 200 == 0) envelope = amplitude(random);
        x[i] *= envelope;
      }
      signals.push_back(std::move(x));
    }
    float expected = 0;
    for (const Signal& x : signals) {
      Signal padded(11, 0.0F);
      padded.insert(padded.end(), x.begin(), x.end());
      expected = std::max(expected, kernels::reference::true_peak_4x(padded.data() + 11, x.size()));
      for (const float v : x) expected = std::max(expected, std::abs(v));
    }
    Extraction e(true_peak());
    e.all(signals, {1024, 3, 700, 11, 480});
    e.finish();
    EXPECT_FLOAT_EQ(e.extractor.highest_true_peak(), expected);
    float loudest_hop = 0;
    for (const Hop& h : e.hops) loudest_hop = std::max(loudest_hop, h.true_peak);
    EXPECT_FLOAT_EQ(loudest_hop, expected);
  }
}

TEST(AudioExtractor, TellsNoTruePeakBelowTheSamplePeak) {
  Extraction e(true_peak());
  e.all({random_signal(48000, 7, 0.9F)});
  for (const Hop& h : e.hops) EXPECT_GE(h.true_peak, h.channels[0].peak);
}

TEST(AudioExtractor, CountsSamplesThatAreNoNumbersAsSilence) {
  Signal x(2 * kHop, 0.5F);
  x[3] = std::numeric_limits<float>::quiet_NaN();
  x[kHop + 5] = std::numeric_limits<float>::infinity();
  x[kHop + 6] = -std::numeric_limits<float>::infinity();
  FeatureOptions o = true_peak();
  o.correlation = o.loudness = true;
  Extraction e(o);
  e.all({x, x}, {100});
  ASSERT_THAT(e.hops, SizeIs(2));
  for (const Hop& h : e.hops) {
    EXPECT_FLOAT_EQ(h.channels[0].peak, 0.5F);
    EXPECT_TRUE(std::isfinite(h.true_peak));
    EXPECT_NEAR(h.cross, h.channels[0].sum_squares, 1e-6);
  }
  EXPECT_NEAR(e.hops[0].channels[0].sum_squares, 0.25 * (kHop - 1), 1e-6);
  EXPECT_NEAR(e.hops[1].channels[0].sum_squares, 0.25 * (kHop - 2), 1e-6);
}

TEST(AudioExtractor, CorrelatesTheFirstTwoChannels) {
  FeatureOptions o = levels();
  o.correlation = true;
  const Signal x = random_signal(kHop, 1);
  Signal turned = x;
  for (float& v : turned) v = -v;
  const auto correlation = [&](const Signals& signals) {
    Extraction e(o);
    e.all(signals, {77});
    const Hop& h = e.hops.at(0);
    return h.cross / std::sqrt(h.channels[0].sum_squares * h.channels[1].sum_squares);
  };
  EXPECT_NEAR(correlation({x, x}), 1, 1e-6);
  EXPECT_NEAR(correlation({x, turned}), -1, 1e-6);
  EXPECT_NEAR(correlation({x, random_signal(kHop, 2)}), 0, 0.2);
  EXPECT_NEAR(correlation({x, turned, x, x, x, x}), -1, 1e-6);
}

TEST(AudioExtractor, DoesNotCorrelateMono) {
  FeatureOptions o = levels();
  o.correlation = true;
  Extraction e(o);
  e.all({random_signal(kHop, 1)});
  EXPECT_EQ(e.hops.at(0).cross, 0);
}

TEST(AudioExtractor, MeasuresThePowerOfSpeech) {
  FeatureOptions o;
  o.speech = true;
  Extraction e(o);
  e.all({sine(kRate, 0.5, 1200), sine(kRate, 0.5, 1200)}, {1000, 77});
  for (std::size_t i = 10; i < e.hops.size(); ++i)
    EXPECT_NEAR(e.hops[i].speech / e.hops[i].samples, 0.125, 0.03) << "each hop for itself";
  const Signal low(kRate, 0.5F);
  e.all({low}, {1024}, 16000);
  EXPECT_NEAR(e.hops.back().speech, 0, 1e-6) << "after another rate and number of channels";
}

TEST(AudioExtractor, ComputesNothingThatIsNotAskedFor) {
  Extraction e(FeatureOptions{});
  e.all({Signal(kHop, 1), Signal(kHop, 1)});
  const Hop& h = e.hops.at(0);
  EXPECT_EQ(h.samples, kHop);
  EXPECT_EQ(h.channels[0].peak, 0);
  EXPECT_EQ(h.channels[0].clipped, 0U);
  EXPECT_EQ(h.cross, 0);
  EXPECT_EQ(h.true_peak, 0);
  EXPECT_EQ(h.speech, 0);
  EXPECT_EQ(e.extractor.loudness(), nullptr);
  EXPECT_EQ(e.extractor.highest_true_peak(), 0);
}

TEST(AudioExtractor, MetersTheLoudnessOfTheWholeProgramme) {
  FeatureOptions o;
  o.loudness = true;
  Extraction e(o);
  EXPECT_EQ(e.extractor.loudness(), nullptr);
  const Signal x = sine(3 * kRate, 0.1, 1000);
  e.all({x, x}, {1000, 24});
  ASSERT_NE(e.extractor.loudness(), nullptr);
  EXPECT_NEAR(e.extractor.loudness()->integrated(), -20, 0.1);
}

}  // namespace
}  // namespace monolens

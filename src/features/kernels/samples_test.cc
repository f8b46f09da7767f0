#include "features/kernels/samples.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <random>
#include <vector>

#include "features/kernels/every_target_test.h"
#include "features/kernels/true_peak_filter.h"

namespace monolens::kernels {
namespace {

// Double sums taken in another order differ by rounding alone; the true peak is taken in floats, 12 products
// each.
constexpr double kTolerance = 1e-6;
constexpr std::size_t kHistory = kTruePeakTaps - 1;
constexpr std::size_t kLengths[] = {0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 33, 63, 65, 1024, 1151};

// A run of samples with the history that true_peak_4x reads before it, in an allocation that holds nothing
// else.
class Samples {
 public:
  explicit Samples(std::size_t n) : n_(n), samples_(new float[kHistory + n]()) {}

  template <class Generate>
  Samples& fill(Generate generate) {
    for (std::size_t i = 0; i < kHistory + n_; ++i) samples_[i] = generate();
    return *this;
  }

  float* data() { return samples_.get() + kHistory; }
  const float* data() const { return samples_.get() + kHistory; }
  std::size_t size() const { return n_; }

 private:
  std::size_t n_;
  std::unique_ptr<float[]> samples_;
};

void expect_equal_to_reference(const Samples& a, const Samples& b, float over_limit) {
  const SampleSums expected = reference::measure_samples(a.data(), a.size(), over_limit);
  const double expected_dot = reference::dot(a.data(), b.data(), a.size());
  const float expected_peak = reference::true_peak_4x(a.data(), a.size());
  double magnitudes = 0;
  double products = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!std::isfinite(a.data()[i])) continue;
    magnitudes += std::abs(double{a.data()[i]});
    if (std::isfinite(b.data()[i])) products += std::abs(double{a.data()[i]} * double{b.data()[i]});
  }
  on_every_target([&] {
    const SampleSums sums = measure_samples(a.data(), a.size(), over_limit);
    EXPECT_NEAR(sums.sum, expected.sum, kTolerance * magnitudes);
    EXPECT_NEAR(sums.sum_squares, expected.sum_squares, kTolerance * expected.sum_squares);
    EXPECT_EQ(sums.peak, expected.peak);
    EXPECT_EQ(sums.over, expected.over);
    EXPECT_NEAR(dot(a.data(), b.data(), a.size()), expected_dot, kTolerance * products);
    EXPECT_NEAR(true_peak_4x(a.data(), a.size()), expected_peak, kTolerance * expected_peak);
  });
}

class SampleKernels : public testing::Test {
 protected:
  auto noise(float amplitude) {
    return [this, range = std::uniform_real_distribution<float>(-amplitude, amplitude)]() mutable {
      return range(engine_);
    };
  }
  // Noise in which every fourth sample or so is not finite.
  auto broken() {
    return [this, sound = noise(1)]() mutable {
      switch (engine_() % 12) {
        case 0:
          return std::numeric_limits<float>::quiet_NaN();
        case 1:
          return std::numeric_limits<float>::infinity();
        case 2:
          return -std::numeric_limits<float>::infinity();
        default:
          return sound();
      }
    };
  }

 private:
  std::mt19937 engine_{1};
};

TEST_F(SampleKernels, EqualTheReferenceAtEveryLength) {
  for (const std::size_t n : kLengths) {
    SCOPED_TRACE(n);
    Samples a(n);
    Samples b(n);
    expect_equal_to_reference(a.fill(noise(1)), b.fill(noise(1)), 0.9F);
    expect_equal_to_reference(a.fill(noise(1e-4F)), b.fill(noise(4)), 0.9F);
  }
}

TEST_F(SampleKernels, EqualTheReferenceOnSilenceAndFullScale) {
  Samples silent(100);
  Samples full(100);
  full.fill([] { return -1.0F; });
  expect_equal_to_reference(silent, full, 1);
  expect_equal_to_reference(full, silent, 1);
  expect_equal_to_reference(silent, silent, 0);
}

TEST_F(SampleKernels, TakeSamplesThatAreNotFiniteAsZero) {
  for (const std::size_t n : kLengths) {
    SCOPED_TRACE(n);
    Samples a(n);
    Samples b(n);
    expect_equal_to_reference(a.fill(broken()), b.fill(broken()), 0.5F);
  }
  Samples nothing(64);
  nothing.fill([] { return std::numeric_limits<float>::quiet_NaN(); });
  on_every_target([&] {
    const SampleSums sums = measure_samples(nothing.data(), nothing.size(), 0.5F);
    EXPECT_EQ(sums.sum_squares, 0);
    EXPECT_EQ(sums.peak, 0);
    EXPECT_EQ(sums.over, 0U);
    EXPECT_EQ(true_peak_4x(nothing.data(), nothing.size()), 0);
  });
}

TEST_F(SampleKernels, CopySamplesHeldToTheLimitAndFindTheLargestStep) {
  const auto expect_equal = [](const Samples& x, float before) {
    std::vector<float> expected(x.size() + 1, before);
    const float step = reference::copy_and_find_step(x.data(), x.size(), 0.7F, expected.data() + 1);
    on_every_target([&] {
      std::vector<float> copy(x.size() + 1, before);
      EXPECT_EQ(copy_and_find_step(x.data(), x.size(), 0.7F, copy.data() + 1), step);
      EXPECT_EQ(copy, expected);
    });
  };
  for (const std::size_t n : kLengths) {
    SCOPED_TRACE(n);
    Samples x(n);
    expect_equal(x.fill(noise(1)), -0.5F);
    expect_equal(x.fill(broken()), 0.5F);
  }
  const float ramp[] = {0.1F, 0.3F, -5.0F, std::numeric_limits<float>::infinity(), 0.25F};
  std::vector<float> copy(6, 0.5F);
  EXPECT_FLOAT_EQ(reference::copy_and_find_step(ramp, 5, 1, copy.data() + 1), 1.3F);
  EXPECT_EQ(copy, (std::vector<float>{0.5F, 0.1F, 0.3F, -1.0F, 0.0F, 0.25F}));
}

TEST_F(SampleKernels, CountASampleAtTheLimitAsOver) {
  Samples x(50);
  x.fill([] { return -0.5F; });
  x.data()[7] = std::nextafter(-0.5F, 0.0F);
  on_every_target([&] { EXPECT_EQ(measure_samples(x.data(), x.size(), 0.5F).over, 49U); });
}

TEST(TruePeak, FindsThePeakBetweenTheSamples) {
  // A sine at a quarter of the sample rate, sampled 45° off its peaks: the samples read −3 dB. Annex 2 allows
  // the four-fold filter an error of half a decibel.
  Samples x(4096);
  std::size_t i = 0;
  x.fill([&] {
    return static_cast<float>(std::sin(std::numbers::pi * (0.5 * static_cast<double>(i++) + 0.25)));
  });
  on_every_target([&] {
    EXPECT_NEAR(measure_samples(x.data(), x.size(), 2).peak, std::numbers::sqrt2 / 2, 1e-5);
    EXPECT_NEAR(20 * std::log10(true_peak_4x(x.data(), x.size())), 0, 0.5);
  });
}

TEST(TruePeak, AnswersAnImpulseWithTheLargestCoefficientItMeets) {
  Samples inside(32);
  inside.data()[5] = -1;
  Samples before(32);
  before.data()[-11] = 1;
  on_every_target([&] {
    EXPECT_EQ(true_peak_4x(inside.data(), inside.size()), 0.9721679687500F);
    EXPECT_EQ(true_peak_4x(before.data(), before.size()), 0.0291748046875F);
  });
}

TEST(TruePeak, HasTheSymmetryAndTheGainOfTheStandardsTable) {
  for (std::size_t phase = 0; phase < kTruePeakPhases; ++phase) {
    double gain = 0;
    for (std::size_t k = 0; k < kTruePeakTaps; ++k) {
      gain += double{kTruePeakFilter[phase][k]};
      EXPECT_EQ(kTruePeakFilter[phase][k], kTruePeakFilter[3 - phase][kTruePeakTaps - 1 - k]);
    }
    EXPECT_NEAR(gain, 1, 0.03);
  }
}

}  // namespace
}  // namespace monolens::kernels

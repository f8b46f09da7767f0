// For tests: the samples of one channel, made by a formula; full scale is 1.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <random>
#include <vector>

namespace monolens {

using TestSignal = std::vector<float>;

// `phase` in turns.
inline TestSignal test_sine(double seconds, double amplitude, double hz, int rate = 48000, double phase = 0) {
  TestSignal x(static_cast<std::size_t>(std::lround(seconds * rate)));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double turns = hz * static_cast<double>(i) / rate + phase;
    x[i] = static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * turns));
  }
  return x;
}

// White, Gaussian.
inline TestSignal test_noise(double seconds, double rms, unsigned seed = 1, int rate = 48000) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, rms);
  TestSignal x(static_cast<std::size_t>(std::lround(seconds * rate)));
  for (float& sample : x) sample = static_cast<float>(normal(random));
  return x;
}

inline TestSignal limited(TestSignal x, float level) {
  for (float& sample : x) sample = std::clamp(sample, -level, level);
  return x;
}

inline TestSignal scaled(TestSignal x, float gain) {
  for (float& sample : x) sample *= gain;
  return x;
}

// REQUIRES: both are as long.
inline TestSignal sum_of(TestSignal x, const TestSignal& y) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += y[i];
  return x;
}

inline TestSignal one_after_another(TestSignal x, const TestSignal& y) {
  x.insert(x.end(), y.begin(), y.end());
  return x;
}

}  // namespace monolens

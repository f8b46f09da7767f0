#include <algorithm>
#include <cmath>

#include "features/kernels/samples.h"
#include "features/kernels/true_peak_filter.h"

namespace monolens::kernels::reference {
namespace {

float finite(float x) { return std::isfinite(x) ? x : 0.0F; }

}  // namespace

SampleSums measure_samples(const float* x, std::size_t n, float over_limit) {
  SampleSums sums;
  for (std::size_t i = 0; i < n; ++i) {
    const float sample = finite(x[i]);
    const float level = std::abs(sample);
    sums.sum += double{sample};
    sums.sum_squares += double{sample} * double{sample};
    sums.peak = std::max(sums.peak, level);
    if (level >= over_limit) ++sums.over;
  }
  return sums;
}

double dot(const float* a, const float* b, std::size_t n) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += double{finite(a[i])} * double{finite(b[i])};
  return sum;
}

float copy_and_find_step(const float* x, std::size_t n, float limit, float* out) {
  float largest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = std::clamp(finite(x[i]), -limit, limit);
    largest = std::max(largest, std::abs(out[i] - *(out + i - 1)));
  }
  return largest;
}

float true_peak_4x(const float* x, std::size_t n) {
  double peak = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (const auto& phase : kTruePeakFilter) {
      double y = 0;
      for (std::size_t k = 0; k < kTruePeakTaps; ++k) {
        y += double{phase[k]} *
             double{finite(x[static_cast<std::ptrdiff_t>(i) - static_cast<std::ptrdiff_t>(k)])};
      }
      peak = std::max(peak, std::abs(y));
    }
  }
  return static_cast<float>(peak);
}

}  // namespace monolens::kernels::reference

// Sample kernels: what the audio features need from a run of planar float samples (full scale = 1.0).
//
// Samples that are not finite (broken bitstreams yield them) count as 0. Thread-safe: no state.
#pragma once

#include <cstddef>
#include <cstdint>

namespace monolens::kernels {

struct SampleSums {
  double sum = 0;          // of the samples: DC = sum / n
  double sum_squares = 0;  // RMS² = sum_squares / n
  float peak = 0;          // largest absolute value
  std::uint32_t over = 0;  // samples with |x| ≥ the limit given
};

SampleSums measure_samples(const float* x, std::size_t n, float over_limit);

// Sum of a[i]·b[i]: with the sums of squares it gives the correlation of two channels.
double dot(const float* a, const float* b, std::size_t n);

// Copies n samples, held to ±limit, and returns the largest step from one to the next. The first step is that
// from out[-1], which is readable. REQUIRES: limit > 0.
float copy_and_find_step(const float* x, std::size_t n, float limit, float* out);

// True peak (ITU-R BS.1770-4, Annex 2): the largest absolute value of x oversampled four times with the
// standard's 48-tap polyphase filter (table of Annex 2, 4 phases × 12 taps).
// REQUIRES: x[-11] … x[-1] are readable and hold the samples before the run (zeros at a stream's start).
float true_peak_4x(const float* x, std::size_t n);

namespace reference {
SampleSums measure_samples(const float* x, std::size_t n, float over_limit);
double dot(const float* a, const float* b, std::size_t n);
float copy_and_find_step(const float* x, std::size_t n, float limit, float* out);
float true_peak_4x(const float* x, std::size_t n);
}  // namespace reference

}  // namespace monolens::kernels

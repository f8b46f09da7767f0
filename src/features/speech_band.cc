#include "features/speech_band.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace monolens {
namespace {

constexpr double kLowest = 600;  // Hz
constexpr double kHighest = 2500;
constexpr double kMostOfRate = 0.45;  // of the sample rate: no edge lies higher
constexpr double kInaudible = 1e-30;  // what is left of a sound that ended would be slow to compute with

}  // namespace

SpeechBand::SpeechBand(int sample_rate) {
  const Section high_pass = section(kLowest, sample_rate, true);
  const Section low_pass = section(kHighest, sample_rate, false);
  sections_ = {high_pass, high_pass, low_pass, low_pass};
}

SpeechBand::Section SpeechBand::section(double hertz, int sample_rate, bool high_pass) {
  const double w = 2 * std::numbers::pi * std::min(hertz / sample_rate, kMostOfRate);
  const double alpha = std::sin(w) / std::numbers::sqrt2;  // Q = 1 / √2
  const double a0 = 1 + alpha;
  const double sum = high_pass ? 1 + std::cos(w) : 1 - std::cos(w);
  return {.b0 = sum / 2 / a0,
          .b1 = (high_pass ? -sum : sum) / a0,
          .b2 = sum / 2 / a0,
          .a1 = -2 * std::cos(w) / a0,
          .a2 = (1 - alpha) / a0};
}

double SpeechBand::add(const AudioBlock& block, int offset, int samples) {
  double squares = 0;
  for (int i = offset; i < offset + samples; ++i) {
    float sum = 0;
    for (int c = 0; c < block.channels; ++c) sum += block.channel[c][i];
    double x = std::isfinite(sum) ? static_cast<double>(sum) / block.channels : 0;
    for (Section& s : sections_) {
      const double y = s.b0 * x + s.z1;
      s.z1 = s.b1 * x - s.a1 * y + s.z2;
      s.z2 = s.b2 * x - s.a2 * y;
      x = y;
    }
    squares += x * x;
  }
  for (Section& s : sections_) {
    if (std::abs(s.z1) < kInaudible) s.z1 = 0;
    if (std::abs(s.z2) < kInaudible) s.z2 = 0;
  }
  return squares;
}

}  // namespace monolens

#include "features/band_powers.h"

#include <kissfft/kiss_fftr.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace monolens {
namespace {

constexpr double kLowestEdge = 1000;    // Hz
constexpr double kHighestEdge = 20000;  // Hz
constexpr double kWindow = 0.0213;      // s, 1024 samples at 48 kHz
constexpr double kUsable = 0.46;        // of the sample rate: above, the filters of resamplers take hold

// The power of two nearest to the window's length.
std::size_t window_samples(int sample_rate) {
  const double wanted = std::max(16.0, sample_rate * kWindow);
  return std::size_t{1} << static_cast<unsigned>(std::lround(std::log2(wanted)));
}

}  // namespace

double band_edge_hz(std::size_t i) {
  return i == kBandCount ? kHighestEdge : kLowestEdge * std::exp2(static_cast<double>(i) / 2);
}

std::size_t band_count(int sample_rate) {
  std::size_t n = 0;
  while (n < kBandCount && band_edge_hz(n + 1) <= kUsable * sample_rate) ++n;
  return n;
}

// Owns the handle of the C library.
struct BandMeter::Transform {
  explicit Transform(std::size_t n)
      : plan(kiss_fftr_alloc(static_cast<int>(n), 0, nullptr, nullptr)), samples(n), bins(n / 2 + 1) {}
  ~Transform() { kiss_fftr_free(plan); }
  Transform(const Transform&) = delete;
  Transform& operator=(const Transform&) = delete;

  kiss_fftr_cfg plan;
  std::vector<kiss_fft_scalar> samples;
  std::vector<kiss_fft_cpx> bins;
};

BandMeter::BandMeter(std::size_t channels, int sample_rate)
    : transform_(std::make_unique<Transform>(window_samples(sample_rate))),
      window_(transform_->samples.size()),
      recent_(channels, std::vector<float>(window_.size())),
      next_(channels) {
  const auto n = static_cast<double>(window_.size());
  // The mean square of a Hann window is 3/8; a bin stands for two of the whole spectrum.
  const double scale = std::sqrt(2.0 / (n * n * 3.0 / 8.0));
  for (std::size_t i = 0; i < window_.size(); ++i) {
    const double hann = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / n);
    window_[i] = static_cast<float>(hann * scale);
  }
  const std::size_t bands = band_count(sample_rate);
  for (std::size_t i = 0; i <= kBandCount; ++i) {
    edges_[i] = static_cast<std::size_t>(std::ceil(band_edge_hz(std::min(i, bands)) * n / sample_rate));
  }
}

BandMeter::~BandMeter() = default;

void BandMeter::add(std::size_t channel, std::span<const float> samples) {
  std::vector<float>& ring = recent_[channel];
  if (samples.size() > ring.size()) samples = samples.last(ring.size());
  std::size_t at = next_[channel];
  for (const float x : samples) {
    ring[at] = std::isfinite(x) ? x : 0.0F;
    at = (at + 1) & (ring.size() - 1);
  }
  next_[channel] = at;
}

BandPowers BandMeter::measure(std::size_t channel) {
  const std::vector<float>& ring = recent_[channel];
  const std::size_t oldest = next_[channel];
  for (std::size_t i = 0; i < ring.size(); ++i) {
    transform_->samples[i] = ring[(oldest + i) & (ring.size() - 1)] * window_[i];
  }
  kiss_fftr(transform_->plan, transform_->samples.data(), transform_->bins.data());
  BandPowers powers{};
  for (std::size_t b = 0; b < kBandCount; ++b) {
    for (std::size_t i = edges_[b]; i < edges_[b + 1]; ++i) {
      const kiss_fft_cpx& bin = transform_->bins[i];
      powers[b] += bin.r * bin.r + bin.i * bin.i;
    }
  }
  return powers;
}

void BandMeter::clear() {
  for (auto& ring : recent_) std::fill(ring.begin(), ring.end(), 0.0F);
}

}  // namespace monolens

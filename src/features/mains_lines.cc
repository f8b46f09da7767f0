#include "features/mains_lines.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "features/kernels/samples.h"

namespace monolens {
namespace {

constexpr double kLowRate = 2000;  // Hz, about
constexpr double kCutoff = 800;    // Hz
constexpr std::size_t kTapsAPhase = 6;
constexpr double kBeside = 0.3;  // of the mains' frequency
constexpr std::size_t kWavesALine = 3;
constexpr double kTurn = 2 * std::numbers::pi;

// A sinc in Hamming's window, of unit gain.
std::vector<float> low_pass(std::size_t taps, double cutoff) {
  std::vector<double> h(taps);
  double sum = 0;
  const double middle = static_cast<double>(taps - 1) / 2;
  for (std::size_t i = 0; i < taps; ++i) {
    const double t = static_cast<double>(i) - middle;
    const double sinc = t == 0 ? 2 * cutoff : std::sin(kTurn * cutoff * t) / (std::numbers::pi * t);
    const double phase = taps > 1 ? kTurn * static_cast<double>(i) / static_cast<double>(taps - 1) : 0;
    h[i] = sinc * (0.54 - 0.46 * std::cos(phase));
    sum += h[i];
  }
  std::vector<float> filter(taps);
  for (std::size_t i = 0; i < taps; ++i) filter[i] = static_cast<float>(h[i] / sum);
  return filter;
}

double line_hz(std::size_t mains, std::size_t harmonic) {
  return kMains[mains] * static_cast<double>(harmonic + 1);
}

std::size_t line_index(std::size_t mains, std::size_t harmonic) { return mains * kHarmonics + harmonic; }

}  // namespace

MainsMeter::MainsMeter(std::size_t channels, int sample_rate, std::size_t most_samples)
    : factor_(static_cast<std::size_t>(std::max(1.0, sample_rate / kLowRate))),
      low_rate_(static_cast<double>(sample_rate) / static_cast<double>(factor_)),
      window_(std::max<std::size_t>(2, static_cast<std::size_t>(std::lround(low_rate_ * kWindow)))),
      filter_(factor_ == 1 ? std::vector<float>{1.0F}
                           : low_pass(kTapsAPhase * factor_ + 1, kCutoff / sample_rate)),
      waves_(kMains.size() * kHarmonics * kWavesALine * 2 * window_),
      channels_(channels) {
  for (Channel& c : channels_) {
    c.input.resize(filter_.size() + factor_ + most_samples);
    c.low.resize(2 * window_);
  }
  clear();
  // Hann, scaled so that a sine of amplitude 1 gives a line of amplitude 1.
  const auto n = static_cast<double>(window_);
  float* row = waves_.data();
  for (std::size_t mains = 0; mains < kMains.size(); ++mains) {
    for (std::size_t h = 0; h < kHarmonics; ++h) {
      for (const double off : {0.0, -kBeside, kBeside}) {
        const double turns = (line_hz(mains, h) + off * kMains[mains]) / low_rate_;  // a decimated sample
        const bool seen = turns < 0.45;
        for (std::size_t i = 0; i < window_ && seen; ++i) {
          const auto t = static_cast<double>(i);
          const double hann = (1 - std::cos(kTurn * t / n)) * 2 / n;
          row[i] = static_cast<float>(hann * std::cos(kTurn * turns * t));
          row[window_ + i] = static_cast<float>(-hann * std::sin(kTurn * turns * t));
        }
        row += 2 * window_;
      }
    }
  }
}

void MainsMeter::add(std::size_t channel, std::span<const float> samples) {
  Channel& c = channels_[channel];
  std::copy(samples.begin(), samples.end(), c.input.begin() + static_cast<std::ptrdiff_t>(c.filled));
  c.filled += samples.size();
  std::size_t used = 0;
  for (; used + filter_.size() <= c.filled; used += factor_) {
    const auto y = static_cast<float>(kernels::dot(filter_.data(), c.input.data() + used, filter_.size()));
    c.low[c.next] = y;
    c.low[c.next + window_] = y;
    c.next = (c.next + 1) % window_;
    ++c.counted;
  }
  std::copy(c.input.begin() + static_cast<std::ptrdiff_t>(used),
            c.input.begin() + static_cast<std::ptrdiff_t>(c.filled), c.input.begin());
  c.filled -= used;
}

float MainsMeter::amplitude_squared(std::size_t wave, const float* low) const {
  const float* row = waves_.data() + wave * 2 * window_;
  const double re = kernels::dot(row, low, window_);
  const double im = kernels::dot(row + window_, low, window_);
  return static_cast<float>(re * re + im * im);
}

MainsLines MainsMeter::measure(std::size_t channel) const {
  const Channel& c = channels_[channel];
  const float* low = c.low.data() + c.next;  // the oldest first
  const double first = (static_cast<double>(c.counted) - static_cast<double>(window_)) / low_rate_;  // s
  MainsLines result;
  for (std::size_t mains = 0; mains < kMains.size(); ++mains) {
    for (std::size_t h = 0; h < kHarmonics; ++h) {
      const std::size_t wave = line_index(mains, h) * kWavesALine;
      const float* row = waves_.data() + wave * 2 * window_;
      const std::complex<double> here{kernels::dot(row, low, window_),
                                      kernels::dot(row + window_, low, window_)};
      const double turns = line_hz(mains, h) * first;
      MainsLines::Line& line = result.lines[mains][h];
      line.value = std::complex<float>(here * std::polar(1.0, -kTurn * (turns - std::floor(turns))));
      line.beside = (amplitude_squared(wave + 1, low) + amplitude_squared(wave + 2, low)) / 2;
    }
  }
  return result;
}

void MainsMeter::clear() {
  for (Channel& c : channels_) {
    // Zeros before the first sample, so that the first window is full.
    std::fill(c.input.begin(), c.input.end(), 0.0F);
    c.filled = filter_.size() - 1;
    std::fill(c.low.begin(), c.low.end(), 0.0F);
    c.next = 0;
    c.counted = 0;
  }
}

}  // namespace monolens

#include "features/amplitude_density.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace monolens {
namespace {

constexpr int kShift = 17;           // keeps six bits of a float's mantissa: 64 bins an octave
constexpr int kLowestExponent = -9;  // 2^-9 to 2^1 is ten octaves
constexpr std::uint32_t kBase = static_cast<std::uint32_t>(127 + kLowestExponent) << (23 - kShift);

constexpr double kTopShare = 0.0005;  // of the samples lie above what counts as the peak
constexpr double kWidth = 0.08;       // of both bands, in peaks
constexpr double kDistance = 0.14;    // from one band to the other
constexpr double kLowestBand = 0.60;  // where the upper band may begin, in peaks
constexpr double kHighestBand = 1.02;
constexpr double kLeastShare = 0.0015;  // of the second's samples in the upper band
constexpr double kLeastPeak = 0.01;     // −40 dBFS

// Towards the peaks of a lone tone amplitudes grow denser steadily, not at once: what lies one more distance
// beneath must be about as dense as the band beneath.
constexpr double kThinning = 0.9;

// A lone sine spends most of its time near its peak as well, √2 above its RMS; so does a square wave, at 1.
// Most clipped speech and music stay above this.
constexpr double kLeastCrest = 1.55;
// Speech that is clipped hard is as dense as they are: but a sine has at most three times as many samples in
// the upper band as beneath, and a square wave next to none between its tops.
constexpr double kSteep = 4.5;
constexpr double kBetween = 0.01;  // of the second's samples

// The amplitude at which a bin begins: a float with the bin's bits.
double bin_start(std::size_t bin) {
  return double{std::bit_cast<float>((static_cast<std::uint32_t>(bin) + kBase) << kShift)};
}

std::uint32_t bits_of(float x) { return std::bit_cast<std::uint32_t>(x) & 0x7fffffffU; }

}  // namespace

AmplitudeDensity::AmplitudeDensity() : slots_(kSlots) {}

void AmplitudeDensity::add(const float* x, int samples) {
  Histogram& bins = slots_[slot_].bins;
  for (int i = 0; i < samples; ++i) {
    const std::uint32_t key = bits_of(x[i]) >> kShift;
    // Too small wraps round, too large and what is not finite lie beyond: all go to the last bin.
    ++bins[std::min<std::uint32_t>(key - kBase, kBins)];
  }
}

void AmplitudeDensity::close_hop(float peak, double sum_squares, int samples) {
  Slot& slot = slots_[slot_];
  const double rms_limit = kLeastCrest * kLeastCrest * sum_squares;
  slot.shapes[static_cast<std::size_t>(slot.hops++)] = {
      .peak = peak, .tone = double{peak} * double{peak} * samples < rms_limit};
  if (slot.hops < 10) return;
  full_slots_ = std::min<int>(full_slots_ + 1, kSlots);
  judge();
  slot_ = (slot_ + 1) % kSlots;
  slots_[slot_] = {};
}

void AmplitudeDensity::judge() {
  pile_ = {};
  sum_.fill(0);
  for (const Slot& s : slots_) {
    for (std::size_t b = 0; b <= kBins; ++b) sum_[b] += s.bins[b];
  }
  if (full_slots_ < 5) return;
  double seen = sum_[kBins];
  for (std::size_t b = 0; b < kBins; ++b) {
    cumulative_[b] = seen;
    seen += sum_[b];
  }
  cumulative_[kBins] = seen;
  std::size_t top = kBins;
  while (top > 1 && seen - cumulative_[top - 1] < kTopShare * seen) --top;
  const double peak = bin_start(top);
  if (peak < kLeastPeak) return;
  const bool tone = is_tone(peak);
  for (double from = kLowestBand; from <= kHighestBand; from += 0.02) {
    const double upper = below((from + kWidth) * peak) - below(from * peak);
    const double lower = below((from - kDistance + kWidth) * peak) - below((from - kDistance) * peak);
    if (upper < kLeastShare * seen || upper < lower) continue;
    const double lowest =
        below((from - 2 * kDistance + kWidth) * peak) - below((from - 2 * kDistance) * peak);
    if (lowest < kThinning * lower) continue;
    if (tone && (upper < kSteep * lower || lower < kBetween * seen)) continue;
    // Sound that thins out steadily would leave lower² / lowest.
    const double ratio = (upper + 1) * (lowest + 1) / ((lower + 4) * (lower + 4));
    if (ratio <= double{pile_.ratio}) continue;
    pile_.ratio = static_cast<float>(ratio);
    pile_.level = static_cast<float>((from + kWidth / 2) * peak);
    pile_.share = static_cast<float>(std::max(0.0, upper - lower) / seen);
  }
}

// Most of the hops that come near the peak are.
bool AmplitudeDensity::is_tone(double peak) const {
  int loud = 0;
  int tones = 0;
  for (const Slot& s : slots_) {
    for (const Hop& h : s.shapes) {
      if (double{h.peak} < 0.7 * peak) continue;
      ++loud;
      tones += h.tone ? 1 : 0;
    }
  }
  return 2 * tones > loud;
}

double AmplitudeDensity::below(double amplitude) const {
  const std::uint32_t key = bits_of(static_cast<float>(amplitude)) >> kShift;
  const std::size_t bin = std::min<std::size_t>(key < kBase ? 0 : key - kBase, kBins - 1);
  const double from = bin_start(bin);
  const double part = std::clamp((amplitude - from) / (bin_start(bin + 1) - from), 0.0, 1.0);
  return cumulative_[bin] + part * (cumulative_[bin + 1] - cumulative_[bin]);
}

}  // namespace monolens

#include "compare/sound_print.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

namespace monolens {
namespace {

constexpr std::array<double, SoundPrint::kBands - 1> kSplits = {300, 1200, 4000};  // Hz
constexpr double kDirect = 20;                                                     // Hz
constexpr double kFloor = 1e-5;  // of the mean energy, added to each: −50 dB
constexpr std::size_t kHopsBack = 3;
constexpr std::size_t kMomentsBack = 5;
constexpr std::size_t kMomentsWide = 5;
constexpr float kLeastSpread = 0.05F;  // nepers: a window of less says nothing
constexpr double kLeastLikeness = 0.35;
constexpr double kRival = 0.85;     // of the best: another place as likely as that makes it unknown
constexpr std::int64_t kApart = 6;  // hops between places that are not the same

double mean_of(std::span<const float> values) {
  double sum = 0;
  for (const float v : values) sum += static_cast<double>(v);
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

// Σab / √(Σa²Σb²), from sums made along the way.
struct Correlation {
  double ab = 0;
  double aa = 0;
  double bb = 0;
  void add(float a, float b) {
    ab += static_cast<double>(a * b);
    aa += static_cast<double>(a * a);
    bb += static_cast<double>(b * b);
  }
  double value() const { return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0; }
};

double fit(const SoundPrint& a, const SoundPrint& b, std::int64_t first, std::int64_t last,
           std::int64_t lag) {
  Correlation c;
  const auto size = static_cast<std::int64_t>(b.rises().size());
  first = std::max(first, -lag);
  last = std::min({last, size - lag, static_cast<std::int64_t>(a.rises().size())});
  for (std::int64_t i = first; i < last; ++i) {
    const auto& x = a.rises()[static_cast<std::size_t>(i)];
    const auto& y = b.rises()[static_cast<std::size_t>(i + lag)];
    for (std::size_t k = 0; k < SoundPrint::kBands; ++k) c.add(x[k], y[k]);
  }
  return c.value();
}

double fine_fit(const SoundPrint& a, const SoundPrint& b, std::int64_t first, std::int64_t last,
                std::int64_t lag) {
  Correlation c;
  const auto size = static_cast<std::int64_t>(b.onsets().size());
  first = std::max(first, -lag);
  last = std::min({last, size - lag, static_cast<std::int64_t>(a.onsets().size())});
  for (std::int64_t i = first; i < last; ++i)
    c.add(a.onsets()[static_cast<std::size_t>(i)], b.onsets()[static_cast<std::size_t>(i + lag)]);
  return c.value();
}

}  // namespace

void SoundPrint::add(const AudioBlock& block) {
  if (block.sample_rate <= 0 || block.channels <= 0) return;
  const auto one_pole = [&](double hertz) {
    return static_cast<float>(1 - std::exp(-2 * std::numbers::pi * hertz / block.sample_rate));
  };
  if (block.sample_rate != sample_rate_) {
    sample_rate_ = block.sample_rate;
    for (std::size_t k = 0; k < kSplits.size(); ++k) coefficients_[k] = one_pole(kSplits[k]);
  }
  const float direct_coefficient = one_pole(kDirect);
  const double start = block.time.seconds();
  if (start + block.duration.seconds() < 0) return;
  const auto last = static_cast<std::size_t>(
      std::max(0.0, (start + static_cast<double>(block.samples) / sample_rate_) * 1000));
  if (moments_.size() <= last) moments_.resize(last + 1);
  if (energies_.size() <= last / 10) energies_.resize(last / 10 + 1);
  // A millisecond holds 44 or 45 samples of 44.1 kHz: energies are those of a time, not of a count.
  const auto weight = static_cast<float>(1000.0 / sample_rate_);
  for (int i = 0; i < block.samples; ++i) {
    float x = 0;
    for (int c = 0; c < block.channels; ++c) x += block.channel[c][i];
    if (!std::isfinite(x)) x = 0;
    direct_ += direct_coefficient * (x - direct_);
    x -= direct_;
    const double at = (start + static_cast<double>(i) / sample_rate_) * 1000;
    if (at < 0) continue;
    const auto moment = std::min(static_cast<std::size_t>(at), last);
    auto& bands = energies_[moment / 10];
    float below = 0;
    for (std::size_t k = 0; k + 1 < kBands; ++k) {
      states_[k] += coefficients_[k] * (x - states_[k]);
      const float band = states_[k] - below;
      bands[k] += band * band * weight;
      below = states_[k];
    }
    bands[kBands - 1] += (x - below) * (x - below) * weight;
    moments_[moment] += x * x * weight;
  }
}

void SoundPrint::finish() {
  rises_.assign(energies_.size(), {});
  for (std::size_t k = 0; k < kBands; ++k) {
    std::vector<float> levels(energies_.size());
    double sum = 0;
    for (const auto& e : energies_) sum += static_cast<double>(e[k]);
    const double floor = kFloor * sum / std::max<double>(1, static_cast<double>(energies_.size())) + 1e-20;
    for (std::size_t i = 0; i < levels.size(); ++i)
      levels[i] = static_cast<float>(std::log(static_cast<double>(energies_[i][k]) + floor));
    for (std::size_t i = kHopsBack; i < levels.size(); ++i)
      rises_[i][k] = std::clamp(levels[i] - levels[i - kHopsBack], -3.0F, 3.0F);
  }
  const double floor = kFloor * 10 * mean_of(moments_) + 1e-20;
  std::vector<float> levels(moments_.size());
  double sum = 0;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    sum += static_cast<double>(moments_[i]);
    if (i >= kMomentsWide) sum -= static_cast<double>(moments_[i - kMomentsWide]);
    levels[i] = static_cast<float>(std::log(std::max(sum, 0.0) / kMomentsWide + floor));
  }
  onsets_.assign(moments_.size(), 0);
  for (std::size_t i = kMomentsBack; i < levels.size(); ++i)
    onsets_[i] = std::clamp(levels[i] - levels[i - kMomentsBack], -3.0F, 3.0F);
  energies_ = {};
  moments_ = {};
}

PrintTrack SoundPrint::prints(MediaDuration step) const {
  constexpr std::size_t kEvery = 4;  // hops
  const auto hops = static_cast<std::size_t>(kWindow.ns() / kHop.ns());
  PrintTrack prints(hops / kEvery * kBands);
  std::vector<float> values;
  for (MediaTime t; t < end(); t = t + step) {
    const auto middle = t.since_start().ns() / kHop.ns();
    const auto first = middle - static_cast<std::int64_t>(hops / 2);
    values.clear();
    for (std::size_t h = 0; h < hops; h += kEvery) {
      for (std::size_t k = 0; k < kBands; ++k) {
        float sum = 0;
        for (std::size_t j = 0; j < kEvery; ++j) {
          const std::int64_t at = first + static_cast<std::int64_t>(h + j);
          if (at >= 0 && at < static_cast<std::int64_t>(rises_.size()))
            sum += rises_[static_cast<std::size_t>(at)][k];
        }
        values.push_back(sum);
      }
    }
    prints.add(t, values, {}, kLeastSpread);
  }
  return prints;
}

std::optional<SoundOffset> find_sound(const SoundPrint& reference, const SoundPrint& test, MediaTime from,
                                      MediaTime to, MediaDuration guess, MediaDuration range) {
  if (reference.empty() || test.empty()) return std::nullopt;
  const auto hop = [](MediaDuration d) { return d.ns() / SoundPrint::kHop.ns(); };
  const std::int64_t first = std::max<std::int64_t>(0, hop(from.since_start()));
  const std::int64_t last = hop(to.since_start());
  const std::int64_t reach = hop(range);
  const std::int64_t middle = hop(guess);
  std::vector<double> fits;
  for (std::int64_t lag = middle - reach; lag <= middle + reach; ++lag)
    fits.push_back(fit(reference, test, first, last, lag));
  const auto best = std::max_element(fits.begin(), fits.end());
  const auto at = best - fits.begin();
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(fits.size()); ++i) {
    if (std::abs(i - at) >= kApart && fits[static_cast<std::size_t>(i)] > kRival * *best) return std::nullopt;
  }
  if (*best < kLeastLikeness) return std::nullopt;

  const std::int64_t coarse = (middle - reach + at) * 10;
  std::vector<double> fine;
  constexpr std::int64_t kFine = 15;
  for (std::int64_t lag = coarse - kFine; lag <= coarse + kFine; ++lag)
    fine.push_back(fine_fit(reference, test, first * 10, last * 10, lag));
  const auto top = std::max_element(fine.begin(), fine.end());
  double lag = static_cast<double>(coarse - kFine + (top - fine.begin()));
  if (top != fine.begin() && top + 1 != fine.end()) {
    const double bend = top[-1] - 2 * top[0] + top[1];  // the peak of the parabola through three points
    if (bend < 0) lag += 0.5 * (top[-1] - top[1]) / bend;
  }
  return SoundOffset{.offset = MediaDuration::seconds(lag / 1000), .likeness = *best};
}

}  // namespace monolens

#include "detectors/lip_offset.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace monolens {
namespace {

constexpr std::int64_t kHop = 10'000'000;                        // ns
constexpr int kLagStep = 2;                                      // hops
constexpr int kMostLag = 80;                                     // hops
constexpr std::ptrdiff_t kSmooth = 5;                            // hops either side of a Hann window
constexpr auto kLongestStep = MediaDuration::milliseconds(150);  // between pictures of one stretch
constexpr auto kLongestHop = MediaDuration::milliseconds(1000);
constexpr double kMeasureEvery = 4;  // s of faces
constexpr double kLeast = 5;         // s of faces
constexpr double kMost = 20;
constexpr std::size_t kShortestStretch = 20;  // pictures
constexpr std::size_t kMostSeen = 20 * 60;
constexpr std::size_t kMostLevels = 12'000;
constexpr std::int64_t kLongestHole = kMostLevels / 4;  // hops
constexpr double kLoudest = 100;                        // mean square, far beyond full scale
constexpr std::size_t kFirstStep = 30;                  // pictures by which the oldest are left out

// A face that talks, paired with the speech of others: of 5,000 stretches of 5 to 20 s 2 passed these and
// what follows. Chance shrinks with the root of the time.
constexpr double kSignificant = 0.8;  // r at 1 s
constexpr double kDeviations = 4.5;   // of the curve beside the peak
constexpr double kDistinct = 1.4;     // times the second peak
constexpr int kPeakWidth = 7;         // lags either side that belong to a peak
constexpr double kHalf = 0.4;         // of the peak, that each half of the time must reach at its place
constexpr double kLeadMs = 60;        // lips open before they sound

std::int64_t hop_of(MediaTime t) { return t.since_start().ns() / kHop; }

struct Peak {
  std::ptrdiff_t at = 0;
  double height = 0;
  double deviations = 0;  // of the curve beside it
  double shift = 0;       // of its top from `at`, in lags
};

// The one that stands out of the others and is not cut off by the first or last lag.
std::optional<Peak> find_peak(std::span<const double> curve) {
  const auto lags = static_cast<std::ptrdiff_t>(curve.size());
  const auto best = std::max_element(curve.begin(), curve.end()) - curve.begin();
  if (best < kPeakWidth || best >= lags - kPeakWidth) return std::nullopt;
  double second = 0;
  double sum = 0;
  double squares = 0;
  double count = 0;
  for (std::ptrdiff_t i = 0; i < lags; ++i) {
    if (std::abs(i - best) <= kPeakWidth) continue;
    const double r = curve[static_cast<std::size_t>(i)];
    second = std::max(second, r);
    sum += r;
    squares += r * r;
    ++count;
  }
  const double height = curve[static_cast<std::size_t>(best)];
  const double deviation = std::sqrt(std::max(0.0, squares / count - sum / count * sum / count));
  if (height < kDistinct * second || height < kDeviations * deviation) return std::nullopt;
  // The top of a parabola through the three highest.
  const double before = curve[static_cast<std::size_t>(best - 1)];
  const double after = curve[static_cast<std::size_t>(best + 1)];
  const double shift = 0.5 * (before - after) / (before - 2 * height + after);
  return Peak{.at = best,
              .height = height,
              .deviations = height / deviation,
              .shift = std::isfinite(shift) ? shift : 0};
}

bool agrees(std::span<const double> half, const Peak& peak) {
  const auto near = half.begin() + peak.at;
  return *std::max_element(near - 2, near + 3) >= kHalf * peak.height;
}

std::vector<double> smoothed(const std::vector<double>& raw) {
  static const auto kWeights = [] {
    std::array<double, 2 * kSmooth - 1> weights{};
    for (std::ptrdiff_t i = 0; i < std::ssize(weights); ++i)
      weights[static_cast<std::size_t>(i)] =
          1 + std::cos(std::numbers::pi * static_cast<double>(i - kSmooth + 1) / kSmooth);
    return weights;
  }();
  const std::ptrdiff_t n = std::ssize(raw);
  std::vector<double> out(raw.size());
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    double sum = 0;
    double weights = 0;
    for (std::ptrdiff_t k = std::max<std::ptrdiff_t>(0, i - kSmooth + 1); k < std::min(n, i + kSmooth); ++k) {
      const double w = kWeights[static_cast<std::size_t>(k - i + kSmooth - 1)];
      sum += w * raw[static_cast<std::size_t>(k)];
      weights += w;
    }
    out[static_cast<std::size_t>(i)] = sum / weights;
  }
  return out;
}

// Pearson's r of the mouth with the envelope at its places and `lag` hops later, times the number of
// pictures; 0 where one of them does not change. Beyond the envelope its ends go on.
double correlation(std::span<const double> mouth, std::span<const std::int64_t> places,
                   std::span<const float> envelope, int lag) {
  double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < mouth.size(); ++i) {
    const std::int64_t at = std::clamp<std::int64_t>(places[i] + lag, 0, std::ssize(envelope) - 1);
    const auto a = static_cast<double>(envelope[static_cast<std::size_t>(at)]);
    const double b = mouth[i];
    x += a;
    y += b;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  const auto count = static_cast<double>(mouth.size());
  const double spread = (xx - x * x / count) * (yy - y * y / count);
  return spread > 0 ? count * (xy - x * y / count) / std::sqrt(spread) : 0;
}

}  // namespace

LipOffset::LipOffset() {
  seen_.reserve(kMostSeen);
  levels_.reserve(kMostLevels);
}

void LipOffset::see(MediaTime time, const Mouth& mouth) {
  if (seen_.size() == kMostSeen) {
    constexpr std::size_t kOld = kMostSeen / 4;
    seen_.erase(seen_.begin(), seen_.begin() + kOld);
    taken_ -= std::min(taken_, kOld);
  }
  seen_.push_back({time, mouth});
}

void LipOffset::hear(MediaTime time, MediaDuration duration, double mean_square) {
  if (!std::isfinite(mean_square)) mean_square = 0;
  const auto level = static_cast<float>(std::clamp(mean_square, 0.0, kLoudest));
  const std::int64_t from = hop_of(time);
  const std::int64_t to = std::max(from + 1, hop_of(time + std::min(duration, kLongestHop)));
  if (levels_.empty() || from - heard_to_ > kLongestHole) {
    levels_.clear();
    first_level_ = heard_to_ = from;
  }
  const auto more = static_cast<std::size_t>(std::max<std::int64_t>(0, to - heard_to_));
  if (levels_.size() + more > kMostLevels) {
    constexpr std::size_t kOld = kMostLevels / 3;
    levels_.erase(levels_.begin(), levels_.begin() + kOld);
    first_level_ += static_cast<std::int64_t>(kOld);
  }
  for (; heard_to_ < to; ++heard_to_) levels_.push_back(heard_to_ < from ? 0 : level);
}

void LipOffset::restart() {
  seen_.clear();
  taken_ = 0;
  new_s_ = 0;
  measured_ = false;
}

std::optional<LipOffset::Result> LipOffset::next() {
  std::size_t heard = taken_;
  while (heard < seen_.size() && hop_of(seen_[heard].time) + kMostLag < heard_to_) ++heard;
  take(heard);
  if (new_s_ < (measured_ ? kMeasureEvery : kLeast)) return std::nullopt;
  return measure(taken_);
}

std::optional<LipOffset::Result> LipOffset::next_at_end() {
  take(seen_.size());
  if (new_s_ == 0) return std::nullopt;
  std::size_t end = seen_.size();
  while (end > 0 && place_of(end - 1) - kMostLag >= std::ssize(levels_)) --end;
  return measure(end);
}

void LipOffset::take(std::size_t end) {
  for (; taken_ < end; ++taken_) {
    if (goes_on(taken_)) new_s_ += (seen_[taken_].time - seen_[taken_ - 1].time).seconds();
  }
}

std::int64_t LipOffset::place_of(std::size_t i) const { return hop_of(seen_[i].time) - first_level_; }

// Whether picture i shows the face of the one before it.
bool LipOffset::goes_on(std::size_t i) const {
  return i > 0 && seen_[i].mouth.face == seen_[i - 1].mouth.face &&
         seen_[i].time - seen_[i - 1].time < kLongestStep;
}

std::size_t LipOffset::end_of_stretch(std::size_t from, std::size_t to) const {
  std::size_t end = from + 1;
  while (end < to && goes_on(end)) ++end;
  return end;
}

double LipOffset::seconds_seen(std::size_t from, std::size_t to) const {
  double s = 0;
  for (std::size_t i = from + 1; i < to; ++i) {
    if (goes_on(i)) s += (seen_[i].time - seen_[i - 1].time).seconds();
  }
  return s;
}

// From there on the faces have been seen for the last 20 s, of which the sound is known.
std::size_t LipOffset::first_of_last_seconds(std::size_t end) const {
  std::size_t first = 0;
  while (first < end && place_of(first) + kMostLag < 0) ++first;
  while (seconds_seen(first, end) > kMost) first += kFirstStep;
  return first;
}

std::optional<LipOffset::Result> LipOffset::measure(std::size_t end) {
  new_s_ = 0;
  const std::size_t first = first_of_last_seconds(end);
  const double s = seconds_seen(first, end);
  if (s < kLeast || levels_.size() < 4 * static_cast<std::size_t>(kMostLag)) return std::nullopt;
  measured_ = true;

  const Envelope e = envelope();
  const auto peak = find_peak(correlate(first, end, e));
  if (!peak) return std::nullopt;
  if (peak->height * std::sqrt(s) < kSignificant) return std::nullopt;
  const std::size_t middle = first + (end - first) / 2;
  if (!agrees(correlate(first, middle, e), *peak) || !agrees(correlate(middle, end, e), *peak))
    return std::nullopt;
  const double lag = (static_cast<double>(peak->at) + peak->shift) * kLagStep - kMostLag;
  return Result{.offset_ms = lag * 10 - kLeadMs,
                .confidence = std::min(0.95, peak->deviations / (2 * kDeviations)),
                .from = seen_[first].time,
                .to = seen_[end - 1].time};
}

// How fast the sound's loudness changes, which is about the fourth root of its power. Changes tell more than
// what is correlated with itself for long, as levels are: chance has fewer peaks that are as high.
LipOffset::Envelope LipOffset::envelope() const {
  std::vector<double> loudness(levels_.size());
  for (std::size_t i = 0; i < levels_.size(); ++i)
    loudness[i] = std::pow(static_cast<double>(levels_[i]), 0.25);
  loudness = smoothed(loudness);
  Envelope changes(levels_.size());
  for (std::size_t i = 1; i + 1 < levels_.size(); ++i)
    changes[i] = static_cast<float>(loudness[i + 1] - loudness[i - 1]);
  return changes;
}

// The mean of the correlations of each measure of the mouth with the envelope, stretches of one face weighted
// by their length.
LipOffset::Curve LipOffset::correlate(std::size_t from, std::size_t to, const Envelope& envelope) const {
  constexpr double kMeasures = 3;
  Curve total{};
  double weight = 0;
  for (std::size_t begin = from; begin < to;) {
    const std::size_t end = end_of_stretch(begin, to);
    if (end - begin >= kShortestStretch) {
      correlate_stretch(begin, end, envelope, total);
      weight += kMeasures * static_cast<double>(end - begin);
    }
    begin = end;
  }
  if (weight > 0) {
    for (double& r : total) r /= weight;
  }
  return total;
}

void LipOffset::correlate_stretch(std::size_t from, std::size_t to, const Envelope& envelope,
                                  Curve& total) const {
  std::vector<std::int64_t> places;
  for (std::size_t i = from; i < to; ++i) places.push_back(place_of(i));
  for (const auto measure : {&Mouth::edges, &Mouth::dark, &Mouth::spread}) {
    const std::vector<double> mouth = changes(from, to, measure);
    for (int lag = 0; lag < kLags; ++lag)
      total[static_cast<std::size_t>(lag)] += correlation(mouth, places, envelope, lag * kLagStep - kMostLag);
  }
}

// How fast what the pictures of a stretch show changes, by the second.
std::vector<double> LipOffset::changes(std::size_t from, std::size_t to, double Mouth::*measure) const {
  std::vector<double> out;
  for (std::size_t i = from; i < to; ++i) {
    const Seen& before = seen_[i == from ? i : i - 1];
    const Seen& after = seen_[i + 1 == to ? i : i + 1];
    const double s = (after.time - before.time).seconds();
    out.push_back(s > 0 ? (after.mouth.*measure - before.mouth.*measure) / s : 0);
  }
  return out;
}

}  // namespace monolens

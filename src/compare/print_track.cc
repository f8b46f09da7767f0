#include "compare/print_track.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace monolens {
namespace {

constexpr float kScale = 127;

}  // namespace

PrintTrack::View PrintTrack::view(std::span<const float> values, float least) {
  const auto n = static_cast<float>(values.size());
  const float mean = std::accumulate(values.begin(), values.end(), 0.0F) / n;
  float sum = 0;
  float largest = 0;
  for (const float v : values) {
    sum += (v - mean) * (v - mean);
    largest = std::max(largest, std::abs(v - mean));
  }
  View view{.first = values_.size(), .inverse_norm = 0};
  const bool flat = !(std::sqrt(sum / n) >= least);
  float norm = 0;
  for (const float v : values) {
    const float scaled = flat ? 0 : std::round((v - mean) / largest * kScale);
    values_.push_back(static_cast<std::int8_t>(scaled));
    norm += scaled * scaled;
  }
  if (!flat) view.inverse_norm = 1 / std::sqrt(norm);
  return view;
}

void PrintTrack::add(MediaTime time, std::span<const float> values, std::span<const float> second,
                     float least) {
  times_.push_back(time);
  views_.push_back(view(values, least));
  seconds_.push_back(second.empty() ? views_.back() : view(second, least));
  flat_.push_back(views_.back().inverse_norm == 0 && seconds_.back().inverse_norm == 0);
}

MediaDuration PrintTrack::interval() const {
  if (interval_of_ == size()) return interval_;
  interval_of_ = size();
  std::vector<MediaDuration> steps;
  for (std::size_t i = 1; i < size(); ++i) steps.push_back(times_[i] - times_[i - 1]);
  if (steps.empty()) return interval_ = {};
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return interval_ = *middle;
}

std::size_t PrintTrack::nearest(MediaTime time) const {
  const auto after = std::lower_bound(times_.begin(), times_.end(), time);
  if (after == times_.begin()) return 0;
  const auto i = static_cast<std::size_t>(after - times_.begin());
  if (after == times_.end()) return i - 1;
  return time - times_[i - 1] <= times_[i] - time ? i - 1 : i;
}

float PrintTrack::dot(View mine, const PrintTrack& other, View others) const {
  const std::int8_t* x = values_.data() + mine.first;
  const std::int8_t* y = other.values_.data() + others.first;
  std::int32_t sum = 0;
  for (std::size_t d = 0; d < dimensions_; ++d) sum += x[d] * y[d];
  return static_cast<float>(sum) * mine.inverse_norm * others.inverse_norm;
}

float likeness(const PrintTrack& a, std::size_t i, const PrintTrack& b, std::size_t j) {
  if (a.flat_[i] || b.flat_[j]) return a.flat_[i] && b.flat_[j] ? kNeutral : 0;
  const float first = a.dot(a.views_[i], b, b.views_[j]);
  const bool one_view = a.views_[i].first == a.seconds_[i].first && b.views_[j].first == b.seconds_[j].first;
  return one_view ? first : std::max(first, a.dot(a.seconds_[i], b, b.seconds_[j]));
}

}  // namespace monolens

// PrintTrack: fingerprints of a track along its presentation time: each a vector without mean and of unit
// length, so that gain, contrast and brightness do not matter. A print may have a second view of the same, a
// picture without its borders; two prints are as alike as the views that are most alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/time.h"

namespace monolens {

class PrintTrack {
 public:
  explicit PrintTrack(std::size_t dimensions) : dimensions_(dimensions) {}

  // The values are normalised here; a print says nothing where their spread (standard deviation) is below
  // `least`. `second` is empty if there is no other view.
  // REQUIRES: times that do not decrease; as many values as dimensions.
  void add(MediaTime time, std::span<const float> values, std::span<const float> second, float least);

  std::size_t size() const { return times_.size(); }
  bool empty() const { return times_.empty(); }
  MediaTime time(std::size_t i) const { return times_[i]; }
  MediaTime end() const { return empty() ? MediaTime{} : times_.back() + interval(); }
  // Between prints: the median.
  MediaDuration interval() const;
  bool says_nothing(std::size_t i) const { return flat_[i]; }

  // The print that stands nearest to `time`.
  // REQUIRES: not empty.
  std::size_t nearest(MediaTime time) const;

 private:
  friend float likeness(const PrintTrack& a, std::size_t i, const PrintTrack& b, std::size_t j);

  struct View {
    std::size_t first = 0;  // of its values
    float inverse_norm = 0;
  };

  View view(std::span<const float> values, float least);
  float dot(View mine, const PrintTrack& other, View others) const;

  std::size_t dimensions_;
  std::vector<MediaTime> times_;
  std::vector<std::int8_t> values_;
  std::vector<View> views_;
  std::vector<View> seconds_;  // the same as the first where there is no other
  std::vector<bool> flat_;
  mutable MediaDuration interval_;
  mutable std::size_t interval_of_ = 0;
};

// Correlation of two prints, −1 to 1; kNeutral where both say nothing, 0 where one does.
inline constexpr float kNeutral = 0.9F;
float likeness(const PrintTrack& a, std::size_t i, const PrintTrack& b, std::size_t j);

}  // namespace monolens

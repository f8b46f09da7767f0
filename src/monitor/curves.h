// Curves: loudness, luma and motion over time, for a person to look at. Bounded: the step doubles when full.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/time.h"

namespace monolens {

// One quantity, averaged a step; NaN where nothing was measured.
class Curve {
 public:
  static constexpr std::size_t kMostPoints = 2000;

  void add(MediaTime time, double value);

  MediaDuration step() const { return step_; }
  // Brings the curve to a coarser step: `step` is this one's times a power of two.
  std::vector<double> points(MediaDuration step) const;

 private:
  struct Point {
    double sum = 0;
    std::uint32_t n = 0;
  };
  static std::vector<Point> halve(const std::vector<Point>& points);

  MediaDuration step_ = MediaDuration::milliseconds(100);
  std::vector<Point> points_;
};

struct Curves {
  Curve loudness_lufs;  // momentary, of the first audio track
  Curve luma;           // mean, 8-bit levels
  Curve motion;         // mean absolute difference, 8-bit levels

  MediaDuration step() const;
};

}  // namespace monolens

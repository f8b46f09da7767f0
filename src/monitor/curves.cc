#include "monitor/curves.h"

#include <algorithm>
#include <cmath>

namespace monolens {

void Curve::add(MediaTime time, double value) {
  if (!std::isfinite(value) || time < MediaTime()) return;
  auto at = static_cast<std::uint64_t>(time.since_start().ns() / step_.ns());
  while (at >= kMostPoints) {
    points_ = halve(points_);
    step_ = step_ * 2;
    at /= 2;
  }
  if (at >= points_.size()) points_.resize(at + 1);
  points_[at].sum += value;
  ++points_[at].n;
}

std::vector<Curve::Point> Curve::halve(const std::vector<Point>& points) {
  std::vector<Point> half((points.size() + 1) / 2);
  for (std::size_t i = 0; i < points.size(); ++i) {
    half[i / 2].sum += points[i].sum;
    half[i / 2].n += points[i].n;
  }
  return half;
}

std::vector<double> Curve::points(MediaDuration step) const {
  std::vector<Point> points = points_;
  for (MediaDuration s = step_; s < step; s = s * 2) points = halve(points);
  std::vector<double> values;
  values.reserve(points.size());
  for (const Point& p : points)
    values.push_back(p.n > 0 ? p.sum / p.n : std::numeric_limits<double>::quiet_NaN());
  return values;
}

MediaDuration Curves::step() const { return std::max({loudness_lufs.step(), luma.step(), motion.step()}); }

}  // namespace monolens

// Quota: so many events a second and no more, with bursts of a second's worth, as accounts have them.
#pragma once

#include <algorithm>
#include <chrono>

namespace monolens::topology {

class Quota {
 public:
  using Clock = std::chrono::steady_clock;

  // 0 = no limit.
  Quota(double per_s, Clock::time_point now) : per_s_(per_s), tokens_(per_s), at_(now) {}

  // Takes the events, and tells how long to wait before they may happen.
  std::chrono::duration<double> take(double events, Clock::time_point now) {
    if (per_s_ <= 0) return {};
    const double passed = std::chrono::duration<double>(now - at_).count();
    tokens_ = std::min(per_s_, tokens_ + passed * per_s_) - events;
    at_ = now;
    return std::chrono::duration<double>(std::max(0.0, -tokens_ / per_s_));
  }

 private:
  double per_s_;
  double tokens_;
  Clock::time_point at_;
};

}  // namespace monolens::topology

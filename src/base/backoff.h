// Backoff: how long to wait before the next attempt at what keeps failing.
//
// Doubles from `first` to `most`; each wait is drawn from the upper half of that, so that what failed
// together does not come back together.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <random>

namespace monolens {

class Backoff {
 public:
  using Millis = std::chrono::milliseconds;

  Backoff(Millis first, Millis most) : first_(first), most_(most), random_(std::random_device{}()) {}

  Millis next() {
    constexpr int kMostDoublings = 20;
    std::uniform_real_distribution<double> jitter(0.5, 1);
    const double doubled =
        static_cast<double>(first_.count()) * std::exp2(std::min(attempts_++, kMostDoublings));
    const double delay = std::min(static_cast<double>(most_.count()), doubled) * jitter(random_);
    return Millis(static_cast<std::int64_t>(delay));
  }

  // It went well: the next failure is the first.
  void reset() { attempts_ = 0; }

 private:
  Millis first_;
  Millis most_;
  int attempts_ = 0;
  std::minstd_rand random_;
};

}  // namespace monolens

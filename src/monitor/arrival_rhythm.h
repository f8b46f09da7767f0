// ArrivalRhythm: how long a stream usually keeps silent between two arrivals, and so from when on it stalls.
//
// Packets of a multicast come every few milliseconds, those of HLS in bursts, a segment's length apart.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "detectors/ring.h"

namespace monolens {

class ArrivalRhythm {
 public:
  using Millis = std::chrono::milliseconds;

  // `segmented`: until the stream has shown its rhythm, long pauses are no stall.
  void reset(Millis least, bool segmented) {
    least_ = least;
    unknown_ = segmented ? std::max(least, kUnknownSegment) : least;
    pauses_.clear();
  }

  // The time between two arrivals. A stall is no part of the rhythm.
  void add(Millis pause) {
    if (pause >= kBurst && pause < stalls_after()) pauses_.push(pause);
  }

  // From this pause on nothing arrives any more.
  Millis stalls_after() const {
    if (pauses_.size() < kKnown) return unknown_;
    Millis longest{0};
    for (std::size_t i = 0; i < pauses_.size(); ++i) longest = std::max(longest, pauses_[i]);
    return std::clamp(2 * longest, least_, std::max(least_, kMost));
  }

 private:
  static constexpr Millis kBurst{200};  // shorter pauses are within a segment
  static constexpr Millis kUnknownSegment{20'000};
  static constexpr Millis kMost{30'000};
  static constexpr std::size_t kKnown = 3;

  Millis least_{2'000};
  Millis unknown_{2'000};
  Ring<Millis, 8> pauses_;
};

}  // namespace monolens

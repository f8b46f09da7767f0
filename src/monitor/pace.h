// Pace: when the detectors of an input are told how far it has come: every 100 ms of media time at most, once
// all tracks have come there. A track that lags far behind in the container is not waited for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "base/time.h"

namespace monolens {

class Pace {
 public:
  explicit Pace(std::size_t tracks) : ends_(tracks) {}

  // A track was measured up to `end`.
  void passed(int track, MediaTime end) { ends_[static_cast<std::size_t>(track)] = end; }

  // What every track has passed. `front`: the furthest end of any track.
  MediaTime slowest(MediaTime front) const {
    MediaTime slowest = MediaTime::max();
    for (const MediaTime end : ends_) slowest = std::min(slowest, end);
    return std::max(slowest, front - kSkew);
  }

  // The time to tell, if it is due.
  std::optional<MediaTime> due(MediaTime front) {
    const MediaTime now = slowest(front);
    if (now - told_ < kInterval) return std::nullopt;
    told_ = now;
    return now;
  }

 private:
  static constexpr auto kSkew = MediaDuration::milliseconds(3000);
  static constexpr auto kInterval = MediaDuration::milliseconds(100);

  std::vector<MediaTime> ends_;
  MediaTime told_;
};

}  // namespace monolens

#include "monitor/peak_meter.h"

#include <algorithm>

namespace monolens {
namespace {

constexpr auto kHalf = MediaDuration::milliseconds(500);

}  // namespace

void PeakMeter::add(const AudioFeatures& hop) {
  if (hop.channels.size() != now_.size() || hop.time >= turn_) {
    before_ = hop.channels.size() == now_.size() ? now_ : std::vector<float>(hop.channels.size());
    now_.assign(hop.channels.size(), 0);
    turn_ = hop.time + kHalf;
  }
  for (std::size_t c = 0; c < now_.size(); ++c) now_[c] = std::max(now_[c], hop.channels[c].peak);
}

std::vector<float> PeakMeter::peaks() const {
  std::vector<float> peaks = now_;
  for (std::size_t c = 0; c < peaks.size(); ++c) peaks[c] = std::max(peaks[c], before_[c]);
  return peaks;
}

}  // namespace monolens

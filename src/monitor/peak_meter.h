// PeakMeter: the highest sample of each channel in the last half to whole second, as a bar on a page shows
// it.
#pragma once

#include <optional>
#include <vector>

#include "base/time.h"
#include "features/audio_features.h"

namespace monolens {

// How a stream's first audio track sounds now.
struct SoundNow {
  std::vector<float> channel_peaks;  // linear, full scale at 1
  std::optional<double> momentary_lufs{};
};

class PeakMeter {
 public:
  void add(const AudioFeatures& hop);

  // Linear, full scale at 1; empty before anything was added.
  std::vector<float> peaks() const;

 private:
  std::vector<float> now_;
  std::vector<float> before_;
  MediaTime turn_;
};

}  // namespace monolens

// CorruptionMapper: how likely each block of a picture is corrupt, as a small network trained for it sees it
// (train/corruption/README.md).
//
// It looks at some pictures a second; at every picture while the stream is known to be damaged, for a moment
// from torn changes on, and after one that looked corrupt, so that a defect's start is found to a few
// pictures and its end exactly. Allocates when the format changes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "features/block_description.h"
#include "features/video_features.h"
#include "media/frame.h"

namespace monolens {

class CorruptionMapper {
 public:
  void reformat(const PictureFormat& format);

  // How torn the changes of the picture of that time are (features/torn_changes.h).
  void suspect(MediaTime time, double torn);

  // Whether this picture is one to look at. `still`: it shows what the one before showed.
  bool is_due(const Frame& frame, bool still) const;

  // The map is valid until the next call. nullopt if the picture is too small to tell.
  // REQUIRES: is_due(); the rest as BlockDescription::describe() has it.
  std::optional<CorruptionMap> measure(const Frame& frame, const PlaneFeatures& luma, const Frame& before,
                                       std::span<const kernels::Cell> luma_before);

 private:
  BlockDescription description_;
  std::vector<float> scratch_;
  std::vector<float> odds_;
  std::vector<std::uint8_t> probabilities_;
  MediaTime next_;
  MediaTime suspected_until_;
  bool alert_ = false;
};

}  // namespace monolens

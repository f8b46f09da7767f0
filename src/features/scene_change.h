// Scene change: how much a picture's cells differ from those of the picture before, whatever moves within
// them.
#pragma once

#include <span>

#include "features/video_features.h"

namespace monolens {

// The mean absolute difference of the cells' means, 8-bit levels. REQUIRES: `previous` has as many cells.
double scene_change(const PlaneFeatures& luma, std::span<const kernels::Cell> previous);

}  // namespace monolens

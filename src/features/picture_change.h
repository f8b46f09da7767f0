// Change: how much a picture differs from the one before, whether there was an encoder in between or not.
#pragma once

#include <span>

#include "features/video_features.h"

namespace monolens {

// Root mean square, over the cells, of the change of a cell's mean, in 8-bit levels. Coding noise averages
// out in a cell and movement at an edge does not: pictures repeated before a lossy encoder come to a few
// hundredths of what the moving pictures around them do.
// REQUIRES: `before` are the cells of a picture of the same format.
double picture_change(const PlaneFeatures& luma, std::span<const kernels::Cell> before);

}  // namespace monolens

// Flatness: how much of a picture is one flat colour.
#pragma once

#include "features/video_features.h"

namespace monolens {

// The share of the cells of a plane that are flat and of the plane's mean value; of chroma the smaller one,
// and 1 of grey video. Told as 0 below 0.9: no such picture is flat, and nearly every picture ends the count
// early. REQUIRES: the planes measured.
double luma_flat_share(const VideoFeatures& features);
double chroma_flat_share(const VideoFeatures& features);

}  // namespace monolens

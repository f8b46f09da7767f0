// Flatness: how much of a picture is one flat colour.
#pragma once

#include "features/video_features.h"

namespace monolens {

// The share of luma cells, or of chroma cells if that is smaller, that are flat and of the picture's mean
// colour. Told as 0 below 0.9: no such picture is flat, and nearly every picture ends the count early.
// REQUIRES: luma measured; chroma is looked at if it was.
double flat_share(const VideoFeatures& features);

}  // namespace monolens

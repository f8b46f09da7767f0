// Test bars: seven or eight vertical bars in the order white, yellow, cyan, green, magenta, red, blue (,
// black), at 75 % or 100 %, over the picture's upper half: SMPTE EG 1, SMPTE RP 219 (between two grey
// panels), EBU and PAL.
#pragma once

#include "features/video_features.h"

namespace monolens {

// A minority of the samples may be hidden by a clock or a name.
// REQUIRES: luma and chroma measured; grey video shows no bars.
bool shows_color_bars(const VideoFeatures& features);

}  // namespace monolens

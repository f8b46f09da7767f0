// Test bars: seven or eight vertical bars of equal width over the picture's upper half, each a corner of the
// RGB cube at 75 % or 100 %: SMPTE EG 1, SMPTE RP 219 (between two grey panels), EBU, PAL, and others of
// their kind. By the matrix of BT.709 or of BT.601, whatever the stream says.
#pragma once

#include "media/frame.h"

namespace monolens {

// A clock or a name over the bars does not hide them. Looks at a few hundred pixels. Grey video shows no
// bars.
bool shows_color_bars(const Frame& frame);

}  // namespace monolens

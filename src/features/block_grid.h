// The grid of 8×8 blocks that coarse coding leaves in a picture.
#pragma once

#include "features/video_features.h"
#include "media/frame.h"

namespace monolens {

// In each cell the steps across the lines of a grid are compared with those inside its blocks, for all eight
// positions of a grid in each direction: a picture that was cropped or moved keeps its blocks. A cell shows
// the grid where the step is visible, the inside is flatter by far, and the step is no object's edge. The
// share of such cells at positions between the lines, which is what chance and texture give, is taken off.
// Every second cell is looked at, as the white squares of a chessboard.
//
// `luma` are the measurements of the frame's first plane.
BlockGrid measure_block_grid(const Frame& frame, const PlaneFeatures& luma);

}  // namespace monolens

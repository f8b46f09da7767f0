// Combing: whether the two fields of a picture show two moments in time.
//
// A cell tells by what happens when one of its fields is taken from the picture before: if the fields are of
// two moments, one of the two weaves is two field periods further apart than the other and more torn by far;
// if they are of one moment, both are as torn. Fine lines, blinds and text tear all weaves alike. As FFmpeg's
// idet, but for each cell, so that a small thing that moves is seen and a still background dilutes nothing.
#pragma once

#include <span>

#include "features/kernels/fields.h"
#include "features/video_features.h"

namespace monolens {

// REQUIRES: `cells` measured of the luma plane of `frame`.
Combing judge_combing(std::span<const kernels::FieldCell> cells, const Frame& frame);

}  // namespace monolens

// AudioBlock: a run of decoded samples of one track, immutable, planar float with full scale at 1.0.
//
// Copying copies a reference, never samples. Values may exceed 1.0 and, from broken bitstreams, may be
// infinite or not a number.
#pragma once

#include <memory>

#include "base/time.h"

struct AVFrame;

namespace monolens {

struct AudioBlock {
  MediaTime time;
  MediaDuration duration;
  int sample_rate = 0;  // Hz
  int channels = 0;
  int samples = 0;                        // a channel
  const float* const* channel = nullptr;  // `channels` pointers to `samples` values
  std::shared_ptr<const AVFrame> buffer;  // keeps the samples alive
};

}  // namespace monolens

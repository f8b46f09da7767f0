// Decoded AVFrames as AudioBlocks: planar float as it is, anything else converted once.
#pragma once

#include "media/audio_block.h"
#include "media/av.h"
#include "media/frame_pool.h"

namespace monolens {

class SoundAdapter {
 public:
  // The block without its time; no samples where the format can't be converted.
  AudioBlock adapt(const std::shared_ptr<AVFrame>& decoded);

 private:
  std::shared_ptr<AVFrame> convert(const AVFrame& decoded);

  FramePool pool_;
  av::Owned<SwrContext> converter_;
  int from_format_ = -1;
  int channels_ = 0;
  int sample_rate_ = 0;
};

}  // namespace monolens

// Decoded AVFrames as Frames: planar YCbCr as it is, anything else converted once.
#pragma once

#include "media/av.h"
#include "media/frame.h"
#include "media/frame_pool.h"

namespace monolens {

class PictureAdapter {
 public:
  // The picture without its time. Empty planes where the format can't be converted.
  // `decoded` may be kept by the result.
  Frame adapt(const std::shared_ptr<AVFrame>& decoded);

 private:
  std::shared_ptr<AVFrame> convert(const AVFrame& decoded);

  FramePool pool_;
  av::Owned<SwsContext> scaler_;
};

}  // namespace monolens

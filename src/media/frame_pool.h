// FramePool: reusable AVFrames, so that a stream in full flow allocates none.
#pragma once

#include <memory>
#include <vector>

#include "media/av.h"

namespace monolens {

class FramePool {
 public:
  // An empty frame that no one else holds.
  std::shared_ptr<AVFrame> take() {
    for (const auto& frame : frames_) {
      if (frame.use_count() == 1) {
        av_frame_unref(frame.get());
        return frame;
      }
    }
    frames_.emplace_back(av_frame_alloc(), av::Free{});
    return frames_.back();
  }

 private:
  std::vector<std::shared_ptr<AVFrame>> frames_;
};

}  // namespace monolens

// LumaScaler: the luma plane of a picture at another size, bicubic. One thread at a time.
#pragma once

#include <memory>

#include "media/frame.h"

namespace monolens {

class LumaScaler {
 public:
  LumaScaler();
  ~LumaScaler();
  LumaScaler(const LumaScaler&) = delete;
  LumaScaler& operator=(const LumaScaler&) = delete;

  // A plane of width × height in the frame's own bit depth; the frame's own if it has that size. Valid until
  // the next call and while the frame lives. No data where it can't be scaled.
  Plane scale(const Frame& frame, int width, int height);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace monolens

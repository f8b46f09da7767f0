#include "media/luma_scaler.h"

#include <vector>

#include "media/av.h"

namespace monolens {
namespace {

AVPixelFormat grey(int bit_depth) {
  switch (bit_depth) {
    case 8:
      return AV_PIX_FMT_GRAY8;
    case 9:
      return AV_PIX_FMT_GRAY9;
    case 10:
      return AV_PIX_FMT_GRAY10;
    case 12:
      return AV_PIX_FMT_GRAY12;
    case 14:
      return AV_PIX_FMT_GRAY14;
    case 16:
      return AV_PIX_FMT_GRAY16;
    default:
      return AV_PIX_FMT_NONE;
  }
}

}  // namespace

class LumaScaler::Impl {
 public:
  Plane scale(const Frame& frame, int width, int height) {
    const Plane& from = frame.planes[0];
    const AVPixelFormat format = grey(frame.format.bit_depth);
    if (format == AV_PIX_FMT_NONE) return {};
    scaler_.reset(sws_getCachedContext(scaler_.release(), from.width, from.height, format, width, height,
                                       format, SWS_BICUBIC | SWS_ACCURATE_RND, nullptr, nullptr, nullptr));
    if (!scaler_) return {};
    const int bytes = frame.format.bit_depth > 8 ? 2 : 1;
    const int stride = (width * bytes + 63) / 64 * 64;
    pixels_.resize(static_cast<std::size_t>(stride) * static_cast<std::size_t>(height) + 64);
    const std::uint8_t* source[4] = {from.data};
    const int source_stride[4] = {static_cast<int>(from.stride)};
    std::uint8_t* target[4] = {pixels_.data()};
    const int target_stride[4] = {stride};
    sws_scale(scaler_.get(), source, source_stride, 0, from.height, target, target_stride);
    return {.data = pixels_.data(), .stride = stride, .width = width, .height = height};
  }

 private:
  av::Owned<SwsContext> scaler_;
  std::vector<std::uint8_t> pixels_;
};

LumaScaler::LumaScaler() : impl_(std::make_unique<Impl>()) {}
LumaScaler::~LumaScaler() = default;

Plane LumaScaler::scale(const Frame& frame, int width, int height) {
  if (frame.planes[0].width == width && frame.planes[0].height == height) return frame.planes[0];
  return impl_->scale(frame, width, height);
}

}  // namespace monolens

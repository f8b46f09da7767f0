// For tests of kernels: a plane whose pixels and layout are chosen. Used by tests alone.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>

#include "features/kernels/plane.h"

namespace monolens::kernels {

struct Layout {
  int padding;     // pixels between two rows, which hold garbage
  bool bottom_up;  // negative stride
};

// In an allocation that begins and ends with a pixel of the plane, so that the address sanitizer sees a read
// beyond either.
template <class Pixel>
class Picture {
 public:
  Picture(int width, int height, Layout layout)
      : width_(width),
        height_(height),
        pitch_(width + layout.padding),
        bottom_up_(layout.bottom_up),
        pixels_(new Pixel[static_cast<std::size_t>(pitch_ * (height - 1) + width)]) {
    std::memset(pixels_.get(), 0xA5, static_cast<std::size_t>(pitch_ * (height - 1) + width) * sizeof(Pixel));
  }

  // value(x, y) is a code value.
  template <class Value>
  Picture& paint(Value value) {
    for (int y = 0; y < height_; ++y) {
      for (int x = 0; x < width_; ++x) {
        const int row = bottom_up_ ? height_ - 1 - y : y;
        pixels_[static_cast<std::size_t>(row * pitch_ + x)] = static_cast<Pixel>(value(x, y));
      }
    }
    return *this;
  }

  PlaneView<Pixel> view() const {
    const auto stride = static_cast<std::ptrdiff_t>(static_cast<std::size_t>(pitch_) * sizeof(Pixel));
    if (bottom_up_) return {pixels_.get() + (height_ - 1) * pitch_, -stride, width_, height_};
    return {pixels_.get(), stride, width_, height_};
  }

 private:
  int width_;
  int height_;
  int pitch_;
  bool bottom_up_;
  std::unique_ptr<Pixel[]> pixels_;
};

}  // namespace monolens::kernels

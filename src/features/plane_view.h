// A frame's plane as the kernels take it.
#pragma once

#include "features/kernels/plane.h"
#include "media/frame.h"

namespace monolens {

// REQUIRES: Pixel is std::uint8_t for planes of 8 bits a sample, std::uint16_t for others.
template <class Pixel>
kernels::PlaneView<Pixel> view(const Plane& p) {
  return {reinterpret_cast<const Pixel*>(p.data), p.stride, p.width, p.height};
}

}  // namespace monolens

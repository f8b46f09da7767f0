// Pictures and sound brought to one format: planar 8-bit 4:2:0 of a given size, samples of a given rate.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "media/frame.h"

struct SwsContext;

namespace monolens {

class PictureScaler {
 public:
  // REQUIRES: even sizes.
  PictureScaler(int width, int height);
  ~PictureScaler();
  PictureScaler(const PictureScaler&) = delete;
  PictureScaler& operator=(const PictureScaler&) = delete;

  // Writes the planes Y, Cb, Cr one after another, without padding; false where the format can't be
  // converted.
  bool scale(const Frame& frame, std::vector<std::uint8_t>& samples);

 private:
  int width_;
  int height_;
  SwsContext* scaler_ = nullptr;
};

// All channels of a track at another rate. Empty where that can't be done.
std::vector<std::vector<float>> resample(const std::vector<std::vector<float>>& channels, int from, int to);

}  // namespace monolens

// What the corruption network is told about each block of 16×16 pixels of a picture: how the block continues
// its neighbours, how coarse the content and the coding are around it, and how much it changed.
//
// Part of the model: a change here needs the network to be trained again (train/corruption/README.md).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "features/kernels/block_net.h"
#include "features/kernels/seams.h"
#include "features/video_features.h"
#include "media/frame.h"

namespace monolens {

class BlockDescription {
 public:
  // Allocates. REQUIRES: it is called before describe() whenever the format changes.
  void reformat(const PictureFormat& format);

  int columns() const { return columns_; }  // of whole blocks
  int rows() const { return rows_; }

  // kernels::kBlockInputs numbers for each block, row-major; valid until the next call. Logarithms of 8-bit
  // levels, most between 0 and 10. `before` is the picture that `luma` was compared with, of the same format,
  // or the frame itself; `luma_before` are its cells.
  const std::vector<float>& describe(const Frame& frame, const PlaneFeatures& luma, const Frame& before,
                                     std::span<const kernels::Cell> luma_before);

 private:
  void describe_block(int column, int row, const PlaneFeatures& luma,
                      std::span<const kernels::Cell> luma_before);
  float stands_out(int column, int row, const PlaneFeatures& luma) const;
  void describe_colour(const Frame& frame);

  int columns_ = 0;
  int rows_ = 0;
  std::vector<kernels::BlockSeams> seams_;
  std::vector<kernels::BlockSeams> seams_before_;
  std::vector<float> cb_means_;
  std::vector<float> cr_means_;
  std::vector<float> inputs_;
};

}  // namespace monolens

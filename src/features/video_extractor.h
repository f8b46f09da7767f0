// VideoExtractor: measures the pictures of one track. Holds a reference to at most one earlier frame.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "features/feature_options.h"
#include "features/picture_history.h"
#include "features/video_features.h"
#include "media/frame.h"

namespace monolens {

class VideoExtractor {
 public:
  explicit VideoExtractor(const FeatureOptions& options);

  // The result is valid until the next call. Allocates only when the picture's format changes.
  // REQUIRES: frames in presentation order, by one thread at a time.
  const VideoFeatures& measure(const Frame& frame);

 private:
  void reformat(const Frame& frame);
  void measure_luma(const Frame& frame);
  void measure_chroma(const Frame& frame, const Frame& reference);
  void judge_stillness(const Frame& frame);
  void count_repeated_cells();
  void compare_with_anchor(const Frame& frame);
  bool may_be_still(double least_mean) const;
  bool is_still() const;
  void measure_active_area(const Frame& frame);

  FeatureOptions options_;
  VideoFeatures features_;
  Frame anchor_;
  std::vector<kernels::Cell> luma_cells_;
  std::vector<kernels::Cell> previous_luma_cells_;
  PictureHistory history_;
  std::array<double, 9> repeated_shares_{};  // of the last pictures, a ring
  std::size_t next_share_ = 0;
  std::vector<kernels::Cell> cb_cells_;
  std::vector<kernels::Cell> cr_cells_;
  std::vector<std::uint32_t> row_sums_;
  std::vector<std::uint32_t> column_sums_;
  unsigned pictures_ = 0;
  MediaTime next_active_area_;
};

}  // namespace monolens

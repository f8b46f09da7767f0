// VideoExtractor: measures the pictures of one track. Holds references to at most two earlier frames.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "features/corruption_map.h"
#include "features/feature_options.h"
#include "features/kernels/fields.h"
#include "features/light_grid.h"
#include "features/picture_history.h"
#include "features/sharpness.h"
#include "features/torn_changes.h"
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
  void measure_combing(const Frame& frame);
  void measure_block_grid(const Frame& frame);
  void measure_corruption(const Frame& frame, const Frame& before);

  FeatureOptions options_;
  VideoFeatures features_;
  Frame anchor_;
  std::vector<kernels::Cell> luma_cells_;
  std::vector<kernels::Cell> previous_luma_cells_;
  bool has_previous_ = false;
  MouthTracker mouths_;
  PictureHistory history_;
  std::array<double, 9> repeated_shares_{};  // of the last pictures, a ring
  std::size_t next_share_ = 0;
  std::vector<kernels::Cell> cb_cells_;
  std::vector<kernels::Cell> cr_cells_;
  std::vector<std::uint32_t> row_sums_;
  std::vector<std::uint32_t> column_sums_;
  LightMeter light_;
  TornChanges torn_;
  CorruptionMapper corruption_;
  unsigned pictures_ = 0;
  MediaTime next_active_area_;
  Frame previous_;  // while combing is asked for
  std::vector<kernels::FieldCell> field_cells_;
  MediaTime next_combing_;
  SharpnessMeter sharpness_;
  MediaTime next_block_grid_;
};

}  // namespace monolens

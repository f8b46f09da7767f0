#include "features/video_extractor.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "features/active_area.h"
#include "features/block_grid.h"
#include "features/color_bars.h"
#include "features/combing.h"
#include "features/flatness.h"
#include "features/picture_change.h"
#include "features/plane_view.h"
#include "features/scene_change.h"

namespace monolens {
namespace {

using kernels::Cell;
using kernels::cells_across;

// At 24, 25, 30, 50 and 60 pictures a second not a multiple of 3:2 pulldown's five pictures, so that its torn
// ones come up. While there is combing, every picture is looked at.
constexpr auto kCombingInterval = MediaDuration::milliseconds(118);
constexpr int kFewTornCells = 4;

constexpr auto kActiveAreaInterval = MediaDuration::milliseconds(200);
constexpr auto kBlockGridInterval = MediaDuration::milliseconds(200);

// Levels of chroma are measured on every fourth picture: they do not change from one to the next.
constexpr unsigned kChromaInterval = 4;

// How much the key frames of a still picture may differ, 8-bit levels, and the share of cells that is
// repeated between them. Measured on streams frozen before x264, libvpx and MPEG-2 encoders at low bit rates;
// what moves in a still scene (a clock, a pointer, a mouth) changes its cell by more.
constexpr double kCoarseMean = 4.5;
constexpr double kCoarseCell = 14;
constexpr double kRepeats = 0.9;

// EBU R 103 v3: preferred minimum and maximum levels, −5 % and 105 %, as 8-bit code values.
constexpr int kLegalMin = 5;
constexpr int kLegalMax = 246;

struct Range {
  double black;
  double white;
};

Range luma_range(const PictureFormat& f) {
  const double unit = std::ldexp(1.0, f.bit_depth - 8);
  if (f.full_range) return {0, std::ldexp(1.0, f.bit_depth) - 1};
  return {16 * unit, 235 * unit};
}

// REQUIRES: pixels outside a full range can't exist, so none is counted there.
kernels::PlaneLimits limits_of(const PictureFormat& f, double dark_level) {
  const Range luma = luma_range(f);
  const int unit = 1 << (f.bit_depth - 8);
  const int top = (1 << f.bit_depth) - 1;
  const int dark = static_cast<int>(luma.black + dark_level * (luma.white - luma.black));
  return {static_cast<std::uint16_t>(dark), static_cast<std::uint16_t>(f.full_range ? 0 : kLegalMin * unit),
          static_cast<std::uint16_t>(f.full_range ? top : kLegalMax * unit)};
}

void measure(const Plane& plane, const Plane& reference, const PictureFormat& f, double dark_level,
             std::vector<Cell>& cells) {
  const kernels::PlaneLimits limits = limits_of(f, dark_level);
  if (f.bit_depth == 8) {
    kernels::measure_plane(view<std::uint8_t>(plane), view<std::uint8_t>(reference), limits, cells.data());
  } else {
    kernels::measure_plane(view<std::uint16_t>(plane), view<std::uint16_t>(reference), limits, cells.data());
  }
}

std::uint64_t samples_in(const Plane& p) {
  return static_cast<std::uint64_t>(p.width) * static_cast<std::uint64_t>(p.height);
}

// The outermost cells are left out, where there are others: what stands there is often blanking.
double share_outside(const Plane& plane, const std::vector<Cell>& cells) {
  const int columns = cells_across(plane.width);
  const int rows = cells_across(plane.height);
  const int edge = columns >= 3 && rows >= 3 ? 1 : 0;
  std::uint64_t outside = 0;
  for (int row = edge; row < rows - edge; ++row) {
    const Cell* line = cells.data() + static_cast<std::ptrdiff_t>(row) * columns;
    for (int column = edge; column < columns - edge; ++column) outside += line[column].outside;
  }
  const int inner = (columns - 2) * (rows - 2) * kernels::kCellSize * kernels::kCellSize;
  return static_cast<double>(outside) / (edge > 0 ? inner : static_cast<double>(samples_in(plane)));
}

PlaneFeatures summarise(const Plane& plane, const PictureFormat& f, const std::vector<Cell>& cells) {
  std::uint64_t sum = 0;
  for (const Cell& c : cells) sum += c.sum;
  const auto n = static_cast<double>(samples_in(plane));
  const double scale = std::ldexp(1.0, 8 - f.bit_depth);
  return {.width = plane.width,
          .height = plane.height,
          .columns = cells_across(plane.width),
          .rows = cells_across(plane.height),
          .cells = cells,
          .scale = scale,
          .mean = static_cast<double>(sum) / n * scale,
          .outside_share = share_outside(plane, cells)};
}

std::uint64_t total_sad(const std::vector<Cell>& cells) {
  std::uint64_t sad = 0;
  for (const Cell& c : cells) sad += c.sad;
  return sad;
}

// The largest mean difference of a cell, in the plane's own code values.
double largest_cell_change(const Plane& plane, const std::vector<Cell>& cells) {
  const int columns = cells_across(plane.width);
  const int rows = cells_across(plane.height);
  double largest = 0;
  std::size_t i = 0;
  for (int r = 0; r < rows; ++r) {
    const int height = std::min(kernels::kCellSize, plane.height - r * kernels::kCellSize);
    std::uint32_t whole = 0;
    for (int c = 0; c + 1 < columns; ++c) whole = std::max(whole, cells[i++].sad);
    const int width = plane.width - (columns - 1) * kernels::kCellSize;
    largest = std::max({largest, whole / static_cast<double>(kernels::kCellSize * height),
                        cells[i++].sad / static_cast<double>(width * height)});
  }
  return largest;
}

}  // namespace

VideoExtractor::VideoExtractor(const FeatureOptions& options) : options_(options) {}

void VideoExtractor::reformat(const Frame& frame) {
  features_ = {};
  features_.format = frame.format;
  anchor_ = {};
  const auto cells = [](const Plane& p) {
    return static_cast<std::size_t>(cells_across(p.width)) * static_cast<std::size_t>(cells_across(p.height));
  };
  luma_cells_.resize(cells(frame.planes[0]));
  field_cells_.resize(cells(frame.planes[0]));
  previous_ = {};
  previous_luma_cells_.assign(luma_cells_.size(), Cell{});
  repeated_shares_.fill(0);
  has_previous_ = false;
  history_.restart(luma_cells_.size());
  if (options_.corruption) {
    torn_.reformat(frame.format);
    corruption_.reformat(frame.format);
  }
  if (frame.format.planes == 3) {
    cb_cells_.resize(cells(frame.planes[1]));
    cr_cells_.resize(cells(frame.planes[2]));
  }
  row_sums_.resize(static_cast<std::size_t>(frame.format.height));
  column_sums_.resize(static_cast<std::size_t>(frame.format.width));
}

const VideoFeatures& VideoExtractor::measure(const Frame& frame) {
  if (frame.format != features_.format) reformat(frame);
  features_.time = frame.time;
  features_.duration = frame.duration;
  features_.interlaced = frame.interlaced;
  features_.top_field_first = frame.top_field_first;
  features_.suspect = frame.suspect;
  features_.active_area.reset();
  features_.cb.reset();
  features_.cr.reset();
  const Frame before = options_.corruption ? anchor_ : Frame{};
  if (options_.luma) measure_luma(frame);
  if (options_.light) features_.light = light_.measure(frame, features_.luma);
  if (options_.scene_change) features_.scene_change = scene_change(features_.luma, previous_luma_cells_);
  if (options_.mouth) features_.mouth = mouths_.measure(frame);
  if (options_.stillness) judge_stillness(frame);
  if (options_.flatness) features_.flat_share = luma_flat_share(features_);
  const bool chroma_is_due = options_.chroma && pictures_++ % kChromaInterval == 0;
  if (chroma_is_due || features_.flat_share > 0) measure_chroma(frame, {});
  if (options_.flatness) features_.flat_share = std::min(features_.flat_share, chroma_flat_share(features_));
  if (options_.color_bars) features_.color_bars = shows_color_bars(frame);
  if (options_.combing) measure_combing(frame);
  if (options_.active_area && frame.time >= next_active_area_) measure_active_area(frame);
  features_.block_grid.reset();
  if (options_.block_grid && frame.time >= next_block_grid_) measure_block_grid(frame);
  features_.sharpness = options_.sharpness ? sharpness_.measure(frame, features_.luma) : std::nullopt;
  if (options_.corruption) measure_corruption(frame, before);
  return features_;
}

void VideoExtractor::measure_luma(const Frame& frame) {
  const Plane& plane = frame.planes[0];
  std::swap(luma_cells_, previous_luma_cells_);
  monolens::measure(plane, anchor_.planes[0], frame.format, options_.dark_level, luma_cells_);
  features_.luma = summarise(plane, frame.format, luma_cells_);
  std::uint64_t dark = 0;
  for (const Cell& c : luma_cells_) dark += c.dark;
  features_.change.reset();
  if (options_.change && has_previous_)
    features_.change = picture_change(features_.luma, previous_luma_cells_);
  has_previous_ = true;
  features_.dark_share = static_cast<double>(dark) / static_cast<double>(samples_in(plane));
}

// `reference` may have no planes. Does nothing if this picture's chroma has been measured.
void VideoExtractor::measure_chroma(const Frame& frame, const Frame& reference) {
  if (frame.format.planes < 3 || features_.cb) return;
  monolens::measure(frame.planes[1], reference.planes[1], frame.format, options_.dark_level, cb_cells_);
  monolens::measure(frame.planes[2], reference.planes[2], frame.format, options_.dark_level, cr_cells_);
  features_.cb = summarise(frame.planes[1], frame.format, cb_cells_);
  features_.cr = summarise(frame.planes[2], frame.format, cr_cells_);
}

void VideoExtractor::judge_stillness(const Frame& frame) {
  features_.comparable = anchor_.buffer != nullptr;
  count_repeated_cells();
  const bool was_still = std::exchange(features_.still, false);
  if (options_.forgive_key_frames) history_.push(frame.time, features_.luma);
  if (features_.comparable) {
    compare_with_anchor(frame);
    // The encoder may need some pictures to settle on the one that stays.
    if (features_.still && !was_still && options_.forgive_key_frames) {
      features_.shown_since = std::min(features_.still_since, history_.same_since());
    }
  }
  if (!features_.still) {
    anchor_ = frame;
    features_.still_since = frame.time;
    features_.shown_since = frame.time;
  }
}

// Chroma is looked at only where luma has not shown movement already.
void VideoExtractor::compare_with_anchor(const Frame& frame) {
  const double scale = features_.luma.scale;
  const auto luma_samples = static_cast<double>(samples_in(frame.planes[0]));
  const auto luma_sad = static_cast<double>(total_sad(luma_cells_));
  features_.change_mean = luma_sad / luma_samples * scale;
  features_.change_cell = largest_cell_change(frame.planes[0], luma_cells_) * scale;
  if (frame.format.planes == 3) {
    const double samples = luma_samples + 2 * static_cast<double>(samples_in(frame.planes[1]));
    if (!may_be_still(luma_sad / samples * scale)) return;
    measure_chroma(frame, anchor_);
    const auto chroma_sad = static_cast<double>(total_sad(cb_cells_) + total_sad(cr_cells_));
    features_.change_mean = (luma_sad + chroma_sad) / samples * scale;
  }
  features_.still = is_still();
}

void VideoExtractor::count_repeated_cells() {
  std::size_t repeated = 0;
  for (std::size_t i = 0; i < luma_cells_.size(); ++i) {
    const Cell& now = luma_cells_[i];
    const Cell& before = previous_luma_cells_[i];
    repeated += now.sum == before.sum && now.min == before.min && now.max == before.max ? 1 : 0;
  }
  repeated_shares_[next_share_] = static_cast<double>(repeated) / static_cast<double>(luma_cells_.size());
  next_share_ = (next_share_ + 1) % repeated_shares_.size();
  auto sorted = repeated_shares_;
  const auto middle = sorted.begin() + sorted.size() / 2;
  std::nth_element(sorted.begin(), middle, sorted.end());
  features_.repeated_share = *middle;
}

bool VideoExtractor::may_be_still(double least_mean) const {
  const bool coarse = options_.forgive_key_frames;
  return least_mean <= std::max(options_.still_mean, coarse ? kCoarseMean : 0) &&
         features_.change_cell <= std::max(options_.still_cell, coarse ? kCoarseCell : 0);
}

bool VideoExtractor::is_still() const {
  if (features_.change_mean <= options_.still_mean && features_.change_cell <= options_.still_cell)
    return true;
  // Coarse coding changes all of a picture, movement in a still scene a cell here and there.
  const double coarse_cell = std::min(kCoarseCell, 5 * features_.change_mean + 1);
  return options_.forgive_key_frames && features_.repeated_share >= kRepeats &&
         features_.change_mean <= kCoarseMean && features_.change_cell <= coarse_cell;
}

void VideoExtractor::measure_corruption(const Frame& frame, const Frame& before) {
  features_.corruption.reset();
  const bool first = before.buffer == nullptr;
  features_.torn = first || features_.still ? 0 : torn_.measure(frame, features_.luma, before);
  corruption_.suspect(frame.time, features_.torn);
  if (!corruption_.is_due(frame, features_.still)) return;
  features_.corruption = corruption_.measure(frame, features_.luma, first ? frame : before,
                                             first ? luma_cells_ : previous_luma_cells_);
}

void VideoExtractor::measure_active_area(const Frame& frame) {
  next_active_area_ = frame.time + kActiveAreaInterval;
  const Plane& plane = frame.planes[0];
  if (frame.format.bit_depth == 8) {
    kernels::sum_rows_and_columns(view<std::uint8_t>(plane), row_sums_.data(), column_sums_.data());
  } else {
    kernels::sum_rows_and_columns(view<std::uint16_t>(plane), row_sums_.data(), column_sums_.data());
  }
  features_.active_area = find_active_area(row_sums_, column_sums_, luma_range(frame.format).black,
                                           std::ldexp(1.0, frame.format.bit_depth - 8));
}

void VideoExtractor::measure_combing(const Frame& frame) {
  features_.combing.reset();
  if (previous_.buffer && frame.time >= next_combing_) {
    next_combing_ = frame.time + kCombingInterval;
    const Plane& plane = frame.planes[0];
    const Plane& before = previous_.planes[0];
    if (frame.format.bit_depth == 8) {
      kernels::weave_fields(view<std::uint8_t>(plane), view<std::uint8_t>(before), field_cells_.data());
    } else {
      kernels::weave_fields(view<std::uint16_t>(plane), view<std::uint16_t>(before), field_cells_.data());
    }
    features_.combing = judge_combing(field_cells_, frame);
    if (features_.combing->top_first + features_.combing->bottom_first >= kFewTornCells) next_combing_ = {};
  }
  previous_ = frame;
}

void VideoExtractor::measure_block_grid(const Frame& frame) {
  next_block_grid_ = std::max(next_block_grid_, frame.time - kBlockGridInterval) + kBlockGridInterval;
  features_.block_grid = monolens::measure_block_grid(frame, features_.luma);
}

}  // namespace monolens

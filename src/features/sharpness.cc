#include "features/sharpness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace monolens {
namespace {

constexpr auto kInterval = MediaDuration::milliseconds(200);
constexpr int kLeastContrast = 24;  // 8-bit levels: an edge well above grain and coding noise
constexpr std::size_t kLeastEdges = 8;
constexpr double kSharpest = 0.1;  // share of the cells with an edge that stand for the picture
constexpr double kMost = 0.7;      // of the cells must have lost so much

constexpr int kOctave = 32;
constexpr int kHardEdge = 160;  // five octaves: slopes from 1/32 to 8

// A cut: the cells' means change by so much of their spread over the picture, by so many levels, and by so
// many times what is usual in the shot.
constexpr double kCutShare = 0.3;
constexpr double kCutChange = 2;
constexpr double kCutRatio = 4;

int log_slope(double step, double contrast) {
  return std::clamp(kHardEdge + static_cast<int>(std::lround(kOctave * std::log2(step / contrast))), 1, 255);
}

// The value that a share `part` of those counted lie above; 0 if none is.
template <std::size_t N>
int upper_quantile(const std::array<std::uint32_t, N>& counts, std::size_t total, double part) {
  auto left = static_cast<std::ptrdiff_t>(std::ceil(static_cast<double>(total) * part));
  for (std::size_t i = N; i-- > 0;) {
    left -= counts[i];
    if (left <= 0 && counts[i] > 0) return static_cast<int>(i);
  }
  return 0;
}

}  // namespace

std::optional<Sharpness> SharpnessMeter::measure(const Frame& frame, const PlaneFeatures& luma) {
  if (luma.width != width_ || luma.height != height_) {
    width_ = luma.width;
    height_ = luma.height;
    for (Map& map : maps_) map.cells.assign(luma.cells.size(), Cell{});
    means_.assign(luma.cells.size(), 0);
    band_.assign(static_cast<std::size_t>(luma.columns), {});
    measured_ = 0;
    usual_change_ = 0;
    next_ = frame.time;
    cut_ = true;
  }
  watch_for_cuts(luma);
  if (frame.time < next_) return std::nullopt;
  next_ = std::max(next_, frame.time - kInterval) + kInterval;

  Sharpness s;
  Map& now = maps_[measured_ % kMaps];
  fill(frame, luma, now, s);
  s.cut = std::exchange(cut_, false);
  const auto since = [&](std::size_t ago) {
    return ago > measured_ ? std::nullopt : loss(maps_[(measured_ - ago) % kMaps], now);
  };
  s.loss = since(1);
  s.slow_loss = since(kMaps - 1);
  ++measured_;
  return s;
}

// From one picture to the next, so that a pan is none.
void SharpnessMeter::watch_for_cuts(const PlaneFeatures& luma) {
  std::uint64_t change = 0;
  std::uint64_t spread = 0;
  std::size_t i = 0;
  for (int row = 0; row < luma.rows; ++row) {
    for (int column = 0; column < luma.columns; ++column, ++i) {
      const auto mean = static_cast<std::uint8_t>(luma.cell_mean(column, row));
      change += static_cast<std::uint64_t>(std::abs(mean - means_[i]));
      spread += static_cast<std::uint64_t>(std::abs(mean - luma.mean));
      means_[i] = mean;
    }
  }
  const auto cells = static_cast<double>(means_.size());
  const double now = static_cast<double>(change) / cells;
  const double least = std::max(kCutChange, kCutShare * static_cast<double>(spread) / cells);
  if (now > least && now > kCutRatio * usual_change_) {
    cut_ = true;
  } else {
    usual_change_ += (now - usual_change_) / 4;
  }
}

void SharpnessMeter::measure_inner_cells(const Frame& frame, const PlaneFeatures& luma, int row) {
  const Plane& p = frame.planes[0];
  const int count = luma.columns - 2;
  if (frame.format.bit_depth == 8) {
    kernels::measure_edges({p.data, p.stride, p.width, p.height}, row, 1, count, band_.data());
  } else {
    kernels::measure_edges({reinterpret_cast<const std::uint16_t*>(p.data), p.stride, p.width, p.height}, row,
                           1, count, band_.data());
  }
}

void SharpnessMeter::fill(const Frame& frame, const PlaneFeatures& luma, Map& map, Sharpness& sharpness) {
  std::array<std::uint32_t, 256> slopes{};
  std::size_t edges = 0;
  std::size_t inner = 0;
  std::fill(map.cells.begin(), map.cells.end(), Cell{});
  // The outermost cells are left out: blanking and hard borders stand there.
  for (int row = 1; row + 1 < luma.rows; ++row) {
    measure_inner_cells(frame, luma, row);
    for (int column = 1; column + 1 < luma.columns; ++column) {
      ++inner;
      const std::size_t at = static_cast<std::size_t>(row * luma.columns + column);
      const kernels::CellEdges& e = band_[static_cast<std::size_t>(column - 1)];
      Cell& cell = map.cells[at];
      cell.mean = means_[at];
      const double contrast = std::max(e.contrast_across, e.contrast_down) * luma.scale;
      cell.contrast = static_cast<std::uint8_t>(std::min(contrast, 255.0));
      const auto keep_steeper = [&](int step, int height) {
        if (height * luma.scale < kLeastContrast) return;
        cell.slope = std::max(cell.slope, static_cast<std::uint8_t>(log_slope(step, height)));
      };
      keep_steeper(e.step_across, e.contrast_across);
      keep_steeper(e.step_down, e.contrast_down);
      if (cell.slope == 0) continue;
      ++edges;
      ++slopes[cell.slope];
    }
  }
  map.slope = edges < kLeastEdges ? 0 : upper_quantile(slopes, edges, kSharpest);
  sharpness.edge_share = inner == 0 ? 0 : static_cast<double>(edges) / static_cast<double>(inner);
  sharpness.slope = map.slope == 0 ? 0 : std::exp2((map.slope - kHardEdge) / static_cast<double>(kOctave));
}

// How many octaves of slope the sharp cells have lost that show the same as `then`: as many at least in seven
// of ten. nullopt where less than half do. What is sharp in either counts, so that neither chance nor a title
// that vanishes looks like a loss.
std::optional<double> SharpnessMeter::loss(const Map& then, const Map& now) {
  if (then.slope == 0 || now.slope == 0) return std::nullopt;
  const int sharp = std::max(then.slope, now.slope) - 3 * kOctave / 8;
  std::array<std::uint32_t, 511> losses{};
  std::size_t candidates = 0;
  std::size_t alike = 0;
  for (std::size_t i = 0; i < now.cells.size(); ++i) {
    const Cell& a = then.cells[i];
    const Cell& b = now.cells[i];
    if (std::max(a.slope, b.slope) < sharp) continue;
    ++candidates;
    const int contrast = std::max(a.contrast, b.contrast);
    if (a.slope == 0 || b.slope == 0 || std::abs(a.mean - b.mean) > 2 + contrast / 8) continue;
    if (4 * std::min(a.contrast, b.contrast) < contrast) continue;
    ++alike;
    ++losses[static_cast<std::size_t>(255 + a.slope - b.slope)];
  }
  if (alike < kLeastEdges || 2 * alike < candidates) return std::nullopt;
  return (upper_quantile(losses, alike, kMost) - 255) / static_cast<double>(kOctave);
}

}  // namespace monolens

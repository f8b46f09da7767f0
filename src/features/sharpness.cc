#include "features/sharpness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace monolens {
namespace {

using kernels::kCellSize;

constexpr auto kInterval = MediaDuration::milliseconds(200);
constexpr int kReach = 8;  // pixels over which contrast is measured: wider than any edge worth the name
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

// Largest differences of one cell, code values.
template <class Pixel>
struct Extremes {
  Pixel step;      // between neighbours
  Pixel contrast;  // over kReach pixels
};

template <class Pixel>
Pixel distance(Pixel a, Pixel b) {
  return static_cast<Pixel>(std::max(a, b) - std::min(a, b));
}

// Of the cell's pixels and those of the column to its right, in every second row.
template <class Pixel>
Extremes<Pixel> across(const Pixel* row, std::ptrdiff_t stride) {
  std::array<Pixel, kCellSize> steps{};
  std::array<Pixel, kReach> contrasts{};
  for (int y = 0; y < kCellSize; y += 2, row += 2 * stride) {
    for (std::size_t x = 0; x < kCellSize; ++x) steps[x] = std::max(steps[x], distance(row[x], row[x + 1]));
    for (std::size_t x = 0; x < kReach; ++x) {
      contrasts[x] = std::max(
          {contrasts[x], distance(row[x], row[x + kReach]), distance(row[x + 1], row[x + 1 + kReach])});
    }
  }
  return {*std::max_element(steps.begin(), steps.end()),
          *std::max_element(contrasts.begin(), contrasts.end())};
}

// Of the cell's pixels and those of the row below it.
template <class Pixel>
Extremes<Pixel> down(const Pixel* row, std::ptrdiff_t stride) {
  std::array<Pixel, kCellSize> steps{};
  std::array<Pixel, kCellSize> contrasts{};
  const std::ptrdiff_t reach = kReach * stride;
  for (int y = 0; y < kCellSize; ++y, row += stride) {
    const Pixel* below = row + stride;
    for (std::size_t x = 0; x < kCellSize; ++x) steps[x] = std::max(steps[x], distance(row[x], below[x]));
    if (y > kCellSize - kReach) continue;
    const Pixel* far = row + reach;
    for (std::size_t x = 0; x < kCellSize; ++x)
      contrasts[x] = std::max(contrasts[x], distance(row[x], far[x]));
  }
  return {*std::max_element(steps.begin(), steps.end()),
          *std::max_element(contrasts.begin(), contrasts.end())};
}

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

void SharpnessMeter::fill(const Frame& frame, const PlaneFeatures& luma, Map& map,
                          Sharpness& sharpness) const {
  const Plane& plane = frame.planes[0];
  std::array<std::uint32_t, 256> slopes{};
  std::size_t edges = 0;
  std::size_t inner = 0;
  std::fill(map.cells.begin(), map.cells.end(), Cell{});
  const auto judge = [&](auto pixel) {
    using Pixel = decltype(pixel);
    const std::ptrdiff_t stride = plane.stride / static_cast<std::ptrdiff_t>(sizeof(Pixel));
    // The outermost cells are left out: blanking and hard borders stand there.
    for (int row = 1; row + 1 < luma.rows; ++row) {
      for (int column = 1; column + 1 < luma.columns; ++column) {
        ++inner;
        const auto* at =
            reinterpret_cast<const Pixel*>(plane.data) + row * kCellSize * stride + column * kCellSize;
        const std::array both = {across(at, stride), down(at, stride)};
        Cell& cell = map.cells[static_cast<std::size_t>(row * luma.columns + column)];
        cell.mean = means_[static_cast<std::size_t>(row * luma.columns + column)];
        const double contrast = std::max(both[0].contrast, both[1].contrast) * luma.scale;
        cell.contrast = static_cast<std::uint8_t>(std::min(contrast, 255.0));
        for (const Extremes<Pixel>& e : both) {
          if (e.contrast * luma.scale < kLeastContrast) continue;
          cell.slope = std::max(cell.slope, static_cast<std::uint8_t>(log_slope(e.step, e.contrast)));
        }
        if (cell.slope == 0) continue;
        ++edges;
        ++slopes[cell.slope];
      }
    }
  };
  if (frame.format.bit_depth == 8) {
    judge(std::uint8_t{});
  } else {
    judge(std::uint16_t{});
  }
  map.slope = edges < kLeastEdges ? 0 : upper_quantile(slopes, edges, kSharpest);
  sharpness.edge_share = inner == 0 ? 0 : static_cast<double>(edges) / static_cast<double>(inner);
  sharpness.slope = map.slope == 0 ? 0 : std::exp2((map.slope - kHardEdge) / static_cast<double>(kOctave));
}

// How many octaves of slope the sharp cells have lost that show the same as `then`: as many at least in seven
// of ten. nullopt where too few do. What is sharp in either counts, so that neither chance nor a title that
// vanishes looks like a loss.
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
  if (alike < kLeastEdges || 3 * alike < candidates) return std::nullopt;
  return (upper_quantile(losses, alike, kMost) - 255) / static_cast<double>(kOctave);
}

}  // namespace monolens

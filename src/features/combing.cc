#include "features/combing.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>

namespace monolens {
namespace {

using kernels::FieldCell;
using kernels::kCellSize;
using kernels::PlaneView;

constexpr double kVisible = 0.5;  // 8-bit levels a pixel
constexpr double kApart =
    1.2;  // times as torn as all else is the weave of two moments that are further apart
constexpr double kTorn = 0.75;  // and the picture itself, at least, against the nearer ones
constexpr double kComb = 0.9;   // and how much its rows differ from the next ones, against those beyond
constexpr int kMostLookedAt = 256;

template <class Pixel>
const Pixel* row_at(PlaneView<Pixel> plane, int y) {
  return reinterpret_cast<const Pixel*>(reinterpret_cast<const std::byte*>(plane.data) + y * plane.stride);
}

// Whether rows are nearer to those of their own field than to those in between: a comb's are, and what lines
// and edges there are in a picture is not.
template <class Pixel>
bool is_comb(PlaneView<Pixel> plane, int left, int top) {
  const int right = std::min(left + kCellSize, plane.width);
  std::int64_t next = 0;
  std::int64_t beyond = 0;
  for (int y = std::max(top, 2); y < std::min(top + kCellSize, plane.height - 2); ++y) {
    const Pixel* here = row_at(plane, y);
    const Pixel* above = row_at(plane, y - 1);
    const Pixel* below = row_at(plane, y + 1);
    const Pixel* far_above = row_at(plane, y - 2);
    const Pixel* far_below = row_at(plane, y + 2);
    for (int x = left; x < right; ++x) {
      next += std::abs(above[x] + below[x] - 2 * here[x]);
      beyond += std::abs(far_above[x] + far_below[x] - 2 * here[x]);
    }
  }
  return static_cast<double>(next) >= kComb * static_cast<double>(beyond);
}

bool is_comb(const Frame& frame, int left, int top) {
  const Plane& p = frame.planes[0];
  if (frame.format.bit_depth == 8) {
    return is_comb(PlaneView<std::uint8_t>{p.data, p.stride, p.width, p.height}, left, top);
  }
  return is_comb(
      PlaneView<std::uint16_t>{reinterpret_cast<const std::uint16_t*>(p.data), p.stride, p.width, p.height},
      left, top);
}

}  // namespace

Combing judge_combing(std::span<const FieldCell> cells, const Frame& frame) {
  constexpr int kPixels = kCellSize * kCellSize;
  const auto visible = static_cast<std::uint32_t>(std::ldexp(kVisible * kPixels, frame.format.bit_depth - 8));
  const int columns = kernels::cells_across(frame.planes[0].width);
  Combing combing;
  int looked_at = 0;
  for (int i = 0; i < static_cast<int>(cells.size()); ++i) {
    const FieldCell& c = cells[static_cast<std::size_t>(i)];
    const auto [nearer, further] = std::minmax(c.top_first, c.bottom_first);
    const std::uint32_t unwoven = std::max(c.whole, c.before);
    if (further < unwoven + visible) continue;
    ++combing.moving;
    // A fade, too, tears one weave more than the other where lines stand in one field, but never more than
    // both pictures.
    const bool two_moments = further >= nearer + visible && further >= kApart * std::max(nearer, unwoven);
    const bool is_torn = c.whole >= visible && c.whole >= kTorn * nearer;
    if (!two_moments || !is_torn) continue;
    if (looked_at < kMostLookedAt) {
      ++looked_at;
      if (!is_comb(frame, i % columns * kCellSize, i / columns * kCellSize)) continue;
    }
    ++(c.top_first < c.bottom_first ? combing.top_first : combing.bottom_first);
  }
  return combing;
}

}  // namespace monolens

#include "features/active_area.h"

#include <algorithm>

namespace monolens {
namespace {

constexpr double kBorder = 5;  // 8-bit steps above black that a border's mean may stand (noise, ringing)
// A matte ends at once: of the brightest of the kNear lines inside the border, kEdge is reached within
// kWithin. What the rest of the picture shows says nothing of it: a dark title bar may stand at an edge of a
// white page.
constexpr double kStep = 8;  // 8-bit steps above black that must be reached there at least
constexpr double kEdge = 0.6;
constexpr std::size_t kWithin = 3;
constexpr std::size_t kNear = 8;
constexpr double kPicture = 16;  // 8-bit steps above black that the picture's mean must reach

struct Extent {
  int first = 0;
  int size = 0;
  bool sharp = true;

  bool is_matte(std::size_t lines) const { return sharp && size < static_cast<int>(lines); }
};

// The lines between the borders; nullopt where every line is a border.
std::optional<Extent> extent(std::span<const std::uint32_t> sums, double line_length, double black,
                             double unit) {
  const auto level = [&](std::size_t i) {
    return (static_cast<double>(sums[i]) / line_length - black) / unit;
  };
  const std::size_t n = sums.size();
  std::size_t first = 0;
  while (first < n && level(first) <= kBorder) ++first;
  if (first == n) return std::nullopt;
  std::size_t last = n - 1;
  while (level(last) <= kBorder) --last;

  double mean = 0;
  for (std::size_t i = first; i <= last; ++i) mean += level(i);
  mean /= static_cast<double>(last - first + 1);
  if (mean < kPicture) return std::nullopt;
  Extent e{static_cast<int>(first), static_cast<int>(last - first + 1)};
  // The brightest of the first lines from an end of the picture inwards.
  const auto brightest = [&](std::size_t lines, bool from_last) {
    double most = 0;
    for (std::size_t i = 0; i < std::min(lines, last - first + 1); ++i)
      most = std::max(most, level(from_last ? last - i : first + i));
    return most;
  };
  const auto sharp = [&](bool from_last) {
    return brightest(kWithin, from_last) >= std::max(kStep, kEdge * brightest(kNear, from_last));
  };
  e.sharp = (first == 0 || sharp(false)) && (last + 1 == n || sharp(true));
  return e;
}

}  // namespace

std::optional<ActiveArea> find_active_area(std::span<const std::uint32_t> rows,
                                           std::span<const std::uint32_t> columns, double black,
                                           double unit) {
  auto vertical = extent(rows, static_cast<double>(columns.size()), black, unit);
  auto horizontal = extent(columns, static_cast<double>(rows.size()), black, unit);
  if (!vertical || !horizontal) return std::nullopt;
  const bool soft_sides = vertical->is_matte(rows.size()) && !horizontal->sharp;
  const bool soft_ends = horizontal->is_matte(columns.size()) && !vertical->sharp;
  if (soft_sides) horizontal = Extent{.size = static_cast<int>(columns.size())};
  if (soft_ends) vertical = Extent{.size = static_cast<int>(rows.size())};
  return ActiveArea{.left = horizontal->first,
                    .top = vertical->first,
                    .width = horizontal->size,
                    .height = vertical->size,
                    .sharp = vertical->sharp && horizontal->sharp,
                    .soft_sides = soft_sides,
                    .soft_ends = soft_ends};
}

}  // namespace monolens

#include "features/active_area.h"

#include <algorithm>

namespace monolens {
namespace {

constexpr double kBorder = 5;       // 8-bit steps above black that a border's mean may stand (noise, ringing)
constexpr double kEdge = 0.5;       // of the way to the picture's mean that must be gone…
constexpr std::size_t kWithin = 4;  // …so many rows or columns inside the border
constexpr double kPicture = 16;     // 8-bit steps above black that the picture's mean must reach

struct Extent {
  int first = 0;
  int size = 0;
  bool sharp = true;
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
  const std::size_t inside = std::min(kWithin, last - first);
  if (first > 0 && level(first + inside) < kEdge * mean) e.sharp = false;
  if (last + 1 < n && level(last - inside) < kEdge * mean) e.sharp = false;
  return e;
}

}  // namespace

std::optional<ActiveArea> find_active_area(std::span<const std::uint32_t> rows,
                                           std::span<const std::uint32_t> columns, double black,
                                           double unit) {
  const auto vertical = extent(rows, static_cast<double>(columns.size()), black, unit);
  const auto horizontal = extent(columns, static_cast<double>(rows.size()), black, unit);
  if (!vertical || !horizontal) return std::nullopt;
  return ActiveArea{horizontal->first, vertical->first, horizontal->size, vertical->size,
                    vertical->sharp && horizontal->sharp};
}

}  // namespace monolens

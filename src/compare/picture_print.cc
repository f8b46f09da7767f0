#include "compare/picture_print.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "features/active_area.h"
#include "features/kernels/plane.h"
#include "features/plane_view.h"

namespace monolens {
namespace {

constexpr float kLeastSpread = 1.5F;  // 8-bit levels: a picture of less shows nothing
constexpr int kMostRows = 12;         // rows that are read of each part

// Mean of the samples of a row from `left` up to `right`.
template <class Pixel>
double sum_of(const Plane& p, int y, int left, int right) {
  const auto* row = reinterpret_cast<const Pixel*>(p.data + y * p.stride);
  std::uint32_t sum = 0;
  for (int x = left; x < right; ++x) sum += row[x];
  return sum;
}

template <class Pixel>
void print_of(const Frame& frame, const ActiveArea& area, std::array<float, 144>& out) {
  const Plane& plane = frame.planes[0];
  const double unit = std::ldexp(1.0, 8 - frame.format.bit_depth);
  const auto edge = [](int from, int size, int i, int parts) { return from + size * i / parts; };
  for (int r = 0; r < PicturePrinter::kRows; ++r) {
    const int top = edge(area.top, area.height, r, PicturePrinter::kRows);
    const int bottom = std::max(top + 1, edge(area.top, area.height, r + 1, PicturePrinter::kRows));
    const int rows = std::min(kMostRows, bottom - top);
    for (int c = 0; c < PicturePrinter::kColumns; ++c) {
      const int left = edge(area.left, area.width, c, PicturePrinter::kColumns);
      const int right = std::max(left + 1, edge(area.left, area.width, c + 1, PicturePrinter::kColumns));
      double sum = 0;
      for (int i = 0; i < rows; ++i) {
        const int y = top + (bottom - top) * (2 * i + 1) / (2 * rows);
        sum += sum_of<Pixel>(plane, std::min(y, plane.height - 1), std::min(left, plane.width - 1),
                             std::min(right, plane.width));
      }
      out[static_cast<std::size_t>(r * PicturePrinter::kColumns + c)] =
          static_cast<float>(sum * unit / (rows * (right - left)));
    }
  }
}

}  // namespace

void PicturePrinter::add(const Frame& frame) {
  const PictureFormat& f = frame.format;
  row_sums_.resize(static_cast<std::size_t>(f.height));
  column_sums_.resize(static_cast<std::size_t>(f.width));
  if (f.bit_depth == 8) {
    kernels::sum_rows_and_columns(view<std::uint8_t>(frame.planes[0]), row_sums_.data(), column_sums_.data());
  } else {
    kernels::sum_rows_and_columns(view<std::uint16_t>(frame.planes[0]), row_sums_.data(),
                                  column_sums_.data());
  }
  const double unit = std::ldexp(1.0, f.bit_depth - 8);
  const auto found = find_active_area(row_sums_, column_sums_, f.full_range ? 0 : 16 * unit, unit);
  const ActiveArea all{.left = 0, .top = 0, .width = f.width, .height = f.height};
  const bool bordered = found && found->sharp && (found->width < f.width || found->height < f.height);
  std::array<float, kColumns * kRows> values{};
  std::array<float, kColumns * kRows> inside{};
  const auto print = f.bit_depth == 8 ? print_of<std::uint8_t> : print_of<std::uint16_t>;
  print(frame, all, values);
  if (bordered) print(frame, *found, inside);
  prints_.add(frame.time, values, bordered ? std::span<const float>(inside) : std::span<const float>(),
              kLeastSpread);
}

}  // namespace monolens

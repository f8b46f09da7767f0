#include "features/picture_history.h"

#include <algorithm>
#include <cstdlib>

namespace monolens {
namespace {

constexpr double kUnits = 16;       // in an 8-bit level
constexpr int kCellChange = 40;     // 2.5 levels: coding noise averages out in a cell, movement does not
constexpr double kMeanChange = 10;  // 0.6 levels

}  // namespace

void PictureHistory::restart(std::size_t cells) {
  pushed_ = 0;
  for (Picture& p : pictures_) p.means.assign(cells, 0);
}

void PictureHistory::push(MediaTime time, const PlaneFeatures& luma) {
  Picture& picture = pictures_[pushed_++ % kPictures];
  picture.time = time;
  const double whole = luma.scale * kUnits / (kernels::kCellSize * kernels::kCellSize);
  std::size_t i = 0;
  for (int row = 0; row < luma.rows; ++row) {
    for (int column = 0; column + 1 < luma.columns && (row + 1) * kernels::kCellSize <= luma.height;
         ++column, ++i) {
      picture.means[i] = static_cast<std::uint16_t>(luma.cells[i].sum * whole);
    }
    for (; i < static_cast<std::size_t>((row + 1) * luma.columns); ++i) {
      const int column = static_cast<int>(i) - row * luma.columns;
      picture.means[i] = static_cast<std::uint16_t>(luma.cell_mean(column, row) * kUnits);
    }
  }
}

bool PictureHistory::alike(const Picture& a, const Picture& b) {
  double total = 0;
  for (std::size_t i = 0; i < a.means.size(); ++i) {
    const int change = std::abs(a.means[i] - b.means[i]);
    if (change > kCellChange) return false;
    total += change;
  }
  return total <= kMeanChange * static_cast<double>(a.means.size());
}

MediaTime PictureHistory::same_since() const {
  const Picture& last = pictures_[(pushed_ - 1) % kPictures];
  MediaTime since = last.time;
  for (std::size_t back = 2; back <= std::min(pushed_, kPictures); ++back) {
    const Picture& earlier = pictures_[(pushed_ - back) % kPictures];
    if (!alike(last, earlier)) break;
    since = earlier.time;
  }
  return since;
}

}  // namespace monolens

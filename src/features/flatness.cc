#include "features/flatness.h"

#include <algorithm>
#include <cmath>

namespace monolens {
namespace {

constexpr double kLeastShare = 0.9;
constexpr double kLumaRange = 16;  // 8-bit levels within a cell, coding noise included
constexpr double kLumaOff = 4;     // of a cell's mean from the picture's
constexpr double kChromaRange = 12;
constexpr double kChromaOff = 3;

double flat_cells(const PlaneFeatures& plane, double range, double off) {
  const int total = plane.columns * plane.rows;
  const double most_other = total * (1 - kLeastShare);
  int other = 0;
  for (int r = 0; r < plane.rows; ++r) {
    for (int c = 0; c < plane.columns; ++c) {
      const bool flat =
          plane.cell_range(c, r) <= range && std::abs(plane.cell_mean(c, r) - plane.mean) <= off;
      if (!flat && ++other > most_other) return 0;
    }
  }
  return 1.0 - static_cast<double>(other) / total;
}

}  // namespace

double luma_flat_share(const VideoFeatures& f) { return flat_cells(f.luma, kLumaRange, kLumaOff); }

double chroma_flat_share(const VideoFeatures& f) {
  if (!f.cb) return 1;
  return std::min(flat_cells(*f.cb, kChromaRange, kChromaOff), flat_cells(*f.cr, kChromaRange, kChromaOff));
}

}  // namespace monolens

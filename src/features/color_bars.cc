#include "features/color_bars.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace monolens {
namespace {

struct Colour {
  double y, cb, cr;  // 8-bit code values
};

struct Layout {
  int bars;
  double left;   // where the first bar begins, share of the width
  double width;  // of one bar
};

constexpr std::array kLayouts = {
    Layout{7, 0.0, 1.0 / 7},       // SMPTE EG 1
    Layout{8, 0.0, 1.0 / 8},       // EBU, PAL
    Layout{7, 1.0 / 8, 0.75 / 7},  // SMPTE RP 219
};
constexpr std::array kHeights = {0.12, 0.30, 0.45};  // where the bars are looked at
constexpr std::array<std::array<int, 3>, 8> kRgb = {
    {{1, 1, 1}, {1, 1, 0}, {0, 1, 1}, {0, 1, 0}, {1, 0, 1}, {1, 0, 0}, {0, 0, 1}, {0, 0, 0}}};
constexpr double kLumaOff = 16;
constexpr double kChromaOff = 18;
constexpr double kMatched = 0.8;  // of the samples

Colour colour_of(const std::array<int, 3>& rgb, double level, bool matrix_709, bool full_range) {
  const double kr = matrix_709 ? 0.2126 : 0.299;  // ITU-R BT.709, BT.601
  const double kb = matrix_709 ? 0.0722 : 0.114;
  const double y = (kr * rgb[0] + (1 - kr - kb) * rgb[1] + kb * rgb[2]) * level;
  const double cb = (rgb[2] * level - y) / (2 * (1 - kb));
  const double cr = (rgb[0] * level - y) / (2 * (1 - kr));
  if (full_range) return {255 * y, 128 + 255 * cb, 128 + 255 * cr};
  return {16 + 219 * y, 128 + 224 * cb, 128 + 224 * cr};
}

double mean_at(const PlaneFeatures& plane, double x, double y) {
  const int column = static_cast<int>(x * plane.width) / kernels::kCellSize;
  const int row = static_cast<int>(y * plane.height) / kernels::kCellSize;
  return plane.cell_mean(std::min(column, plane.columns - 1), std::min(row, plane.rows - 1));
}

bool matches(const VideoFeatures& f, double x, double y, const Colour& expected) {
  return std::abs(mean_at(f.luma, x, y) - expected.y) <= kLumaOff &&
         std::abs(mean_at(*f.cb, x, y) - expected.cb) <= kChromaOff &&
         std::abs(mean_at(*f.cr, x, y) - expected.cr) <= kChromaOff;
}

bool shows(const VideoFeatures& f, const Layout& layout, double level, bool matrix_709) {
  const int samples = layout.bars * static_cast<int>(kHeights.size());
  const double most_missed = samples * (1 - kMatched);
  int missed = 0;
  for (const double y : kHeights) {
    for (int bar = 0; bar < layout.bars; ++bar) {
      const double x = layout.left + (bar + 0.5) * layout.width;
      const auto& rgb = kRgb[static_cast<std::size_t>(bar)];
      bool match = matches(f, x, y, colour_of(rgb, level, matrix_709, f.format.full_range));
      // White is at 100 % in EBU bars whose colours are at 75 %.
      if (bar == 0 && !match) match = matches(f, x, y, colour_of(rgb, 1.0, matrix_709, f.format.full_range));
      if (!match && ++missed > most_missed) return false;
    }
  }
  return true;
}

}  // namespace

bool shows_color_bars(const VideoFeatures& f) {
  if (!f.cb || !f.cr) return false;
  for (const Layout& layout : kLayouts) {
    for (const double level : {0.75, 1.0}) {
      for (const bool matrix_709 : {true, false}) {
        if (shows(f, layout, level, matrix_709)) return true;
      }
    }
  }
  return false;
}

}  // namespace monolens

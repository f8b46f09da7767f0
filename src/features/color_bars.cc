#include "features/color_bars.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>

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
constexpr int kCorners = 8;                          // of the RGB cube: bit 2 red, bit 1 green, bit 0 blue
constexpr int kBlack = 0;
constexpr int kWhite = 7;
constexpr double kLumaOff = 16;
constexpr double kChromaOff = 18;

// The colour of each corner, at 75 % and at 100 %.
using Palette = std::array<std::array<Colour, 2>, kCorners>;

Colour colour_of(int corner, double level, bool matrix_709, bool full_range) {
  const double r = (corner >> 2 & 1) * level;
  const double g = (corner >> 1 & 1) * level;
  const double b = (corner & 1) * level;
  const double kr = matrix_709 ? 0.2126 : 0.299;  // ITU-R BT.709, BT.601
  const double kb = matrix_709 ? 0.0722 : 0.114;
  const double y = kr * r + (1 - kr - kb) * g + kb * b;
  const double cb = (b - y) / (2 * (1 - kb));
  const double cr = (r - y) / (2 * (1 - kr));
  if (full_range) return {255 * y, 128 + 255 * cb, 128 + 255 * cr};
  return {16 + 219 * y, 128 + 224 * cb, 128 + 224 * cr};
}

Palette palette(bool matrix_709, bool full_range) {
  Palette all{};
  for (int corner = 0; corner < kCorners; ++corner) {
    all[static_cast<std::size_t>(corner)] = {colour_of(corner, 0.75, matrix_709, full_range),
                                             colour_of(corner, 1.0, matrix_709, full_range)};
  }
  return all;
}

// The mean of 2×2 samples around a place given as shares of the width and height.
double sample(const Plane& plane, int bit_depth, double x, double y) {
  const int column = std::clamp(static_cast<int>(x * plane.width), 0, std::max(0, plane.width - 2));
  const int row = std::clamp(static_cast<int>(y * plane.height), 0, std::max(0, plane.height - 2));
  double sum = 0;
  for (int dy = 0; dy < 2; ++dy) {
    const std::uint8_t* line = plane.data + plane.stride * std::min(row + dy, plane.height - 1);
    for (int dx = 0; dx < 2; ++dx) {
      const int at = std::min(column + dx, plane.width - 1);
      std::uint16_t wide = line[at];
      if (bit_depth > 8) std::memcpy(&wide, line + 2 * at, sizeof wide);
      sum += wide;
    }
  }
  return std::ldexp(sum / 4, 8 - bit_depth);
}

// The corner of the RGB cube that stands there, if any does.
std::optional<int> corner_at(const Frame& frame, const Palette& palette, double x, double y) {
  const PictureFormat& f = frame.format;
  const Colour seen{sample(frame.planes[0], f.bit_depth, x, y), sample(frame.planes[1], f.bit_depth, x, y),
                    sample(frame.planes[2], f.bit_depth, x, y)};
  for (int corner = 0; corner < kCorners; ++corner) {
    for (const Colour& c : palette[static_cast<std::size_t>(corner)]) {
      if (std::abs(seen.y - c.y) <= kLumaOff && std::abs(seen.cb - c.cb) <= kChromaOff &&
          std::abs(seen.cr - c.cr) <= kChromaOff) {
        return corner;
      }
    }
  }
  return std::nullopt;
}

// The corner that most heights of a bar agree on.
std::optional<int> corner_of_bar(const Frame& frame, const Palette& palette, double x) {
  std::array<int, kCorners> votes{};
  for (const double y : kHeights) {
    const auto corner = corner_at(frame, palette, x, y);
    if (corner && ++votes[static_cast<std::size_t>(*corner)] >= 2) return corner;
  }
  return std::nullopt;
}

// All bars but one have a colour, neighbours different ones, and not all of them are black or white.
bool shows(const Frame& frame, const Palette& palette, const Layout& layout) {
  int missed = 0;
  bool coloured = false;
  std::optional<int> previous;
  for (int bar = 0; bar < layout.bars; ++bar) {
    const auto corner = corner_of_bar(frame, palette, layout.left + (bar + 0.5) * layout.width);
    if (!corner && ++missed > 1) return false;
    if (corner && corner == previous) return false;
    coloured = coloured || (corner && *corner != kBlack && *corner != kWhite);
    previous = corner;
  }
  return coloured;
}

}  // namespace

bool shows_color_bars(const Frame& frame) {
  if (frame.format.planes < 3) return false;
  // Many streams do not say by which matrix they are to be shown, or say it wrongly.
  for (const bool matrix_709 : {true, false}) {
    const Palette colours = palette(matrix_709, frame.format.full_range);
    for (const Layout& layout : kLayouts) {
      if (shows(frame, colours, layout)) return true;
    }
  }
  return false;
}

}  // namespace monolens

// VideoFeatures: what was measured of one picture.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>

#include "base/time.h"
#include "features/kernels/plane.h"
#include "media/frame.h"

namespace monolens {

// The measurements of one plane: totals in 8-bit code values (0 to 255) whatever the bit depth, and the
// cells.
struct PlaneFeatures {
  int width = 0;  // samples
  int height = 0;
  int columns = 0;  // of cells
  int rows = 0;
  std::span<const kernels::Cell> cells;  // row-major; values in the plane's own bit depth
  double scale = 1;                      // own code value × scale = 8-bit code value
  double mean = 0;
  double outside_share = 0;  // of samples outside EBU R 103's preferred range (5 to 246 at 8 bits); the
                             // outermost cells, where blanking stands, are left out

  const kernels::Cell& cell(int column, int row) const {
    return cells[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                 static_cast<std::size_t>(column)];
  }
  // Cells at the right and bottom edge may be smaller than the others.
  int samples_in_cell(int column, int row) const {
    return std::min(kernels::kCellSize, width - column * kernels::kCellSize) *
           std::min(kernels::kCellSize, height - row * kernels::kCellSize);
  }
  double cell_mean(int column, int row) const {
    return cell(column, row).sum * scale / samples_in_cell(column, row);
  }
  double cell_range(int column, int row) const {
    const kernels::Cell& c = cell(column, row);
    return (c.max - c.min) * scale;
  }
};

// Pixels inside the black borders.
struct ActiveArea {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;
  bool sharp = false;  // each border ends within a few pixels, as a matte does and a dark scene does not

  bool operator==(const ActiveArea&) const = default;
};

struct VideoFeatures {
  MediaTime time;
  MediaDuration duration;
  PictureFormat format;
  bool interlaced = false;

  PlaneFeatures luma;
  // On the pictures where something asked for them: every fourth, still ones, flat ones.
  std::optional<PlaneFeatures> cb;
  std::optional<PlaneFeatures> cr;
  double dark_share = 0;  // of luma samples at or below FeatureOptions::dark_level

  bool comparable = false;    // there is an anchor of the same size to compare with
  double change_mean = 0;     // mean absolute difference of all samples from the anchor, 8-bit code values
  double change_cell = 0;     // the same of the cell that changed most
  double repeated_share = 0;  // of the cells that are the previous picture's, median of the last few pictures
  bool still = false;         // the picture is the anchor's, but for noise
  MediaTime still_since;      // the anchor's time
  MediaTime shown_since;      // when its picture first stood there, coding noise apart: then or earlier

  double flat_share = 0;    // of the cells that are flat and of the picture's one colour; below 0.9 told as 0
  bool color_bars = false;  // SMPTE, EBU or PAL test bars

  // Set on the pictures where it was measured, if one could be told (not in a black picture).
  std::optional<ActiveArea> active_area;
};

}  // namespace monolens

// VideoFeatures: what was measured of one picture.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/time.h"
#include "features/kernels/plane.h"
#include "features/light_grid.h"
#include "features/mouth_tracker.h"
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
  // Beside sharp borders, what lies across them fades out: it counts as picture, and may be a border or not.
  bool soft_sides = false;
  bool soft_ends = false;  // top and bottom

  bool operator==(const ActiveArea&) const = default;
};

// How many cells of a picture move, and in how many of them the fields show two moments: the top field the
// earlier one, or the bottom field.
struct Combing {
  int moving = 0;
  int top_first = 0;
  int bottom_first = 0;
};

// The grid of coding blocks (features/block_grid.h).
struct BlockGrid {
  double share = 0;  // of the cells that show it beyond what chance gives: geometric mean of both directions
  int left = 0;      // where its first lines are, 0 to 7
  int top = 0;
};

// How sharp the picture's edges are (features/sharpness.h).
struct Sharpness {
  double slope = 0;            // of the sharpest edges: 1 a hard edge, 1/8 a ramp; 0 where no edge tells
  double edge_share = 0;       // of the cells that have an edge to be judged by
  std::optional<double> loss;  // octaves of slope that the same edges have lost since the measurement before
  std::optional<double> slow_loss;  // and since the one a second ago; both unknown where too few are the same
  bool cut = false;                 // another shot began since the measurement before
};

// How likely each whole block of 16×16 pixels holds what a loss left there.
struct CorruptionMap {
  int columns = 0;
  int rows = 0;
  std::span<const std::uint8_t> probabilities;  // row-major; 255 = certain

  // Of the blocks that are at least so likely, 0 to 1.
  double share(double probability) const {
    const double least = probability * 255;
    const auto count = std::count_if(probabilities.begin(), probabilities.end(),
                                     [least](std::uint8_t p) { return p >= least; });
    return static_cast<double>(count) / static_cast<double>(std::max<std::size_t>(1, probabilities.size()));
  }
};

struct VideoFeatures {
  MediaTime time;
  MediaDuration duration;
  PictureFormat format;
  bool interlaced = false;       // so says the stream
  bool top_field_first = false;  // of an interlaced picture, the stream says
  bool suspect = false;          // damage was told of this picture, or of one that it may refer to

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

  // Mean absolute difference of the cells' means from the previous picture's, levels.
  double scene_change = 0;

  double flat_share = 0;    // of the cells that are flat and of the picture's one colour; below 0.9 told as 0
  bool color_bars = false;  // SMPTE, EBU or PAL test bars

  LightGrid light;                 // no cells if not asked for
  std::optional<double> change;    // from the picture before, 8-bit levels; see picture_change.h
  std::optional<Combing> combing;  // some times a second, of pictures of one format
  std::optional<Mouth> mouth;      // of the largest face, while one is followed

  // Set on the pictures where it was measured, if one could be told (not in a black picture).
  std::optional<ActiveArea> active_area;

  // Set on the pictures where they were measured: five a second.
  std::optional<Sharpness> sharpness;
  std::optional<BlockGrid> block_grid;
  double torn = 0;  // how surely the changes from the picture before keep to the grid of coding blocks
                    // (features/torn_changes.h); 0 of a still picture
  // Set on the pictures that were looked at: some a second, and every one where damage is known or seen.
  std::optional<CorruptionMap> corruption;
};

}  // namespace monolens

// LightGrid: how light and how red the parts of a picture are, as the rules for flashing pictures measure
// both.
//
// The picture is cut into at most 64×64 cells, each a square of the luma plane's own cells. A cell has one
// colour: the mean of its luma, and the mean of eight samples of each chroma plane.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "features/kernels/plane.h"
#include "media/frame.h"

namespace monolens {

struct PlaneFeatures;

struct LightCell {
  float share = 0;         // of the picture's area
  float luminance = 0;     // relative: 0 (black) to 1 (white)
  float red = 0;           // (R − G − B) × 320 of linear R, G, B from 0 to 1; negative values are 0
  bool saturated = false;  // R / (R + G + B) ≥ 0.8
};

struct LightGrid {
  int columns = 0;
  int rows = 0;
  std::span<const LightCell> cells;  // row-major
};

// WCAG 2.2, definitions of "relative luminance" and (working definition) "saturated red". R, G, B are
// non-linear, 0 to 1; sRGB's transfer function and primaries are taken for all pictures.
LightCell light_of(float r, float g, float b);

class LightMeter {
 public:
  // The result is valid until the next call. Allocates only when the format changes.
  // REQUIRES: `luma` measured of `frame`.
  LightGrid measure(const Frame& frame, const PlaneFeatures& luma);

 private:
  static constexpr int kChromaColumns = 4;  // samples across a cell, in each of two rows

  void reformat(const PictureFormat& format, const PlaneFeatures& luma);
  void add_luma(const PlaneFeatures& luma, int row);
  void add_chroma(const Frame& frame, int row);

  PictureFormat format_;
  int step_ = 0;  // luma cells across a cell of the grid
  LightGrid grid_;
  std::vector<LightCell> cells_;
  std::vector<std::array<int, kChromaColumns>> chroma_x_;  // of each column of the grid
  std::vector<float> y_;                                   // of a row: sums, in code values
  std::vector<float> cb_;
  std::vector<float> cr_;
};

}  // namespace monolens

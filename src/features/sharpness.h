// How sharp a picture's edges are, and what the same edges were a moment ago.
//
// An edge is judged by its slope: the largest step between neighbouring pixels, divided by the largest
// difference over eight pixels in the same cell and direction. It is 1 for a hard edge, 1/8 for a ramp, and
// does not follow contrast, so that a fade changes nothing. The sharper of the two directions counts, so that
// motion along the other does not; and the sharpest tenth of the cells stands for the picture, so that a
// shallow focus is sharp where it is meant to be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "features/kernels/edges.h"
#include "features/video_features.h"
#include "media/frame.h"

namespace monolens {

class SharpnessMeter {
 public:
  // The picture's sharpness, five times a second; nullopt in between. Allocates only when the picture's size
  // changes. REQUIRES: pictures in presentation order, `luma` the measurements of `frame`'s plane.
  std::optional<Sharpness> measure(const Frame& frame, const PlaneFeatures& luma);

 private:
  // What a cell shows, in 8-bit levels.
  struct Cell {
    std::uint8_t mean;
    std::uint8_t contrast;  // largest difference over eight pixels
    std::uint8_t slope;     // kHardEdge for 1, lower by kOctave for each halving; 0 without an edge
  };
  struct Map {
    std::vector<Cell> cells;
    int slope = 0;  // of the sharpest tenth, as in Cell; 0 where too few cells have an edge
  };

  void watch_for_cuts(const PlaneFeatures& luma);
  void fill(const Frame& frame, const PlaneFeatures& luma, Map& map, Sharpness& sharpness);
  void measure_inner_cells(const Frame& frame, const PlaneFeatures& luma, int row);
  static std::optional<double> loss(const Map& then, const Map& now);

  static constexpr std::size_t kMaps = 6;  // now, and the second before

  int width_ = 0;
  int height_ = 0;
  std::vector<std::uint8_t> means_;       // of the last picture's cells, 8-bit levels
  std::vector<kernels::CellEdges> band_;  // of one row of cells
  double usual_change_ = 0;               // of means_ from picture to picture, a slow average
  bool cut_ = false;                      // since the last measurement
  MediaTime next_;
  Map maps_[kMaps];  // a ring
  std::size_t measured_ = 0;
};

}  // namespace monolens

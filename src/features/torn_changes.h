// TornChanges: how surely a picture's changes from the one before stop at the grid of coding blocks.
//
// What moves stops anywhere: as often at the lines of the grid of 16×16 pixels as beside them. What a loss
// leaves, its concealment, what is predicted from it, and the key picture that clears it come and go by whole
// blocks. That shows though the pictures were encoded again upstream, if they were not scaled or shifted.
//
// A strip of 4 by 16 pixels that changes much, beside one that changes much less, is an end of a change.
// Clean coding puts some more of them on the grid than beside it: kUsual times as many, as measured on clean
// clips. Roofs and blinds that move have their ends in rows; damage has them both ways. Coarse coding changes
// by whole blocks all the time: where the stream spends few bits on what changes, nothing is told.
#pragma once

#include <cstdint>
#include <vector>

#include "features/kernels/changes.h"
#include "features/video_features.h"
#include "media/frame.h"

namespace monolens {

class TornChanges {
 public:
  // Allocates. REQUIRES: it is called before measure() whenever the format changes.
  void reformat(const PictureFormat& format);

  // By how many standard deviations the ends on the grid outnumber what is usual, at most kBothWays times as
  // many as in the direction that shows fewer; 0 where nothing changes, and in some pictures that are not
  // looked at; less where they do not. `luma` is the frame's, with differences from `before`, of the same
  // format.
  double measure(const Frame& frame, const PlaneFeatures& luma, const Frame& before);

 private:
  bool is_coarse(const Frame& frame, const PlaneFeatures& luma);
  bool want_changed_blocks(const PlaneFeatures& luma);
  struct Ends {
    int on_grid = 0;
    int beside = 0;  // on two lines of strips, 4 pixels from those of the grid
  };
  void count_ends(Ends& across, Ends& down) const;
  static double above_usual(const Ends& ends);

  int columns_ = 0;  // of whole blocks
  int rows_ = 0;
  std::vector<std::uint8_t> wanted_;
  std::vector<kernels::BlockChanges> blocks_;
  MediaTime next_;
  MediaTime last_;
  double bits_ = 0;     // of the last seconds
  double changes_ = 0;  // of all samples in them, 8-bit levels
};

}  // namespace monolens

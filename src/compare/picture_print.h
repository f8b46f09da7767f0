// The fingerprint of a picture: the mean luma of 16×9 parts of what lies inside its black borders. It
// survives scaling, coding, gain, and borders put around the picture.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "compare/print_track.h"
#include "media/frame.h"

namespace monolens {

class PicturePrinter {
 public:
  static constexpr int kColumns = 16;
  static constexpr int kRows = 9;

  PicturePrinter() : prints_(kColumns * kRows) {}

  // REQUIRES: frames in presentation order.
  void add(const Frame& frame);
  const PrintTrack& prints() const { return prints_; }

 private:
  PrintTrack prints_;
  std::vector<std::uint32_t> row_sums_;
  std::vector<std::uint32_t> column_sums_;
};

}  // namespace monolens

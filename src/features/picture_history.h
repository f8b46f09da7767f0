// PictureHistory: the pictures of the last second or so, as the mean luma of their cells: enough to tell
// since when a picture has stood there, whatever noise an encoder laid over it meanwhile.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "features/video_features.h"

namespace monolens {

class PictureHistory {
 public:
  // Forgets everything; from now on pictures have this many cells.
  void restart(std::size_t cells);

  // Allocates nothing.
  void push(MediaTime time, const PlaneFeatures& luma);

  // Since when, looking back without a break, the pictures were the last one pushed.
  // REQUIRES: at least one push() since restart().
  MediaTime same_since() const;

 private:
  static constexpr std::size_t kPictures = 32;

  struct Picture {
    MediaTime time;
    std::vector<std::uint16_t> means;  // of cells, sixteenths of an 8-bit level
  };

  static bool alike(const Picture& a, const Picture& b);

  std::array<Picture, kPictures> pictures_;  // a ring
  std::size_t pushed_ = 0;
};

}  // namespace monolens

// BlockMap: how likely each block of a picture shows a defect.
#pragma once

#include <cstdint>
#include <vector>

namespace monolens {

struct BlockMap {
  int block = 16;  // pixels; blocks that the picture's right and bottom edge cut are left out
  int columns = 0;
  int rows = 0;
  std::vector<std::uint8_t> probabilities;  // row-major; 255 = certain
};

}  // namespace monolens

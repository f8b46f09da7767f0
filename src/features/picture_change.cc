#include "features/picture_change.h"

#include <cmath>

namespace monolens {

double picture_change(const PlaneFeatures& luma, std::span<const kernels::Cell> before) {
  const std::size_t cells = luma.cells.size();
  float sum = 0;
  for (std::size_t i = 0; i < cells; ++i) {
    const float change = static_cast<float>(luma.cells[i].sum) - static_cast<float>(before[i].sum);
    sum += change * change;
  }
  const double samples = static_cast<double>(luma.width) * luma.height / static_cast<double>(cells);
  return std::sqrt(sum / static_cast<double>(cells)) / samples * luma.scale;
}

}  // namespace monolens

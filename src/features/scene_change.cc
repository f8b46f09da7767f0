#include "features/scene_change.h"

#include <cstdint>
#include <cstdlib>

namespace monolens {

double scene_change(const PlaneFeatures& luma, std::span<const kernels::Cell> previous) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < previous.size(); ++i) {
    const std::uint32_t now = luma.cells[i].sum;
    const std::uint32_t before = previous[i].sum;
    total += now > before ? now - before : before - now;
  }
  return static_cast<double>(total) * luma.scale / (static_cast<double>(luma.width) * luma.height);
}

}  // namespace monolens

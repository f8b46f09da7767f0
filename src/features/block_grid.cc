#include "features/block_grid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "features/kernels/edges.h"
#include "features/plane_view.h"

namespace monolens {
namespace {

using kernels::kCellSize;

constexpr std::size_t kBlock = kernels::kGridPeriod;
constexpr float kLeastStep = 1.5F;  // 8-bit levels from one block to the next beyond the change inside them
// Above this level a step must grow with the level to be seen (Chou and Li 1995, luminance adaptation).
constexpr float kMiddle = 127;
constexpr float kLargestStep = 24;  // more is an object's edge
constexpr float kContrast = 2.5F;   // of the steps at the lines to those inside: masked by texture otherwise

// Mean steps from pixel to pixel, 8-bit levels, by the pixel's position modulo the block.
using Profile = std::array<float, kBlock>;

struct Direction {
  std::array<int, kBlock> showing{};  // cells that show a grid with its lines there
  Profile excess{};                   // at a line against half a block away, relative to the cell's own steps

  // `least` is the smallest visible step.
  void add(const Profile& p, float least) {
    float total = 1;  // so that what is all but flat counts little
    for (const float step : p) total += step;
    const float weight = 1 / total;
    std::array<float, 2 * kBlock> twice{};  // so that all positions are worked on side by side
    std::copy(p.begin(), p.end(), twice.begin());
    std::copy(p.begin(), p.end(), twice.begin() + kBlock);
    for (std::size_t k = 0; k < kBlock; ++k) {
      const float line = twice[k + 7] + twice[k] + twice[k + 1];
      const float inside = twice[k + 3] + twice[k + 4] + twice[k + 5];
      excess[k] += (twice[k] - twice[k + 4]) * weight;
      showing[k] += static_cast<int>(line - inside >= least) & static_cast<int>(line <= kLargestStep) &
                    static_cast<int>(line >= kContrast * inside);
    }
  }

  // The grid's position, and the share of the cells that show it beyond what chance gives.
  std::size_t position() const {
    return static_cast<std::size_t>(std::max_element(excess.begin(), excess.end()) - excess.begin());
  }
  double share(int cells) const {
    const auto at = [&](std::size_t i) { return showing[(position() + i) % kBlock]; };
    const double by_chance = (at(2) + at(4) + at(6)) / 3.0;
    return std::max(0.0, at(0) - by_chance - std::sqrt(by_chance)) / cells;
  }
};

template <class Pixel>
BlockGrid measure(const Plane& p, const PlaneFeatures& luma) {
  const auto plane = view<Pixel>(p);
  Direction across;
  Direction down;
  int cells = 0;
  const auto mean = static_cast<float>(luma.scale / (2 * kCellSize));
  const auto profile = [&](const std::uint32_t(&sums)[kBlock]) {
    Profile steps;
    for (std::size_t k = 0; k < kBlock; ++k) steps[k] = static_cast<float>(sums[k]) * mean;
    return steps;
  };
  std::vector<kernels::CellSteps> band(static_cast<std::size_t>(luma.columns));
  for (int row = 1; row + 1 < luma.rows; ++row) {
    const int first = 1 + row % 2;
    const int count = std::max(0, luma.columns - first) / 2;
    kernels::measure_steps(plane, row, first, count, band.data());
    for (int i = 0; i < count; ++i) {
      const auto level = static_cast<float>(luma.cell_mean(first + 2 * i, row));
      const float least = kLeastStep * std::max(1.0F, level / kMiddle);
      across.add(profile(band[static_cast<std::size_t>(i)].across), least);
      down.add(profile(band[static_cast<std::size_t>(i)].down), least);
      ++cells;
    }
  }
  if (cells == 0) return {};
  return {.share = std::sqrt(across.share(cells) * down.share(cells)),
          .left = static_cast<int>(across.position()),
          .top = static_cast<int>(down.position())};
}

}  // namespace

BlockGrid measure_block_grid(const Frame& frame, const PlaneFeatures& luma) {
  return frame.format.bit_depth == 8 ? measure<std::uint8_t>(frame.planes[0], luma)
                                     : measure<std::uint16_t>(frame.planes[0], luma);
}

}  // namespace monolens

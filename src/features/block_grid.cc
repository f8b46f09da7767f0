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
constexpr double kLeastStep = 1.5;  // 8-bit levels from one block to the next beyond the change inside them
// Above this level a step must grow with the level to be seen (Chou and Li 1995, luminance adaptation).
constexpr double kMiddle = 127;
constexpr double kLargestStep = 24;  // more is an object's edge
constexpr double kContrast = 2.5;    // of the steps at the lines to those inside: masked by texture otherwise

// Mean steps from pixel to pixel, 8-bit levels, by the pixel's position modulo the block.
using Profile = std::array<double, kBlock>;

struct Direction {
  std::array<int, kBlock> showing{};  // cells that show a grid with its lines there
  Profile excess{};                   // at a line against half a block away, relative to the cell's own steps

  // `least` is the smallest visible step.
  void add(const Profile& p, double least) {
    double total = 1;  // so that what is all but flat counts little
    for (const double step : p) total += step;
    for (std::size_t k = 0; k < kBlock; ++k) {
      const auto at = [&](std::size_t i) { return p[(k + i) % kBlock]; };
      const double line = at(7) + at(0) + at(1);
      const double inside = at(3) + at(4) + at(5);
      excess[k] += (at(0) - at(4)) / total;
      if (line - inside >= least && line <= kLargestStep && line >= kContrast * inside) ++showing[k];
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
  const double mean = luma.scale / (2 * kCellSize);
  const auto profile = [&](const std::uint32_t(&sums)[kBlock]) {
    Profile steps;
    for (std::size_t k = 0; k < kBlock; ++k) steps[k] = sums[k] * mean;
    return steps;
  };
  std::vector<kernels::CellSteps> band(static_cast<std::size_t>(luma.columns));
  for (int row = 1; row + 1 < luma.rows; ++row) {
    const int first = 1 + row % 2;
    const int count = std::max(0, luma.columns - first) / 2;
    kernels::measure_steps(plane, row, first, count, band.data());
    for (int i = 0; i < count; ++i) {
      const double level = luma.cell_mean(first + 2 * i, row);
      const double least = kLeastStep * std::max(1.0, level / kMiddle);
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

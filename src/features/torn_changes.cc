#include "features/torn_changes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "features/plane_view.h"

namespace monolens {
namespace {

using kernels::BlockChanges;
using kernels::kStripPixels;
using kernels::kStrips;

constexpr double kUsual = 1.5;
constexpr int kMuch = 10;   // levels, of a strip that changes
constexpr int kMore = 3;    // times as much as the strip beside: there a change ends
constexpr double kFew = 4;  // so many ends prove nothing
constexpr double kBothWays = 3;

// Bits for a level of change of a sample. Clean clips are torn by coding that takes less: x264's CRF of 36
// and MPEG-2's quantiser of 20 and more; at x264's CRF of 20 they take 0.010 to 0.09.
constexpr double kLeastBits = 0.012;
constexpr double kSeconds = 2;
constexpr int kLeastBlocks = 5;

// Every second picture at 25 and 30 a second; every one after one that was somewhat torn.
constexpr auto kInterval = MediaDuration::milliseconds(50);
constexpr double kSuspect = 1.5;

bool is_end(int a, int b) {
  const auto [less, more] = std::minmax(a, b);
  return more >= kMuch * kStripPixels && more >= kMore * less;
}

}  // namespace

void TornChanges::reformat(const PictureFormat& format) {
  columns_ = kernels::whole_blocks(format.width);
  rows_ = kernels::whole_blocks(format.height);
  const std::size_t blocks = static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_);
  wanted_.resize(blocks);
  bits_ = changes_ = 0;
  next_ = {};
  blocks_.resize(blocks);
}

double TornChanges::measure(const Frame& frame, const PlaneFeatures& luma, const Frame& before) {
  if (columns_ < kLeastBlocks || rows_ < kLeastBlocks || is_coarse(frame, luma)) return 0;
  if (frame.time < next_ || !want_changed_blocks(luma)) return 0;
  next_ = frame.time + kInterval;
  const int shift = frame.format.bit_depth - 8;
  if (shift == 0) {
    kernels::measure_changes(view<std::uint8_t>(frame.planes[0]), view<std::uint8_t>(before.planes[0]), shift,
                             wanted_.data(), blocks_.data());
  } else {
    kernels::measure_changes(view<std::uint16_t>(frame.planes[0]), view<std::uint16_t>(before.planes[0]),
                             shift, wanted_.data(), blocks_.data());
  }
  Ends across;
  Ends down;
  count_ends(across, down);
  const Ends all{across.on_grid + down.on_grid, across.beside + down.beside};
  const double torn =
      std::min(above_usual(all), kBothWays * std::min(above_usual(across), above_usual(down)));
  if (torn >= kSuspect) next_ = frame.time;
  return torn;
}

double TornChanges::above_usual(const Ends& ends) {
  const double usual = kUsual * ends.beside / 2;
  // The variances of a count and of kUsual times the mean of two.
  return (ends.on_grid - usual) / std::sqrt(ends.on_grid + kUsual * usual / 2 + kFew);
}

bool TornChanges::is_coarse(const Frame& frame, const PlaneFeatures& luma) {
  const double kept = std::exp(-std::max(0.0, (frame.time - last_).seconds()) / kSeconds);
  last_ = frame.time;
  std::uint64_t sad = 0;
  for (const kernels::Cell& c : luma.cells) sad += c.sad;
  bits_ = bits_ * kept + 8.0 * frame.coded_bytes;
  changes_ = changes_ * kept + static_cast<double>(sad) * luma.scale;
  return bits_ < kLeastBits * changes_;
}

// Those that have a strip that changes much, and their neighbours. False if there are none.
bool TornChanges::want_changed_blocks(const PlaneFeatures& luma) {
  std::fill(wanted_.begin(), wanted_.end(), std::uint8_t{0});
  // The strips know every second row, the cells know all.
  const double least = kMuch * kStripPixels / luma.scale;
  bool any = false;
  for (int row = 0; row < rows_; ++row) {
    for (int column = 0; column < columns_; ++column) {
      if (luma.cell(column, row).sad < least) continue;
      any = true;
      const auto i = static_cast<std::size_t>(row * columns_ + column);
      wanted_[i] = 1;
      if (column > 0) wanted_[i - 1] = 1;
      if (column + 1 < columns_) wanted_[i + 1] = 1;
      if (row > 0) wanted_[i - static_cast<std::size_t>(columns_)] = 1;
      if (row + 1 < rows_) wanted_[i + static_cast<std::size_t>(columns_)] = 1;
    }
  }
  return any;
}

void TornChanges::count_ends(Ends& across, Ends& down) const {
  for (int row = 0; row < rows_; ++row) {
    for (int column = 0; column < columns_; ++column) {
      const auto i = static_cast<std::size_t>(row * columns_ + column);
      if (wanted_[i] == 0) continue;
      const BlockChanges& b = blocks_[i];
      if (column > 0) across.on_grid += is_end(blocks_[i - 1].across[kStrips - 1], b.across[0]);
      across.beside += is_end(b.across[0], b.across[1]) + is_end(b.across[2], b.across[3]);
      if (row > 0) {
        down.on_grid += is_end(blocks_[i - static_cast<std::size_t>(columns_)].down[kStrips - 1], b.down[0]);
      }
      down.beside += is_end(b.down[0], b.down[1]) + is_end(b.down[2], b.down[3]);
    }
  }
}

}  // namespace monolens

#include "features/corruption_map.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace monolens {
namespace {

constexpr auto kInterval = MediaDuration::milliseconds(240);

// What makes a picture suspect, and for how long it makes those behind it.
constexpr double kTorn = 2.5;
constexpr auto kSuspected = MediaDuration::milliseconds(500);

// Fewer blocks to a side than the network sees around one tell nothing.
constexpr int kLeastBlocks = 5;

// The share of blocks that are almost surely corrupt from which every picture is looked at.
constexpr double kAlert = 0.005;
constexpr double kAlertProbability = 0.9;

constexpr auto kTable = std::to_array<float>({
#include "features/corruption_weights.inc"
});
constexpr auto kWeights = std::bit_cast<kernels::BlockNetWeights>(kTable);

std::uint8_t probability(float odds) {
  return static_cast<std::uint8_t>(std::lround(255 / (1 + std::exp(-odds))));
}

}  // namespace

void CorruptionMapper::reformat(const PictureFormat& format) {
  description_.reformat(format);
  const auto blocks =
      static_cast<std::size_t>(description_.columns()) * static_cast<std::size_t>(description_.rows());
  scratch_.assign(kernels::net_scratch(description_.columns(), description_.rows()), 0);
  odds_.resize(blocks);
  probabilities_.resize(blocks);
  next_ = {};
  suspected_until_ = {};
  alert_ = false;
}

void CorruptionMapper::suspect(MediaTime time, double torn) {
  if (torn >= kTorn) suspected_until_ = time + kSuspected;
}

bool CorruptionMapper::is_due(const Frame& frame, bool still) const {
  if (alert_ || frame.suspect || frame.time < suspected_until_) return true;
  return frame.time >= next_ && !still;
}

std::optional<CorruptionMap> CorruptionMapper::measure(const Frame& frame, const PlaneFeatures& luma,
                                                       const Frame& before,
                                                       std::span<const kernels::Cell> luma_before) {
  next_ = frame.time + kInterval;
  const int columns = description_.columns();
  const int rows = description_.rows();
  if (columns < kLeastBlocks || rows < kLeastBlocks) return std::nullopt;
  const std::vector<float>& inputs = description_.describe(frame, luma, before, luma_before);
  kernels::run_block_net(kWeights, inputs.data(), columns, rows, frame.suspect, scratch_.data(),
                         odds_.data());
  std::transform(odds_.begin(), odds_.end(), probabilities_.begin(), probability);
  const CorruptionMap map{.columns = columns, .rows = rows, .probabilities = probabilities_};
  alert_ = frame.suspect || map.share(kAlertProbability) >= kAlert;
  return map;
}

}  // namespace monolens

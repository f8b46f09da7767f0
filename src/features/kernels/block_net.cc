#include "features/kernels/block_net.h"

#include <algorithm>
#include <array>

// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "features/kernels/block_net.cc"
#include "hwy/foreach_target.h"  // before highway.h: compiles this file once for each target
#include "hwy/highway.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace monolens::kernels::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

void net(const BlockNetWeights& w, const float* inputs, int columns, int rows, bool flag, float*,
         float* odds) {
  kernels::reference::run_block_net(w, inputs, columns, rows, flag, odds);
}

#else

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, kNetChannels>;
using V = hn::Vec<D>;
constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));
constexpr int kVectors = kNetChannels / kLanes;
constexpr int kSide = 2 * kNetReach + 1;

// A block's channels.
struct Channels {
  V v[kVectors];
};

HWY_INLINE Channels load(const float* from) {
  Channels c;
  for (int i = 0; i < kVectors; ++i) c.v[i] = hn::LoadU(D(), from + i * kLanes);
  return c;
}

HWY_INLINE void store(const Channels& c, float* to) {
  for (int i = 0; i < kVectors; ++i) hn::StoreU(c.v[i], D(), to + i * kLanes);
}

HWY_INLINE void store_rectified(const Channels& c, float* to) {
  for (int i = 0; i < kVectors; ++i) hn::StoreU(hn::Max(c.v[i], hn::Zero(D())), D(), to + i * kLanes);
}

HWY_INLINE void add(Channels& sum, float factor, const float* weights) {
  const auto f = hn::Set(D(), factor);
  for (int i = 0; i < kVectors; ++i) sum.v[i] = hn::MulAdd(f, hn::LoadU(D(), weights + i * kLanes), sum.v[i]);
}

// `from` is the block's own place in a map of `pitch` floats a row.
HWY_INLINE Channels convolved(const BlockNetWeights::Around& w, const float* from, std::ptrdiff_t pitch) {
  Channels c = load(w.taps_bias);
  for (int y = 0; y < kSide; ++y) {
    const float* row = from + (y - kNetReach) * pitch - kNetReach * kNetChannels;
    for (int x = 0; x < kSide; ++x) {
      for (int i = 0; i < kVectors; ++i) {
        c.v[i] = hn::MulAdd(hn::LoadU(D(), row + x * kNetChannels + i * kLanes),
                            hn::LoadU(D(), w.taps[y * kSide + x] + i * kLanes), c.v[i]);
      }
    }
  }
  HWY_ALIGN float channels[kNetChannels];
  store(c, channels);
  Channels mixed = load(w.mix_bias);
  for (int k = 0; k < kNetChannels; ++k) add(mixed, channels[k], w.mix[k]);
  return mixed;
}

// What is the same for every block: the biases, the means over the picture, and the flag.
HWY_INLINE Channels shared(const BlockNetWeights& w, const float* inputs, int blocks, bool flag) {
  std::array<float, kBlockInputs> means{};
  constexpr int kRun = 256;  // blocks added before rounding would tell
  std::array<double, kBlockInputs> sums{};
  for (int first = 0; first < blocks; first += kRun) {
    means.fill(0);
    for (int i = first; i < std::min(first + kRun, blocks); ++i) {
      for (int k = 0; k < kBlockInputs; ++k)
        means[static_cast<std::size_t>(k)] += inputs[i * kBlockInputs + k];
    }
    for (std::size_t k = 0; k < means.size(); ++k) sums[k] += static_cast<double>(means[k]);
  }
  Channels c = load(w.first_bias);
  for (std::size_t k = 0; k < sums.size(); ++k)
    add(c, static_cast<float>(sums[k] / blocks), w.first[kBlockInputs + k]);
  if (flag) add(c, 1, w.first[2 * kBlockInputs]);
  return c;
}

void net(const BlockNetWeights& w, const float* inputs, int columns, int rows, bool flag, float* scratch,
         float* odds) {
  const std::ptrdiff_t pitch = (columns + 2 * kNetReach) * kNetChannels;
  float* first = scratch + kNetReach * (pitch + kNetChannels);
  float* second = first + static_cast<std::ptrdiff_t>(net_scratch(columns, rows) / 2);
  const Channels start = shared(w, inputs, columns * rows, flag);
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column, inputs += kBlockInputs) {
      Channels c = start;
      for (int k = 0; k < kBlockInputs; ++k) add(c, inputs[k], w.first[k]);
      store_rectified(c, first + row * pitch + column * kNetChannels);
    }
  }
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const std::ptrdiff_t at = row * pitch + column * kNetChannels;
      store_rectified(convolved(w.around[0], first + at, pitch), second + at);
    }
  }
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const Channels c = convolved(w.around[1], second + row * pitch + column * kNetChannels, pitch);
      auto sum = hn::Zero(D());
      for (int i = 0; i < kVectors; ++i) {
        sum = hn::MulAdd(hn::Max(c.v[i], hn::Zero(D())), hn::LoadU(D(), w.last + i * kLanes), sum);
      }
      *odds++ = w.last_bias + hn::GetLane(hn::SumOfLanes(D(), sum));
    }
  }
}

#endif

}  // namespace monolens::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace monolens::kernels {

HWY_EXPORT(net);

void run_block_net(const BlockNetWeights& weights, const float* inputs, int columns, int rows, bool flag,
                   float* scratch, float* odds) {
  HWY_DYNAMIC_DISPATCH(net)(weights, inputs, columns, rows, flag, scratch, odds);
}

}  // namespace monolens::kernels
#endif

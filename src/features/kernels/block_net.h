// BlockNet: a small convolutional network over a picture's map of blocks.
//
// Of each block it is told kBlockInputs numbers and gives one, the logarithm of the odds that the block is
// corrupt. Layers: linear in the block's inputs, their means over the picture, and a flag; then twice a 5×5
// convolution of each channel and a linear mix of the channels; then linear. Each but the last, and not
// between a convolution and its mix, ends in max(0, x). Beyond the picture everything is 0.
//
// The scalar reference in block_net_reference.cc is the definition; SIMD targets differ from it by rounding
// only. Thread-safe: no state.
#pragma once

#include <cstddef>

namespace monolens::kernels {

inline constexpr int kBlockInputs = 24;
inline constexpr int kNetChannels = 16;
inline constexpr int kNetReach = 2;  // blocks to each side that a convolution sees

struct BlockNetWeights {
  struct Around {
    float taps[(2 * kNetReach + 1) * (2 * kNetReach + 1)][kNetChannels];
    float taps_bias[kNetChannels];
    float mix[kNetChannels][kNetChannels];  // by input, output
    float mix_bias[kNetChannels];
  };
  float first[2 * kBlockInputs + 1][kNetChannels];  // inputs, means, flag; by output
  float first_bias[kNetChannels];
  Around around[2];
  float last[kNetChannels];
  float last_bias;
};

// Floats that run_block_net() works in.
constexpr std::size_t net_scratch(int columns, int rows) {
  return 2 * static_cast<std::size_t>(columns + 2 * kNetReach) *
         static_cast<std::size_t>(rows + 2 * kNetReach) * kNetChannels;
}

// `inputs` holds kBlockInputs floats for each of columns × rows blocks, row-major; `odds` takes one each.
// REQUIRES: `scratch` was zeroed, and used since for maps of this size alone.
void run_block_net(const BlockNetWeights& weights, const float* inputs, int columns, int rows, bool flag,
                   float* scratch, float* odds);

namespace reference {
void run_block_net(const BlockNetWeights& weights, const float* inputs, int columns, int rows, bool flag,
                   float* odds);
}  // namespace reference

}  // namespace monolens::kernels

#include <algorithm>
#include <array>
#include <vector>

#include "features/kernels/block_net.h"

namespace monolens::kernels::reference {
namespace {

using Channels = std::array<float, kNetChannels>;

Channels rectified(Channels c) {
  for (float& v : c) v = std::max(0.0F, v);
  return c;
}

void add(Channels& sum, float factor, const float* weights) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += factor * weights[i];
}

Channels from(const float* bias) {
  Channels c;
  std::copy_n(bias, c.size(), c.begin());
  return c;
}

class Map {
 public:
  Map(int columns, int rows)
      : columns_(columns),
        rows_(rows),
        blocks_(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows)) {}

  Channels& at(int column, int row) { return blocks_[static_cast<std::size_t>(row * columns_ + column)]; }

  Channels convolved(const BlockNetWeights::Around& w, int column, int row) {
    Channels c = from(w.taps_bias);
    int tap = 0;
    for (int y = row - kNetReach; y <= row + kNetReach; ++y) {
      for (int x = column - kNetReach; x <= column + kNetReach; ++x, ++tap) {
        if (x < 0 || y < 0 || x >= columns_ || y >= rows_) continue;
        for (std::size_t i = 0; i < c.size(); ++i) c[i] += at(x, y)[i] * w.taps[tap][i];
      }
    }
    Channels mixed = from(w.mix_bias);
    for (std::size_t i = 0; i < c.size(); ++i) add(mixed, c[i], w.mix[i]);
    return rectified(mixed);
  }

 private:
  int columns_;
  int rows_;
  std::vector<Channels> blocks_;
};

}  // namespace

void run_block_net(const BlockNetWeights& w, const float* inputs, int columns, int rows, bool flag,
                   float* odds) {
  const int blocks = columns * rows;
  Channels shared = from(w.first_bias);
  for (int k = 0; k < kBlockInputs; ++k) {
    double sum = 0;
    for (int i = 0; i < blocks; ++i) sum += inputs[i * kBlockInputs + k];
    add(shared, static_cast<float>(sum / blocks), w.first[kBlockInputs + k]);
  }
  if (flag) add(shared, 1, w.first[2 * kBlockInputs]);

  Map first(columns, rows);
  Map second(columns, rows);
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      Channels c = shared;
      const float* block = inputs + (row * columns + column) * kBlockInputs;
      for (int k = 0; k < kBlockInputs; ++k) add(c, block[k], w.first[k]);
      first.at(column, row) = rectified(c);
    }
  }
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      second.at(column, row) = first.convolved(w.around[0], column, row);
    }
  }
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const Channels c = second.convolved(w.around[1], column, row);
      float sum = w.last_bias;
      for (std::size_t i = 0; i < c.size(); ++i) sum += c[i] * w.last[i];
      *odds++ = sum;
    }
  }
}

}  // namespace monolens::kernels::reference

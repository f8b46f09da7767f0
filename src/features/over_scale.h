// OverScale: counts the samples of one channel that stand at or beyond full scale in runs, where its peaks go
// beyond: a player cuts them off, whatever a lossy encoder made of their tops.
#pragma once

#include <cstdint>

namespace monolens {

class OverScale {
 public:
  explicit OverScale(int run) : least_run_(run) {}

  // Of the next samples, whose largest absolute value is `peak`: those in runs of at least `run`, told with
  // the samples that end there.
  std::uint32_t add(const float* x, int samples, float peak);

 private:
  int least_run_;
  int run_ = 0;
};

}  // namespace monolens

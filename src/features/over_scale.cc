#include "features/over_scale.h"

#include <cmath>

namespace monolens {
namespace {

constexpr float kFullScale = 0.9886F;  // −0.1 dBFS
constexpr float kBeyond = 1.01F;       // that a peak must reach: a tone at full scale loses nothing

}  // namespace

std::uint32_t OverScale::add(const float* x, int samples, float peak) {
  if (peak < kBeyond) {
    if (samples > 0) run_ = 0;
    return 0;
  }
  std::uint32_t count = 0;
  for (int i = 0; i < samples; ++i) {
    run_ = std::fabs(x[i]) >= kFullScale ? run_ + 1 : 0;
    if (run_ == least_run_) count += static_cast<std::uint32_t>(run_);
    if (run_ > least_run_) ++count;
  }
  return count;
}

}  // namespace monolens

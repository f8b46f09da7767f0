#include "features/flat_tops.h"

#include <algorithm>
#include <cmath>

namespace monolens {
namespace {

constexpr float kNearTop = 0.97F;  // of the highest level: where a top may be
constexpr float kFlat = 5e-4F;     // a run varies by at most this share of its level: 16-bit dither
constexpr float kCorner = 24;      // a parabola's next sample falls by at most four times its run's range
constexpr float kStep16 = 1 / 32768.F;  // of 16-bit samples
constexpr float kDecay = 0.9995F;       // of the highest level, a millisecond or so

float finite(float x) { return std::isfinite(x) ? x : 0.0F; }

}  // namespace

FlatTops::Count FlatTops::add(const float* x, int samples, float peak) {
  highest_ = std::max(peak, highest_ * std::pow(kDecay, static_cast<float>(samples) / 48));
  Count count;
  if (peak < std::max(floor_, highest_ * kNearTop)) {
    if (samples == 0) return count;
    if (run_ > 0) end_run(finite(x[0]), count);
    last_ = finite(x[samples - 1]);
    return count;
  }
  least_step_ *= 1.01F;
  for (int i = 0; i < samples; ++i) follow(finite(x[i]), count);
  return count;
}

void FlatTops::follow(float sample, Count& count) {
  const float top = highest_ * kNearTop;
  const float step = std::fabs(sample - last_);
  if (step > 0 && std::fabs(sample) > top / 2 && std::fabs(last_) > top / 2) {
    least_step_ = least_step_ > 0 ? std::min(least_step_, step) : step;
  }
  if (run_ > 0) {
    const float low = std::min(low_, sample);
    const float high = std::max(high_, sample);
    if (high - low <= kFlat * std::fabs(last_)) {
      low_ = low;
      high_ = high;
      ++run_;
      last_ = sample;
      return;
    }
    end_run(sample, count);
  }
  if (std::fabs(sample) >= top) {
    run_ = 1;
    before_ = last_;
    low_ = high_ = sample;
  }
  last_ = sample;
}

void FlatTops::end_run(float sample, Count& count) {
  const float sign = last_ > 0 ? 1.0F : -1.0F;
  const float level = sign > 0 ? low_ : -high_;
  const float corner = kCorner * std::max({high_ - low_, std::min(least_step_, level / 64), kStep16});
  if (run_ >= least_run_ && level - sign * before_ >= corner && level - sign * sample >= corner) {
    count.samples += static_cast<std::uint32_t>(run_);
    count.level = std::max(count.level, level);
  }
  run_ = 0;
}

}  // namespace monolens

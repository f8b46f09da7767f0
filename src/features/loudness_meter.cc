#include "features/loudness_meter.h"

#include <ebur128.h>

#include <cmath>
#include <limits>

namespace monolens {

// Owns the handle of the C library.
struct LoudnessMeter::State {
  State(int channel_count, int sample_rate, bool endless)
      : channels(channel_count),
        handle(ebur128_init(static_cast<unsigned>(channel_count), static_cast<unsigned long>(sample_rate),
                            EBUR128_MODE_I | EBUR128_MODE_LRA | (endless ? EBUR128_MODE_HISTOGRAM : 0))) {}
  ~State() {
    if (handle != nullptr) ebur128_destroy(&handle);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  int channels;
  ebur128_state* handle;
};

namespace {

double known(int rc, double value) {
  return rc == EBUR128_SUCCESS && std::isfinite(value) ? value : std::numeric_limits<double>::quiet_NaN();
}

double ask(ebur128_state* state, int (*question)(ebur128_state*, double*)) {
  double value = 0;
  if (state == nullptr) return std::numeric_limits<double>::quiet_NaN();
  const int rc = question(state, &value);
  return known(rc, value);
}

}  // namespace

LoudnessMeter::LoudnessMeter(int channels, int sample_rate, bool endless)
    : state_(std::make_unique<State>(channels, sample_rate, endless)) {}
LoudnessMeter::~LoudnessMeter() = default;

void LoudnessMeter::change_format(int channels, int sample_rate) {
  if (state_->handle == nullptr) return;
  ebur128_change_parameters(state_->handle, static_cast<unsigned>(channels),
                            static_cast<unsigned long>(sample_rate));
  state_->channels = channels;
}

void LoudnessMeter::add(const float* const* channel, int offset, int samples) {
  if (state_->handle == nullptr) return;
  const auto channels = static_cast<std::size_t>(state_->channels);
  interleaved_.resize(static_cast<std::size_t>(samples) * channels);
  for (std::size_t c = 0; c < channels; ++c) {
    const float* from = channel[c] + offset;
    for (std::size_t i = 0; i < static_cast<std::size_t>(samples); ++i) {
      const float x = from[i];
      interleaved_[i * channels + c] = std::isfinite(x) ? x : 0.0F;
    }
  }
  ebur128_add_frames_float(state_->handle, interleaved_.data(), static_cast<std::size_t>(samples));
}

double LoudnessMeter::momentary() const { return ask(state_->handle, ebur128_loudness_momentary); }
double LoudnessMeter::short_term() const { return ask(state_->handle, ebur128_loudness_shortterm); }
double LoudnessMeter::integrated() const { return ask(state_->handle, ebur128_loudness_global); }
double LoudnessMeter::range() const { return ask(state_->handle, ebur128_loudness_range); }

}  // namespace monolens

// AudioFeatures: what was measured of one hop (10 ms) of an audio track.
#pragma once

#include <cstdint>
#include <span>

#include "base/time.h"

namespace monolens {

class LoudnessMeter;

struct ChannelFeatures {
  float peak = 0;             // largest absolute sample, linear full scale
  double sum = 0;             // of the samples: DC = sum / samples
  double sum_squares = 0;     // RMS² = sum_squares / samples
  std::uint32_t clipped = 0;  // samples that belong to clipped runs
};

struct AudioFeatures {
  MediaTime time;
  MediaDuration duration;
  int sample_rate = 0;  // Hz
  int samples = 0;      // a channel
  std::span<const ChannelFeatures> channels;
  double cross = 0;     // sum of products of the first two channels' samples
  float true_peak = 0;  // of all channels, linear full scale

  // The programme's loudness so far; null unless asked for. Stays valid until the detectors have finished.
  const LoudnessMeter* loudness = nullptr;

  float peak() const {
    float p = 0;
    for (const auto& c : channels) p = c.peak > p ? c.peak : p;
    return p;
  }
};

}  // namespace monolens

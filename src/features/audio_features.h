// AudioFeatures: what was measured of one hop (10 ms) of an audio track.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/time.h"
#include "features/amplitude_density.h"
#include "features/band_powers.h"
#include "features/impulses.h"
#include "features/mains_lines.h"

namespace monolens {

class LoudnessMeter;

// A hop has so many parts, of a millisecond each.
inline constexpr std::size_t kHopParts = 10;

struct ChannelFeatures {
  float peak = 0;                // largest absolute sample, linear full scale
  double sum = 0;                // of the samples: DC = sum / samples
  double sum_squares = 0;        // RMS² = sum_squares / samples
  BandPowers bands{};            // where the hop has_bands
  MainsLines mains{};            // where the hop has_mains
  std::uint32_t clipped = 0;     // samples in flat tops
  float clipped_level = 0;       // of the highest flat top, linear full scale
  std::uint32_t over_scale = 0;  // samples in runs at or beyond full scale
  AmplitudeDensity::Pile pile;
  std::array<float, kHopParts> part_energy{};  // sum of squares of each part; 0 beyond the end of a short hop
};

struct AudioFeatures {
  MediaTime time;
  MediaDuration duration;
  int sample_rate = 0;  // Hz
  int samples = 0;      // a channel
  std::span<const ChannelFeatures> channels;
  double cross = 0;                // sum of products of the first two channels' samples
  double speech = 0;               // sum of squares from 600 to 2500 Hz, of the mean of all channels
  float true_peak = 0;             // of all channels, linear full scale
  bool has_bands = false;          // every second hop, of the window that ends with it
  bool has_mains = false;          // every fifth hop, of the window that ends with it
  std::optional<Impulse> impulse;  // the strongest that came to be known, of all channels; up to 30 ms ago

  // The programme's loudness so far; null unless asked for. Stays valid until the detectors have finished.
  const LoudnessMeter* loudness = nullptr;

  float peak() const {
    float p = 0;
    for (const auto& c : channels) p = c.peak > p ? c.peak : p;
    return p;
  }
};

}  // namespace monolens

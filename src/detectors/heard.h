// For tests: synthetic sound as a detector hears it, measured by the real AudioExtractor.
//
//     Heard heard("hum");
//     heard.play(0_s, 5_s, {noise(-60)});
//     heard.play(5_s, 9_s, {mix({noise(-60), sine(50, -30), sine(100, -30), sine(150, -30)})});
//     EXPECT_THAT(heard.finish(), ElementsAre(FoundNear("audio.hum", 5_s, 9_s, 0.1_for_s)));
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numbers>
#include <optional>
#include <random>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "detectors/decibel.h"
#include "detectors/detector_runner.h"
#include "features/audio_extractor.h"

namespace monolens {

// One channel's samples, linear full scale, by the seconds since the start of the input. Asked for each
// sample once, in order.
using Wave = std::function<double(double t)>;

// Levels are RMS.
inline Wave sine(double hz, double dbfs) {
  const double amplitude = from_decibel(dbfs) * std::numbers::sqrt2;
  return [=](double t) { return amplitude * std::sin(2 * std::numbers::pi * hz * t); };
}

inline Wave noise(double dbfs, unsigned seed = 1) {
  const double most = from_decibel(dbfs) * std::numbers::sqrt3;
  std::minstd_rand random(seed);
  random.discard(9);
  return [=](double) mutable {
    constexpr double kHalf = static_cast<double>(std::minstd_rand::max()) / 2;
    return most * (static_cast<double>(random()) / kHalf - 1);
  };
}

inline Wave silence() {
  return [](double) { return 0.0; };
}

inline Wave mix(std::vector<Wave> waves) {
  return [waves = std::move(waves)](double t) {
    double sum = 0;
    for (const Wave& w : waves) sum += w(t);
    return sum;
  };
}

// The wave times envelope(t).
inline Wave shaped(Wave wave, std::function<double(double t)> envelope) {
  return [wave = std::move(wave), envelope = std::move(envelope)](double t) { return wave(t) * envelope(t); };
}

class Heard {
 public:
  explicit Heard(std::string_view detector, DetectorRunner::Settings settings = {}, int sample_rate = 48000)
      : run_(detector, settings), extractor_(run_.features()), rate_(sample_rate) {}

  // Each channel's wave from `from` to `to`. What does not follow on the sound before stands after a gap.
  void play(MediaTime from, MediaTime to, const std::vector<Wave>& waves) {
    constexpr std::size_t kBlock = 1024;
    const auto samples = static_cast<std::size_t>(std::lround((to - from).seconds() * rate_));
    std::vector<std::vector<float>> block(waves.size(), std::vector<float>(kBlock));
    std::vector<const float*> channels;
    for (const auto& channel : block) channels.push_back(channel.data());
    for (std::size_t done = 0; done < samples; done += kBlock) {
      const std::size_t size = std::min(kBlock, samples - done);
      const MediaTime time = from + MediaDuration::seconds(static_cast<double>(done) / rate_);
      for (std::size_t c = 0; c < waves.size(); ++c) {
        for (std::size_t i = 0; i < size; ++i) {
          block[c][i] = static_cast<float>(waves[c](time.seconds() + static_cast<double>(i) / rate_));
        }
      }
      hear(extractor_.measure({.time = time,
                               .duration = MediaDuration::seconds(static_cast<double>(size) / rate_),
                               .sample_rate = rate_,
                               .channels = static_cast<int>(waves.size()),
                               .samples = static_cast<int>(size),
                               .channel = channels.data(),
                               .buffer = nullptr}));
    }
  }

  const std::vector<Stretch>& finish(std::optional<MediaTime> end = std::nullopt) {
    hear(extractor_.finish());
    return run_.finish(end);
  }

  const std::vector<Stretch>& findings() const { return run_.findings(); }

 private:
  void hear(std::span<const AudioFeatures> hops) {
    for (const AudioFeatures& hop : hops) run_.hop(hop);
  }

  DetectorRunner run_;
  AudioExtractor extractor_;
  int rate_;
};

}  // namespace monolens

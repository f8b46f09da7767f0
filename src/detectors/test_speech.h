// For tests: speech that is seen and heard.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <numbers>
#include <random>
#include <vector>

#include "features/mouth_tracker.h"

namespace monolens {

// Two minutes of syllables of varying length and strength.
class TestSpeech {
 public:
  static constexpr double kLead = 0.06;  // s by which lips open before they sound

  explicit TestSpeech(unsigned seed) {
    std::minstd_rand random(seed);
    random.discard(20);
    const auto from = [&](double least, double most) {
      return least + (most - least) * static_cast<double>(random() % 1000) / 999;
    };
    while (open_.size() < 12'000) {
      const auto length = static_cast<std::size_t>(from(12, 35));
      const double strength = random() % 5 == 0 ? 0 : from(0.2, 1);
      for (std::size_t i = 0; i < length; ++i) {
        const double phase = static_cast<double>(i) / static_cast<double>(length);
        open_.push_back(strength * (0.5 - 0.5 * std::cos(2 * std::numbers::pi * phase)));
      }
    }
  }

  // How far the mouth is open at a time in seconds, 0 to 1.
  double open(double t) const {
    const auto at = static_cast<std::ptrdiff_t>(std::floor(t * 100 + 0.5));
    return open_[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at, 0, std::ssize(open_) - 1))];
  }

  // The mean square of its sound.
  double level(double t) const {
    const double was_open = open(t - kLead);
    return was_open * was_open * 0.02;
  }

 private:
  std::vector<double> open_;
};

inline Mouth mouth_of(double open, int face = 1) {
  return {.face = face, .edges = 0.05 + 0.1 * open, .dark = 0.03 + 0.1 * open, .spread = 0.1 + 0.2 * open};
}

}  // namespace monolens

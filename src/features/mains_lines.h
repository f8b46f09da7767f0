// MainsLines: the amplitude and phase of one channel at 50 and 60 Hz and their harmonics, every 50 ms; and
// MainsMeter, which measures them for all channels of a track.
//
// Phases are those against a clock that begins with the meter, so that a hum, whose frequency stands still,
// has lines that stand still; a note of another pitch turns. Sound is decimated to about 2 kHz first.
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace monolens {

inline constexpr std::array<double, 2> kMains = {50, 60};  // Hz
inline constexpr std::size_t kHarmonics = 8;               // the fundamental included

struct MainsLines {
  struct Line {
    std::complex<float> value;  // |value| is the amplitude of a sine there, linear full scale
    float beside = 0;           // mean squared amplitude beside the line, at ±0.3 of the mains' frequency
  };
  std::array<std::array<Line, kHarmonics>, kMains.size()> lines{};  // of each mains
};

class MainsMeter {
 public:
  // Of what is measured, in seconds: the window is 100 ms of Hann's shape, its end the last sample added.
  static constexpr double kWindow = 0.1;

  // `most_samples`: of one call of add().
  MainsMeter(std::size_t channels, int sample_rate, std::size_t most_samples);

  // The samples that follow in a channel. What is not finite counts as 0.
  // REQUIRES: samples.size() ≤ most_samples.
  void add(std::size_t channel, std::span<const float> samples);

  // Of the window that ends with the last sample added; what was never added counts as 0.
  MainsLines measure(std::size_t channel) const;

  // Nothing before counts any more.
  void clear();

 private:
  struct Channel {
    std::vector<float> input;  // samples that the decimation's filter still needs
    std::size_t filled = 0;
    std::vector<float> low;   // decimated: a window's samples twice over, so that the last are in a row
    std::size_t next = 0;     // where the next decimated sample goes
    std::size_t counted = 0;  // decimated samples so far
  };

  float amplitude_squared(std::size_t wave, const float* low) const;

  std::size_t factor_;  // of decimation
  double low_rate_;     // Hz
  std::size_t window_;  // decimated samples
  std::vector<float> filter_;
  std::vector<float> waves_;  // rows of a window: cosine and sine of each line and of its two neighbours
  std::vector<Channel> channels_;
};

}  // namespace monolens

// BandPowers: how strong the sound of one channel is in each half octave from 1 kHz up; and BandMeter, which
// measures it of a window of about 20 ms, for all channels of a track.
//
// A noise floor shows there as powers that stay the same from window to window, up to the highest band.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace monolens {

// The bands begin at 1000 Hz · 2^(i/2); the last ends at 20 kHz.
inline constexpr std::size_t kBandCount = 9;
double band_edge_hz(std::size_t i);  // lower edge of band i; the upper one of the last for kBandCount

// How many bands lie below half the sample rate, with room for its filter.
std::size_t band_count(int sample_rate);

using BandPowers = std::array<float, kBandCount>;  // mean squares, linear full scale; 0 above band_count()

class BandMeter {
 public:
  BandMeter(std::size_t channels, int sample_rate);
  ~BandMeter();
  BandMeter(const BandMeter&) = delete;
  BandMeter& operator=(const BandMeter&) = delete;

  // The samples that follow in a channel. What is not finite counts as 0.
  void add(std::size_t channel, std::span<const float> samples);

  // Of the window that ends with the last sample added; what was never added counts as 0.
  BandPowers measure(std::size_t channel);

  // Nothing before counts any more.
  void clear();

 private:
  struct Transform;

  std::unique_ptr<Transform> transform_;
  std::vector<float> window_;  // Hann, scaled so that the powers of all bins add up to the mean square
  std::vector<std::vector<float>> recent_;           // of each channel, a ring of a window's samples
  std::vector<std::size_t> next_;                    // where each ring goes on
  std::array<std::size_t, kBandCount + 1> edges_{};  // bins; equal edges where there is no band
};

}  // namespace monolens

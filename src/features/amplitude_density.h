// AmplitudeDensity: how one channel's amplitudes are spread over the last second, and whether they pile up
// just below a level that is hardly exceeded.
//
// A lossy encoder turns the flat tops of clipping into ripples, but where they were, more samples stay than
// below: sound that was never clipped thins out towards its peaks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace monolens {

class AmplitudeDensity {
 public:
  AmplitudeDensity();

  struct Pile {
    // Samples just below the level to those that there would be if sound thinned out from the second to the
    // third band of equal width beneath and on in the same way; 0: there are fewer than beneath, or not
    // judged.
    float ratio = 0;
    float level = 0;  // linear full scale
    float share = 0;  // of the second's samples, in excess of those in the band beneath
  };

  // Samples that are not finite are left out.
  void add(const float* x, int samples);

  // A hop is complete; `peak` and `sum_squares` are those of its samples. Every tenth hop the last ten times
  // ten are looked at anew.
  void close_hop(float peak, double sum_squares, int samples);

  const Pile& pile() const { return pile_; }

 private:
  static constexpr std::size_t kSlots = 10;  // of ten hops each
  static constexpr std::size_t kBinsAnOctave = 64;
  static constexpr std::size_t kBins = 10 * kBinsAnOctave;  // −60 dBFS to full scale, and one octave above

  using Histogram = std::array<std::uint32_t, kBins + 1>;

  struct Hop {
    float peak = 0;
    bool tone = false;  // its RMS is near its peak
  };

  struct Slot {
    Histogram bins{};
    int hops = 0;
    std::array<Hop, 10> shapes{};
  };

  void judge();
  bool is_tone(double peak) const;
  double below(double amplitude) const;  // so many samples of the second are smaller

  std::vector<Slot> slots_;  // a ring
  std::size_t slot_ = 0;
  int full_slots_ = 0;
  Histogram sum_{};  // of all slots
  std::array<double, kBins + 2> cumulative_{};
  Pile pile_;
};

}  // namespace monolens

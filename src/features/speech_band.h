// SpeechBand: the power of a sound where the mouth shapes it most, from 600 to 2500 Hz, of the mean of its
// channels.
//
// How loud speech is there follows how far the mouth is open better than its whole level does: the pitch of
// the voice and most of what music and rooms add lie below, hiss and sibilants above.
//
// Two Butterworth sections of second order at either edge, as in R. Bristow-Johnson, "Cookbook formulae for
// audio equalizer biquad filter coefficients".
#pragma once

#include <array>

#include "media/audio_block.h"

namespace monolens {

class SpeechBand {
 public:
  explicit SpeechBand(int sample_rate);

  // The sum of squares of the band in the samples that follow, `samples` of the block from `offset` on. A
  // sample whose mean is not finite counts as 0.
  double add(const AudioBlock& block, int offset, int samples);

 private:
  // y = b0 x + z1; transposed direct form II.
  struct Section {
    double b0 = 0;
    double b1 = 0;
    double b2 = 0;
    double a1 = 0;
    double a2 = 0;
    double z1 = 0;
    double z2 = 0;
  };

  static Section section(double hertz, int sample_rate, bool high_pass);

  std::array<Section, 4> sections_;
};

}  // namespace monolens

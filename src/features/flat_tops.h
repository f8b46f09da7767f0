// FlatTops: counts the samples of one channel that a limit has cut off: runs near the channel's highest level
// that are flat and end in corners.
//
// The peak of a wave is round: its slope grows from nothing, in steps of the source's quantum at least. Where
// a limit cuts it off, the run is flat and the very next sample falls by many times as much as the run
// varies. That holds at any level, so clipping that was turned down afterwards is seen too; a sine at full
// scale, the coarse steps of an 8-bit source and a single sample at full scale are no flat tops.
#pragma once

#include <cstdint>

namespace monolens {

class FlatTops {
 public:
  // At least `run` samples in a row; levels below `floor` (linear full scale) are not looked at.
  FlatTops(int run, float floor) : least_run_(run), floor_(floor) {}

  struct Count {
    std::uint32_t samples = 0;  // in flat tops that ended here
    float level = 0;            // of the highest of them
  };

  // The next samples, whose largest absolute value is `peak`. Samples that are not finite count as 0.
  Count add(const float* x, int samples, float peak);

 private:
  void follow(float sample, Count& count);
  void end_run(float sample, Count& count);

  int least_run_;
  float floor_;
  float highest_ = 0;  // peak of the last second or so, decaying
  float least_step_ =
      0;              // smallest change between neighbours near the top: the quantum of the source, or less
  float before_ = 0;  // the sample before the run
  float last_ = 0;
  float low_ = 0;  // of the run's samples
  float high_ = 0;
  int run_ = 0;
};

}  // namespace monolens

// LoudnessMeter: ITU-R BS.1770-4 loudness of a track as EBU R 128 and EBU Tech 3341/3342 read it
// (libebur128).
//
// Values are LUFS or LU; NaN while nothing has passed the gate. One thread at a time.
#pragma once

#include <memory>
#include <vector>

namespace monolens {

class LoudnessMeter {
 public:
  // One that is `endless` keeps a histogram of the blocks' loudness, of 0.1 LU, in place of the blocks.
  LoudnessMeter(int channels, int sample_rate, bool endless = false);
  ~LoudnessMeter();
  LoudnessMeter(const LoudnessMeter&) = delete;
  LoudnessMeter& operator=(const LoudnessMeter&) = delete;

  // The programme goes on in another format.
  void change_format(int channels, int sample_rate);

  void add(const float* const* channel, int offset, int samples);

  double momentary() const;   // the last 400 ms
  double short_term() const;  // the last 3 s
  double integrated() const;  // the programme
  double range() const;       // LRA of the programme

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::vector<float> interleaved_;
};

}  // namespace monolens

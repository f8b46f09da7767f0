// LipOffset: how far the sound stands from the lips of a speaking face.
//
// How fast a mouth opens is correlated with how fast the sound grows louder over lags of up to 0.8 s, face by
// face over the last 20 s in which one was seen. A result is given only where one peak stands out of the
// others and of what chance gives in so much time, and where both halves of the time agree with it.
//
// see() and hear() are cheap and do not allocate. A measurement, once in 4 s of faces, is a few milliseconds
// of work on the calling thread and allocates what it needs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/time.h"
#include "features/mouth_tracker.h"

namespace monolens {

class LipOffset {
 public:
  struct Result {
    double offset_ms = 0;   // positive = sound late
    double confidence = 0;  // 0 to 1
    MediaTime from{};       // of the pictures that it was found in
    MediaTime to{};
  };

  LipOffset();

  // The mean square is of the sound where the mouth shapes it (SpeechBand). REQUIRES: each in presentation
  // order.
  void see(MediaTime time, const Mouth& mouth);
  void hear(MediaTime time, MediaDuration duration, double mean_square);

  // What is known once 5 s of faces, and another 4 s each time, have been seen and the sound around them
  // heard, or at the end of the input.
  std::optional<Result> next();
  std::optional<Result> next_at_end();

  // Sound and picture stand otherwise from here on.
  void restart();

 private:
  static constexpr int kLags = 81;

  struct Seen {
    MediaTime time{};
    Mouth mouth{};
  };
  using Curve = std::array<double, kLags>;  // correlation by lag
  using Envelope = std::vector<float>;      // by hop, as levels_

  void take(std::size_t end);
  std::optional<Result> measure(std::size_t end);
  std::size_t first_of_last_seconds(std::size_t end) const;
  Envelope envelope() const;
  Curve correlate(std::size_t from, std::size_t to, const Envelope& envelope) const;
  void correlate_stretch(std::size_t from, std::size_t to, const Envelope& envelope, Curve& total) const;
  std::vector<double> changes(std::size_t from, std::size_t to, double Mouth::*measure) const;
  bool goes_on(std::size_t i) const;
  std::size_t end_of_stretch(std::size_t from, std::size_t to) const;
  double seconds_seen(std::size_t from, std::size_t to) const;
  std::int64_t place_of(std::size_t i) const;

  std::vector<Seen> seen_;     // the last 20 s
  std::size_t taken_ = 0;      // of seen_, those counted in new_s_
  std::vector<float> levels_;  // mean squares of 10 ms of sound from first_level_ on
  std::int64_t first_level_ = 0;
  std::int64_t heard_to_ = 0;  // in 10 ms
  double new_s_ = 0;           // seen, and heard around, since the last measurement
  bool measured_ = false;      // since the beginning or a restart
};

}  // namespace monolens

// Showings: a track's pictures told apart into new ones and repeats of the one before, and how long each new
// picture was shown.
//
// A picture is a repeat if it changes by no more than a small share of what the new ones around it do: an
// encoder's noise grows with the movement that it has to code. Time that no picture covers counts as the
// picture before it, so that a picture that was dropped and one that was replaced by its predecessor are one.
#pragma once

#include <optional>

#include "base/time.h"
#include "detectors/ring.h"

namespace monolens {

// What a new picture told of the one before it.
struct Showing {
  enum class Type {
    kMoved,  // it was shown for one interval
    kHeld,   // for more, amid steady movement: a hitch
    kMurky,  // for more, but what is around it is too still, or too unlike, to call it a hitch
    kPause,  // for so long that nothing is said; or pictures come at no regular rate
  };
  Type type;
  MediaTime due;        // when the new picture should have come: an interval after the one before it
  MediaTime shown;      // when it came
  int intervals = 1;    // for how many intervals the one before it was shown
  double change = 0;    // of the new picture, 8-bit levels
  bool cut = false;     // it begins another shot
  bool moving = false;  // it moves enough to tell a repeat of it
};

class Showings {
 public:
  struct Limits {
    double repeat;               // largest change of a repeat, as a share of that of the pictures around it
    double least_change;         // 8-bit levels: where pictures change by less, nothing is said
    MediaDuration longest_hold;  // longer is a pause or a freeze
  };

  explicit Showings(const Limits& limits) : limits_(limits) {}

  // The next picture, which differs by `change` from the one before; nullopt while that one still shows.
  // REQUIRES: pictures in presentation order.
  std::optional<Showing> observe(MediaTime time, std::optional<double> change);

  // The usual time between two pictures; zero while unknown.
  MediaDuration interval() const { return interval_; }

 private:
  void restart(MediaTime time);
  bool learn_interval(MediaTime time);
  bool repeats(double change) const;
  Showing judge(MediaTime time, double change, bool regular) const;

  Limits limits_;
  Ring<MediaDuration, 64> steps_;
  MediaDuration interval_;
  std::optional<MediaTime> last_;
  std::optional<MediaTime> last_new_;
  Ring<double, 7> changes_;   // of the last new pictures
  double repeat_change_ = 0;  // the largest since the last new picture
};

}  // namespace monolens

// StampOffset: how far an input's timestamps alone have moved its sound against its picture.
//
// A track that begins later than the other, or whose samples are missing while the later ones keep their
// places, is presented as it was meant and has no offset. What counts is a change of one track's timestamps
// without its content's: a step (a hole that lost samples do not explain, or an overlap), timestamps that run
// at another rate than the samples they belong to, and a jump that the other track does not follow.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>

#include "base/time.h"
#include "detectors/ring.h"
#include "media/stream_event.h"

namespace monolens {

class StampOffset {
 public:
  enum class Cause { kStep, kDrift, kJump };

  // The offset from `since` on: positive = sound late.
  struct Change {
    MediaTime since{};
    double offset_ms = 0;
    Cause cause = Cause::kStep;
  };

  // Rates beyond `drift_ms_per_s` are errors, slower ones the tolerance of clocks.
  explicit StampOffset(double drift_ms_per_s) : drift_limit_(drift_ms_per_s) {}

  // REQUIRES: hops and pictures in presentation order; an event before the sample that it is about.
  void hear(MediaTime time, MediaDuration duration);
  void see(MediaTime time, MediaDuration duration, bool cut);
  void note(const StreamEvent& event, std::optional<bool> video);  // unset: of no track

  // The next thing known of the offset. Call it until there is none, after each of the above.
  std::optional<Change> next();

  // The same once nothing follows.
  std::optional<Change> next_at_end();

  double drift_ms_per_s() const { return drift_rate_; }  // the last rate that was an error; 0 without

  // By how much the sound is displaced as a whole: it begins and ends earlier or later than the picture by
  // the same time, as a track that was cut with its picture does not.
  std::optional<double> displacement_ms() const;

 private:
  static constexpr std::size_t kHistory = 50;  // of 100 ms: what a rate is measured over

  struct Span {
    MediaTime from{};
    MediaTime to{};

    bool is_near(const Span& other, MediaDuration reach) const {
      return from <= other.to + reach && to >= other.from - reach;
    }
  };

  // Timestamps that leave the samples' grid, close together.
  struct Burst {
    Span span{};
    double moved_ms = 0;
    bool hole = false;  // told by the container, and not a whole number of frames
    bool lost = false;  // told by the container, a whole number of frames

    // From where its track stands otherwise.
    MediaTime since() const { return moved_ms < 0 ? span.from : span.to; }
  };

  void note_hole(const StreamEvent& event, bool video);
  void note_damage(MediaTime at);
  MediaTime both_end() const { return std::min(sound_end_, picture_end_); }
  std::optional<Change> judge(bool at_end);
  std::optional<Change> judge_steps(bool at_end);
  std::optional<Change> judge_jump(bool at_end);
  std::optional<Change> measure_drift();
  bool is_over(const Burst& burst, bool at_end) const;
  bool is_step(const Burst& burst, MediaTime track_start, bool at_end) const;
  bool is_explained(const Burst& burst) const;
  bool is_steady(double before, double strayed) const;
  Change change(MediaTime since, Cause cause) const;

  double drift_limit_;
  std::optional<MediaTime> sound_start_;
  std::optional<MediaTime> picture_start_;
  MediaTime sound_end_;
  MediaTime picture_end_;

  std::optional<Burst> sound_burst_;
  std::optional<Burst> picture_burst_;
  Ring<MediaTime, 8> cuts_;
  Ring<MediaTime, 64> damages_;  // of the transport, apart from one another
  std::optional<Span> outage_;   // the last hole in the pictures
  Burst announced_;              // the hole before a hop to come

  double strayed_ms_ = 0;  // of the sound's timestamps from its samples, steps left out
  Ring<double, kHistory> strays_;
  MediaTime next_stray_;
  MediaTime rough_until_;
  bool drifting_ = false;
  double drift_from_ms_ = 0;  // strayed_ms_ where the drift began
  double drift_rate_ = 0;

  double sound_epoch_ms_ = 0;
  double picture_epoch_ms_ = 0;
  std::optional<MediaTime> jumped_;

  double steps_ms_ = 0;
  double drift_ms_ = 0;
  double jump_ms_ = 0;
};

}  // namespace monolens

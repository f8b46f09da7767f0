// Timeline: maps raw stream timestamps to the one continuous presentation timeline of an input.
//
// Containers of files (MP4, Matroska) say the truth about time, so a hole in their timestamps is a hole in
// the presentation. Transport formats (TS, FLV, HLS, RTP) may jump or wrap; there the timeline goes on where
// it was and the jump is reported once. Audio and video of one programme jump by the same amount: the offset
// that one track found is kept as an epoch, which the other tracks adopt, so that their relation stays exact.
//
// Never fails: values are saturated at ±73 years, times of a track never decrease. Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"

namespace monolens {

enum class TrackType { kVideo, kAudio };

struct TimelineOptions {
  bool may_jump = false;  // transport formats
  // A longer step ahead is a jump if may_jump.
  MediaDuration max_gap = MediaDuration::milliseconds(10'000);
  // Raw time of the first presented sample; unset: of the first one placed.
  std::optional<MediaDuration> origin = std::nullopt;
};

enum class TimelineEvent {
  kNone,
  kGap,          // nothing covers `delta` before this sample
  kJumpForward,  // raw time left `delta` out; the timeline goes on without a hole
  kJumpBack,     // raw time went back by -`delta`; the timeline goes on
  kOverlap,      // the sample begins -`delta` before the previous one of its track has ended
};

struct Placement {
  MediaTime time;
  MediaDuration duration;  // as declared, else estimated from the intervals so far; 0 while unknown
  TimelineEvent event = TimelineEvent::kNone;
  MediaDuration delta;  // raw distance from where the sample was expected; 0 without an event
  MediaDuration epoch;  // raw time of the timeline's zero, by which the sample was placed
};

class Timeline {
 public:
  explicit Timeline(TimelineOptions options);

  // The number by which place() knows the track: 0, 1, 2…
  int add_track(TrackType type);

  // Places the next sample of a track. `raw` may be missing; a `duration` of 0 or less is unknown.
  // Does not allocate.
  // REQUIRES: a number from add_track(); the samples of each track in presentation order.
  Placement place(int track, std::optional<MediaDuration> raw, MediaDuration duration);

  // Where a raw time of the track lies by the epoch in use now. Changes nothing.
  MediaTime where(int track, MediaDuration raw) const;

 private:
  // The last intervals between samples, ns.
  class Intervals {
   public:
    void add(std::int64_t interval);
    std::int64_t median() const;  // 0 when empty
    bool regular() const;         // at least 8, all within 25 % of their median

   private:
    std::array<std::int64_t, 16> last_{};
    std::size_t added_ = 0;
  };

  // All in ns; positions are on the timeline, where raw + offset lands before it is held from going back.
  struct Track {
    TrackType type = TrackType::kVideo;
    bool started = false;
    bool duration_known = false;  // of the previous sample
    bool after_gap = false;
    std::int64_t offset = 0;        // the epoch in use
    std::int64_t position = 0;      // of the previous sample
    std::int64_t time = 0;          // given to the previous sample
    std::int64_t end = 0;           // where the next sample is expected
    std::int64_t declared_end = 0;  // the same by the container's word alone, however long
    std::int64_t lag = 0;           // how far the previous sample stood before its expected place
    std::int64_t adopted_lag = 0;   // the part of lag that comes with an adopted epoch and is no jump
    Intervals intervals;
  };

  std::int64_t land_first(Track& track, std::int64_t raw, Placement& out);
  std::int64_t land_next(Track& track, std::int64_t raw, Placement& out);
  std::int64_t new_epoch(Track& track, std::int64_t raw, std::int64_t at);
  std::optional<std::int64_t> find_epoch(const Track& track, std::int64_t raw, std::int64_t expected,
                                         std::int64_t tolerance) const;
  bool another_track_is_near(const Track& track, std::int64_t offset, std::int64_t position) const;
  void remember(std::int64_t offset);
  static void classify(Track& track, std::int64_t position, std::int64_t duration, Placement& out);

  bool may_jump_;
  std::int64_t max_gap_;
  std::vector<Track> tracks_;
  std::array<std::int64_t, 8> epochs_{};  // offsets from raw time to the timeline, a ring
  std::size_t epochs_added_ = 0;
  std::int64_t base_ = 0;   // the first epoch
  std::int64_t front_ = 0;  // the furthest end of any track
};

}  // namespace monolens

// Hold: how long a condition has held, with separate times to open and to close.
//
// It opens once the condition has held for `open_after`, and says since when: from the first sample that
// showed it. It closes once the condition has been gone for `close_after`, and says since when: the first
// good sample. A shorter absence does not count, before or after it has opened.
#pragma once

#include <optional>

#include "base/time.h"
#include "incidents/finding.h"

namespace monolens {

class Hold {
 public:
  Hold(MediaDuration open_after, MediaDuration close_after)
      : open_after_(open_after), close_after_(close_after) {}

  struct Change {
    bool opened = false;
    bool closed = false;  // both: it lasted long enough, and that was known only when it ended
  };

  // A sample that is shown from `from` to `to`. Time that no sample covers counts as the sample before it.
  // REQUIRES: samples in presentation order.
  Change observe(bool present, MediaTime from, MediaTime to);

  // Nothing follows: what was there lasts to `end`.
  Change finish(MediaTime end);

  bool is_open() const { return open_; }
  bool is_running() const { return running_; }  // a stretch has begun, perhaps too short yet to be open
  MediaTime start() const { return start_; }
  MediaTime end() const { return end_; }  // after closed

 private:
  Change close(MediaTime at);

  MediaDuration open_after_;
  MediaDuration close_after_;
  bool running_ = false;
  bool open_ = false;
  MediaTime start_;
  MediaTime end_;
  std::optional<MediaTime> good_since_;
};

// The findings of a change: `finding` with phase, start and end set.
void report(Hold::Change change, const Hold& hold, Finding finding, Findings& findings);

}  // namespace monolens

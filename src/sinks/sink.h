// Sink: where incident events leave the program.
//
// A sink hands one event over and says whether it was taken. It keeps nothing, orders nothing and tries
// nothing again: that is for the caller, who may hand the same event over more than once.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/result.h"

namespace monolens {

// An event on its way out; `id` is stable, so that a receiver can drop repeats.
struct SinkEvent {
  std::string id;                  // unique and stable
  std::string monitor;             // id of the monitor
  std::string type;                // "open", "update", "close"
  std::string kind;                // "video.freeze"
  std::string severity;            // "major"
  std::string time;                // RFC 3339, UTC, when it was told
  std::string json;                // the event itself, one line: monolens.live_event/1 (application/json)
  std::string about = "incident";  // or "score"
};

// Used by one thread at a time.
class Sink {
 public:
  virtual ~Sink() = default;

  // Blocks at most for the sink's timeout. An error names the sink's host and the cause, never a secret. Its
  // code says what trying again is good for: kRejected and kInternal are about this event, which will never
  // be taken; kRefused takes somebody who mends the configuration, here or there; all others may pass by
  // themselves.
  virtual Result<void> send(const SinkEvent& event) = 0;
};

// The time that a signature is made at; a test gives its own.
using WallClock = std::function<std::chrono::system_clock::time_point()>;

// Whether the same event may be taken if it is sent again later.
inline bool may_pass(const Error& error) {
  return error.code != ErrorCode::kRejected && error.code != ErrorCode::kInternal;
}

}  // namespace monolens

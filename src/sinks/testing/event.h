// An event to send, for tests.
#pragma once

#include "sinks/sink.h"

namespace monolens {

inline SinkEvent freeze_event() {
  return {.id = "inc-1-open",
          .monitor = "channel 4",
          .type = "open",
          .kind = "video.freeze",
          .severity = "critical",
          .time = "2026-03-01T12:00:00Z",
          .json = R"({"schema":"monolens.event/1","event":"open","at_s":12.40})"};
}

}  // namespace monolens

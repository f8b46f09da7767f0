// What a live monitor tells: of an incident, in wall-clock time; what it measured in a second; the seconds
// around an incident; how the stream looks now.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "incidents/incident.h"
#include "media/stream_info.h"
#include "monitor/clip_recorder.h"
#include "monitor/measurements.h"

namespace monolens {

using WallTime = std::chrono::system_clock::time_point;

struct LiveEvent {
  IncidentEvent::Type type = IncidentEvent::Type::kOpen;
  std::string monitor;  // its id
  Incident incident;    // with its picture in an event that opens
  std::optional<TrackInfo> track{};
  WallTime told;
  WallTime started;
  std::optional<WallTime> ended{};
};

// One second may come in parts.
struct LiveSecond {
  std::string monitor;   // its id
  std::int64_t start_s;  // since 1970, UTC
  Measurements measured;
};

struct LiveClip {
  std::string monitor;  // its id
  Clip clip;
};

struct LivePicture {
  std::string monitor;  // its id
  WallTime taken;
  std::vector<std::uint8_t> jpeg;
};

// Whom a live monitor tells. `on_event` is needed; what nobody listens to is not made.
struct LiveListener {
  std::function<void(const LiveEvent&)> on_event;
  std::function<void(const LiveSecond&)> on_second{};
  std::function<void(const LiveClip&)> on_clip{};
  std::function<void(const LivePicture&)> on_picture{};
};

}  // namespace monolens

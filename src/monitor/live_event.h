// LiveEvent: what a live monitor tells of an incident, in wall-clock time; LiveSecond: what it measured.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "incidents/incident.h"
#include "media/stream_info.h"
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

}  // namespace monolens

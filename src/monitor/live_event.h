// LiveEvent: what a live monitor tells of an incident, in wall-clock time.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "incidents/incident.h"
#include "media/stream_info.h"

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

}  // namespace monolens

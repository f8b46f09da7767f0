// What a worker tells the service, as JSON values.
#pragma once

#include <nlohmann/json.hpp>

#include "monitor/live_event.h"
#include "monitor/live_monitor.h"

namespace monolens {

// {"event": "open", "monitor": id, "told_ms", "started_ms", "ended_ms", "incident": {…}, "picture": bytes,
// "map": of getIncident()}:
// `incident` is that of monolens.live_event/1 (api/live_event.schema.json).
nlohmann::json to_json(const LiveEvent& event);

// {"monitor": id, "clip": {"incidents": ids, "mp4": bytes}}
nlohmann::json to_json(const LiveClip& clip);

// {"monitor": id, "picture": {"taken_ms", "jpeg": bytes}}
nlohmann::json to_json(const LivePicture& picture);

nlohmann::json to_json(const LiveStatus& status);

std::string_view name_of(LiveState state);
std::string_view name_of(Ladder ladder);

}  // namespace monolens

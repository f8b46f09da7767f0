// MonitorSpec: what a person asks to have watched, and how. Its JSON is that of the API and of the store.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "detectors/registry.h"
#include "media/profile.h"
#include "media/variant.h"
#include "monitor/live_monitor.h"
#include "store/records.h"

namespace monolens {

// From the one instant until the other, milliseconds since 1970, sinks are told nothing of a monitor.
struct MaintenanceWindow {
  std::int64_t from_ms = 0;
  std::int64_t until_ms = 0;
  std::string note{};  // for people

  bool operator==(const MaintenanceWindow&) const = default;
};

struct MonitorSpec {
  std::string name{};  // for people; by default the address as it may be shown
  std::string url{};   // may hold credentials: never shown as it is
  std::optional<int> program{};
  Variant variant = Variant::kHighest;
  std::string detectors = "all";          // as --detectors
  std::map<std::string, double> options;  // "freeze.duration_s" → 1.5, as --set
  Profile profile = Profile::kFull;
  int priority = 0;  // −100 to 100; the higher, the later it is degraded
  std::map<std::string, std::string> labels;
  bool paused = false;
  double timeout_s = 10;
  double stalled_after_s = 2;
  std::vector<MaintenanceWindow> maintenance{};
};

// Refuses unknown members, wrong types and values out of range, with the member's name; the detectors and
// their options are checked against the registry, the address's scheme against what an input may be.
Result<MonitorSpec> parse_monitor_spec(const nlohmann::json& json);

// What the store, or a cluster's bucket, has of a monitor.
Result<MonitorSpec> spec_of(const MonitorRecord& record);

// Members of `patch` replace those of `spec` (RFC 7396: null takes the default again).
Result<MonitorSpec> patched(const MonitorSpec& spec, const nlohmann::json& patch);

// For the store and the worker: everything, with credentials.
nlohmann::json to_json(const MonitorSpec& spec);

// Whether both watch the same in the same way, whatever is told of it: a session need not begin anew.
bool watch_alike(const MonitorSpec& a, const MonitorSpec& b);

// For people: the address without credentials.
nlohmann::json to_shown_json(const MonitorSpec& spec);

LiveOptions live_options(const std::string& id, const MonitorSpec& spec);

}  // namespace monolens

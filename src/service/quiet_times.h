// QuietTimes: when sinks are told nothing: in a monitor's maintenance windows, and of what somebody snoozed.
//
// A snooze is of one kind on one track of a monitor, whatever incidents of it come; it is in the store, so it
// holds after a restart. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/result.h"
#include "service/monitor_spec.h"
#include "store/store.h"

namespace monolens {

class QuietTimes {
 public:
  // Takes up the snoozes that the store holds. It must outlive this.
  explicit QuietTimes(Store& store);

  void set_windows(const std::string& monitor, std::vector<MaintenanceWindow> windows);
  // Its windows, and its snoozes for good.
  void forget(const std::string& monitor);

  // Until then; nullopt lifts it.
  Result<void> snooze(const IncidentRecord& incident, std::optional<std::int64_t> until_ms);
  std::optional<std::int64_t> snoozed_until(const IncidentRecord& incident, std::int64_t now_ms) const;

  // Whether sinks are told nothing of such an incident.
  bool is_quiet(const IncidentRecord& incident, std::int64_t now_ms) const;

 private:
  using Key = std::tuple<std::string, std::string, std::string>;  // monitor, kind, track
  static Key key(const IncidentRecord& i) { return {i.monitor, i.kind, i.track}; }

  Store& store_;
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<MaintenanceWindow>> windows_;  // guarded by mutex_, as is
  std::map<Key, std::int64_t> snoozed_until_ms_;
};

}  // namespace monolens

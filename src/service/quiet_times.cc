#include "service/quiet_times.h"

#include <algorithm>
#include <utility>

namespace monolens {

QuietTimes::QuietTimes(Store& store) : store_(store) {
  for (const SnoozeRecord& s : store_.snoozes()) snoozed_until_ms_[{s.monitor, s.kind, s.track}] = s.until_ms;
}

void QuietTimes::set_windows(const std::string& monitor, std::vector<MaintenanceWindow> windows) {
  const std::lock_guard lock(mutex_);
  windows_.insert_or_assign(monitor, std::move(windows));
}

void QuietTimes::forget(const std::string& monitor) {
  const std::lock_guard lock(mutex_);
  windows_.erase(monitor);
  for (auto snooze = snoozed_until_ms_.begin(); snooze != snoozed_until_ms_.end();) {
    const auto& [of, kind, track] = snooze->first;
    if (of != monitor) {
      ++snooze;
      continue;
    }
    (void)store_.put(SnoozeRecord{of, kind, track, 0});
    snooze = snoozed_until_ms_.erase(snooze);
  }
}

Result<void> QuietTimes::snooze(const IncidentRecord& incident, std::optional<std::int64_t> until_ms) {
  const std::lock_guard lock(mutex_);
  auto put = store_.put(SnoozeRecord{incident.monitor, incident.kind, incident.track, until_ms.value_or(0)});
  if (!put) return put;
  if (until_ms) {
    snoozed_until_ms_[key(incident)] = *until_ms;
  } else {
    snoozed_until_ms_.erase(key(incident));
  }
  return {};
}

std::optional<std::int64_t> QuietTimes::snoozed_until(const IncidentRecord& incident,
                                                      std::int64_t now_ms) const {
  const std::lock_guard lock(mutex_);
  const auto found = snoozed_until_ms_.find(key(incident));
  if (found == snoozed_until_ms_.end() || found->second <= now_ms) return std::nullopt;
  return found->second;
}

bool QuietTimes::is_quiet(const IncidentRecord& incident, std::int64_t now_ms) const {
  if (snoozed_until(incident, now_ms)) return true;
  const std::lock_guard lock(mutex_);
  const auto found = windows_.find(incident.monitor);
  return found != windows_.end() &&
         std::any_of(found->second.begin(), found->second.end(), [now_ms](const MaintenanceWindow& w) {
           return w.from_ms <= now_ms && now_ms < w.until_ms;
         });
}

}  // namespace monolens

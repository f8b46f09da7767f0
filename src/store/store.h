// Store: what an instance must not lose: its monitors, their incidents, and the events on their way out.
//
// An incident and the event that tells of it are written in one transaction, so that after a crash neither is
// there without the other. Thread-safe; each call is atomic.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/database.h"
#include "store/records.h"

namespace monolens {

class Store {
 public:
  // Makes the file, or brings an older one to this version's form. A newer one is refused.
  static Result<std::unique_ptr<Store>> open(const std::string& path);

  // ---- monitors
  // Inserts, or replaces the one of that id. A client_key in use by another monitor is an error.
  Result<void> put(const MonitorRecord& monitor);
  // Its incidents and events stay. False if there is none.
  Result<bool> erase_monitor(const std::string& id);
  std::vector<MonitorRecord> monitors() const;
  std::optional<MonitorRecord> monitor(const std::string& id) const;
  std::optional<MonitorRecord> monitor_of_key(const std::string& client_key) const;

  // ---- incidents, and what is told of them
  // Writes the incident (new or known) and, if the event has a type, the event; sets the event's sequence. An
  // event whose id is there already is not told again and has no sequence. What was told before that which is
  // known of the incident changes nothing of it, nor does a repeat. A picture is kept where there is one.
  Result<void> record(const IncidentRecord& incident, EventRecord& event,
                      const EvidenceRecord& evidence = {});
  std::optional<IncidentRecord> incident(const std::string& id) const;
  std::vector<IncidentRecord> incidents(const IncidentQuery& query) const;
  std::vector<IncidentRecord> open_incidents(const std::string& monitor) const;
  std::vector<std::uint8_t> picture(const std::string& incident) const;
  // Of the picture, as JSON; empty if there is none.
  std::string map(const std::string& incident) const;
  Result<bool> acknowledge(const std::string& incident, std::int64_t now_ms);
  std::vector<IncidentRecord> muted_open_incidents() const;

  // ---- snoozes
  // until_ms 0 forgets it.
  Result<void> put(const SnoozeRecord& snooze);
  std::vector<SnoozeRecord> snoozes() const;

  // ---- events
  bool has_event(const std::string& id) const;
  std::vector<EventRecord> events_after(std::int64_t sequence, int limit) const;
  std::int64_t last_sequence() const;

  // A sink that is new begins with the events that come from now on; one that is known, where it was, even if
  // it has taken nothing yet.
  Result<void> introduce(const std::string& sink);
  // How far a sink has come; 0 if it is unknown.
  std::int64_t cursor(const std::string& sink) const;
  Result<void> set_cursor(const std::string& sink, std::int64_t sequence);
  // The same, and that the sink took the event then.
  Result<void> set_delivered(const std::string& sink, std::int64_t sequence, std::int64_t now_ms);
  // In the order of their events.
  std::vector<DeliveryRecord> deliveries(const std::string& incident) const;

  // Forgets incidents that ended, and events that were told, before `before_ms`; an event that a sink of
  // `sinks` has not come to yet stays.
  Result<void> forget(std::int64_t before_ms, const std::vector<std::string>& sinks);

 private:
  explicit Store(std::unique_ptr<Database> database) : database_(std::move(database)) {}
  Result<void> migrate();

  mutable std::mutex mutex_;
  std::unique_ptr<Database> database_;  // guarded by mutex_
};

}  // namespace monolens

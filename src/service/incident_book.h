// IncidentBook: turns what the worker tells into incidents that outlive it.
//
// The worker's incidents end with its process, and a session's begin anew. Here an incident that was open
// when the worker went away is taken up by the next one of its monitor, kind, detector and track, under the
// same id; if none comes while the stream runs for `grace`, the incident is closed as of the moment it was
// last known of. Each change is written to the store with the event that tells of it, before anybody hears of
// it. In quiet times the event is marked as not for sinks; an incident that opened in one is told to them
// once that is over, if it is still open, and not at all otherwise. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/result.h"
#include "service/quiet_times.h"
#include "store/store.h"

namespace monolens {

class IncidentBook {
 public:
  // `told` is called after each event was written, in their order.
  using Told = std::function<void(const EventRecord&)>;

  IncidentBook(Store& store, const QuietTimes& quiet, std::chrono::milliseconds grace, Told told)
      : store_(store), quiet_(quiet), grace_(grace), told_(std::move(told)) {}

  // A message of to_json(LiveEvent). `name` is the monitor's, for people.
  Result<void> take(const nlohmann::json& message, const std::string& name);

  // Who told of this monitor's incidents is gone: its open ones await their successors; those of the
  // detectors that `is_mine` says.
  using IsMine = std::function<bool(const std::string& detector)>;
  void orphan(const std::string& monitor, const IsMine& is_mine);
  // They await them no longer: another instance's book is to have them.
  void release(const std::string& monitor);

  // What another instance of the cluster told: of what is known already, the later is kept. An open one of a
  // detector of this instance awaits its successor here.
  Result<void> take_foreign(const IncidentRecord& incident, EventRecord event, const EvidenceRecord& evidence,
                            const IsMine& is_mine);

  // The monitor's stream has run for so long since its worker came: closes what nobody took up.
  Result<void> settle(const std::string& monitor, const std::string& name, std::chrono::milliseconds running,
                      std::int64_t now_ms);

  // What is open and was kept from the sinks is told to them where the quiet time is over; of monitors that
  // `name_of` names. Call it now and then.
  using NameOf = std::function<std::optional<std::string>(const std::string& monitor)>;
  Result<void> tell_after_quiet(std::int64_t now_ms, const NameOf& name_of);

  // Nobody watches the stream any longer: closes all that is open.
  Result<void> close_all(const std::string& monitor, const std::string& name, std::int64_t now_ms,
                         const std::string& why);

  // Opens, or closes, an incident that the service itself tells of, as `monitor.degraded`.
  Result<void> tell_own(const std::string& monitor, const std::string& name, const std::string& kind,
                        std::int64_t now_ms, const std::string& note);

 private:
  Result<void> write(IncidentRecord incident, const std::string& type, const std::string& name,
                     const EvidenceRecord& evidence);
  Result<void> close(IncidentRecord incident, const std::string& name, std::int64_t ended_ms,
                     std::int64_t now_ms, const std::string& why);

  Store& store_;
  const QuietTimes& quiet_;
  std::chrono::milliseconds grace_;
  Told told_;
  std::mutex mutex_;
  std::map<std::string, std::string> kept_id_;  // of the worker's id; guarded by mutex_, as is
  std::map<std::string, std::map<std::string, IncidentRecord>> orphans_;  // of each monitor, by id
};

}  // namespace monolens

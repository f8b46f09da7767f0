// IncidentTracker: makes incidents of one input's findings. One incident an event: stretches of one kind and
// part closer together than the kind's merge time are one incident, which closes only when that time has
// passed.
//
// One thread at a time.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "incidents/finding.h"
#include "incidents/incident.h"

namespace monolens {

class IncidentTracker {
 public:
  using Listener = std::function<void(const IncidentEvent&)>;
  using Snapshot = std::function<std::vector<std::uint8_t>()>;  // a JPEG of the picture now, or nothing

  // `listener` is called for each event as it becomes known; `snapshot` when an incident opens.
  IncidentTracker(std::string input, Listener listener, Snapshot snapshot);

  void take(std::string_view detector, int track, const Finding& finding, MediaTime now);

  // Media time has come to `now`: closes what has ended for good, updates what stays open.
  void advance(MediaTime now);

  // The input has ended: closes everything; what was still going on ends at `end`.
  void finish(MediaTime end);

  // Closed incidents are not kept any longer: a stream without an end would fill the memory.
  void forget_closed();

  // In the order in which they opened, but for the forgotten. Complete after finish().
  const std::vector<Incident>& incidents() const { return incidents_; }

 private:
  struct Active {
    std::size_t incident = 0;  // index in incidents_
    int part = 0;
    std::optional<MediaTime> ended;  // waiting for the merge time to pass
    MediaTime told;                  // media time of the last event
  };

  void open(std::string_view detector, int track, const Finding& finding, MediaTime now);
  std::string fresh_id(int track, const Finding& finding);
  void close(Active& active, MediaTime now);
  void tell(IncidentEvent::Type type, Active& active, MediaTime now);

  std::string input_;
  Listener listener_;
  Snapshot snapshot_;
  std::vector<Incident> incidents_;
  std::vector<Active> active_;
  struct Opened {
    MediaTime start;
    int before = 0;  // of the same start
  };
  std::map<std::string, Opened> opened_;  // the last of each kind, track and part
  MediaTime last_told_;
};

}  // namespace monolens

// Aggregation: one stream's incidents of what all its detectors told about each segment.
//
// It uses the monolith's IncidentTracker, and hands it the findings in the order in which the monolith would.
// One thread at a time.
#pragma once

#include <string>
#include <vector>

#include "incidents/incident_tracker.h"
#include "topology/segment.h"
#include "topology/told_finding.h"

namespace monolens::topology {

class Aggregation {
 public:
  using OnEvent = IncidentTracker::Listener;

  // `url` is the input's, as it is shown: incidents' ids are made from it. `on_event` is called within
  // take().
  Aggregation(const std::string& url, OnEvent on_event);

  // REQUIRES: the stream's segments in order. The order of findings does not matter.
  void take(const Segment& segment, std::vector<ToldFinding> findings);

  const std::vector<Incident>& incidents() const { return tracker_.incidents(); }

 private:
  IncidentTracker tracker_;
};

}  // namespace monolens::topology

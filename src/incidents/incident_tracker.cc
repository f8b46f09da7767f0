#include "incidents/incident_tracker.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/stable_id.h"

namespace monolens {
namespace {

constexpr auto kUpdateInterval = MediaDuration::milliseconds(5000);

void apply(const Finding& finding, Incident& incident) {
  incident.severity = finding.severity.value_or(kind_info(finding.kind).severity);
  incident.confidence = finding.confidence;
  if (!finding.measures.empty()) incident.measures.assign(finding.measures.begin(), finding.measures.end());
  if (!finding.note.empty()) incident.evidence.note = finding.note;
}

}  // namespace

IncidentTracker::IncidentTracker(std::string input, Listener listener, Snapshot snapshot)
    : input_(std::move(input)), listener_(std::move(listener)), snapshot_(std::move(snapshot)) {}

void IncidentTracker::take(std::string_view detector, int track, const Finding& finding, MediaTime now) {
  const auto same = std::find_if(active_.begin(), active_.end(), [&](const Active& a) {
    const Incident& i = incidents_[a.incident];
    return a.part == finding.part && i.track == track && i.kind == finding.kind && i.detector == detector;
  });
  if (same == active_.end()) {
    if (finding.phase != Finding::Phase::kUpdated) open(detector, track, finding, now);
    if (finding.phase == Finding::Phase::kEnded) active_.back().ended = finding.end;
    return;
  }
  if (finding.phase == Finding::Phase::kBegan && same->ended &&
      finding.start - *same->ended >= kind_info(finding.kind).merge) {
    close(*same, now);
    active_.erase(same);
    open(detector, track, finding, now);
    return;
  }
  Incident& incident = incidents_[same->incident];
  const Severity before = incident.severity;
  apply(finding, incident);
  incident.severity = std::max(incident.severity, before);
  if (finding.phase == Finding::Phase::kEnded) {
    same->ended = finding.end;
  } else {
    same->ended.reset();
    tell(IncidentEvent::Type::kUpdate, *same, now);
  }
}

void IncidentTracker::open(std::string_view detector, int track, const Finding& finding, MediaTime now) {
  Incident incident;
  incident.id = fresh_id(track, finding);
  incident.kind = finding.kind;
  incident.detector = detector;
  incident.track = track;
  incident.start = finding.start;
  apply(finding, incident);
  incident.evidence.map = finding.map;
  if (snapshot_) incident.evidence.jpeg = snapshot_();
  incidents_.push_back(std::move(incident));
  active_.push_back({.incident = incidents_.size() - 1, .part = finding.part, .ended = {}, .told = now});
  tell(IncidentEvent::Type::kOpen, active_.back(), now);
}

// Two of one kind may begin at one time only where a stream's timestamps are wrong; they have two names
// still.
std::string IncidentTracker::fresh_id(int track, const Finding& finding) {
  const std::string place = fmt::format("{}/{}/{}", finding.kind, track, finding.part);
  const auto [last, first] = opened_.try_emplace(place, Opened{.start = finding.start});
  const bool again = !first && last->second.start == finding.start;
  last->second = {.start = finding.start, .before = again ? last->second.before + 1 : 0};
  std::string at = fmt::format("{}/{}/{}", track, finding.part, finding.start.since_start().ns());
  if (again) at += fmt::format("/{}", last->second.before);
  return stable_id({input_, finding.kind, at});
}

void IncidentTracker::advance(MediaTime now) {
  for (std::size_t i = 0; i < active_.size();) {
    Active& a = active_[i];
    if (a.ended && now - *a.ended >= kind_info(incidents_[a.incident].kind).merge) {
      close(a, now);
      active_.erase(active_.begin() + static_cast<std::ptrdiff_t>(i));
      continue;
    }
    if (!a.ended && now - a.told >= kUpdateInterval) tell(IncidentEvent::Type::kUpdate, a, now);
    ++i;
  }
}

void IncidentTracker::finish(MediaTime end) {
  for (Active& a : active_) {
    if (!a.ended) a.ended = std::max(end, incidents_[a.incident].start);
    close(a, end);
  }
  active_.clear();
}

void IncidentTracker::forget_closed() {
  if (incidents_.size() == active_.size()) return;
  std::vector<Incident> open;
  for (Active& a : active_) {
    open.push_back(std::move(incidents_[a.incident]));
    a.incident = open.size() - 1;
  }
  incidents_ = std::move(open);
}

void IncidentTracker::close(Active& active, MediaTime now) {
  Incident& incident = incidents_[active.incident];
  incident.end = std::max(incident.start, *active.ended);
  tell(IncidentEvent::Type::kClose, active, now);
}

void IncidentTracker::tell(IncidentEvent::Type type, Active& active, MediaTime now) {
  active.told = now;
  // A finding comes with the furthest track's time, advance() with the slowest one's.
  last_told_ = std::max(last_told_, now);
  if (listener_) listener_({.type = type, .at = last_told_, .incident = &incidents_[active.incident]});
}

}  // namespace monolens

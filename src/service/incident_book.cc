#include "service/incident_book.h"

#include <fmt/format.h>

#include <utility>

#include "base/rfc3339.h"
#include "base/stable_id.h"
#include "incidents/kinds.h"

namespace monolens {
namespace {

using Json = nlohmann::json;

std::string track_of(const Json& track) {
  if (!track.is_object()) return "";
  return fmt::format("{} {}", track.at("type").get<std::string>(), track.at("index").get<int>());
}

std::string detector_of(const IncidentRecord& incident) {
  return Json::parse(incident.json).value("detector", "");
}

std::optional<std::int64_t> maybe_integer(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return json.get<std::int64_t>();
}

}  // namespace

Result<void> IncidentBook::take(const Json& message, const std::string& name) try {
  const std::lock_guard lock(mutex_);
  Json incident = message.at("incident");
  const auto type = message.at("event").get<std::string>();
  const auto id = incident.at("id").get<std::string>();
  IncidentRecord record{.id = id,
                        .monitor = message.at("monitor").get<std::string>(),
                        .kind = incident.at("kind").get<std::string>(),
                        .severity = incident.at("severity").get<std::string>(),
                        .track = track_of(incident.at("track")),
                        .started_ms = message.at("started_ms").get<std::int64_t>(),
                        .ended_ms = maybe_integer(message.at("ended_ms")),
                        .told_ms = message.at("told_ms").get<std::int64_t>()};
  std::string told_as = type;
  if (type == "open") {
    auto& orphans = orphans_[record.monitor];
    for (auto orphan = orphans.begin(); orphan != orphans.end(); ++orphan) {
      const IncidentRecord& before = orphan->second;
      if (before.kind != record.kind || before.track != record.track ||
          detector_of(before) != incident.at("detector").get<std::string>())
        continue;
      kept_id_[id] = before.id;
      orphans.erase(orphan);
      told_as = "update";
      break;
    }
  }
  const auto kept = kept_id_.find(id);
  if (kept != kept_id_.end()) {
    record.id = kept->second;
    if (const auto before = store_.incident(record.id)) record.started_ms = before->started_ms;
    incident["id"] = record.id;
    incident["started_at"] = rfc3339(record.started_ms);
    if (type == "close") kept_id_.erase(kept);
  }
  record.json = incident.dump(-1, ' ', false, Json::error_handler_t::replace);
  EvidenceRecord evidence;
  if (told_as == "open" && message.contains("picture")) evidence.picture = message.at("picture").get_binary();
  if (message.contains("map")) evidence.map = message.at("map").dump();
  return write(std::move(record), told_as, name, evidence);
} catch (const Json::exception& e) {
  return Error{ErrorCode::kInternal, fmt::format("a worker's event can't be read: {}", e.what())};
}

void IncidentBook::orphan(const std::string& monitor, const IsMine& is_mine) {
  const std::lock_guard lock(mutex_);
  for (IncidentRecord& open : store_.open_incidents(monitor)) {
    if (!is_mine(detector_of(open))) continue;
    std::string id = open.id;
    orphans_[monitor].insert_or_assign(std::move(id), std::move(open));
  }
}

void IncidentBook::release(const std::string& monitor) {
  const std::lock_guard lock(mutex_);
  orphans_.erase(monitor);
}

Result<void> IncidentBook::take_foreign(const IncidentRecord& incident, EventRecord event,
                                        const EvidenceRecord& evidence, const IsMine& is_mine) {
  const std::lock_guard lock(mutex_);
  const auto before = store_.incident(incident.id);
  if (before && before->told_ms > incident.told_ms) return {};
  auto recorded = store_.record(incident, event, evidence);
  if (!recorded) return recorded;
  if (incident.ended_ms) {
    const auto orphans = orphans_.find(incident.monitor);
    if (orphans != orphans_.end()) orphans->second.erase(incident.id);
  } else if (is_mine(detector_of(incident))) {
    orphans_[incident.monitor].insert_or_assign(incident.id, incident);
  }
  if (event.sequence > 0 && told_) told_(event);
  return {};
}

Result<void> IncidentBook::settle(const std::string& monitor, const std::string& name,
                                  std::chrono::milliseconds running, std::int64_t now_ms) {
  if (running < grace_) return {};
  const std::lock_guard lock(mutex_);
  const auto found = orphans_.find(monitor);
  if (found == orphans_.end()) return {};
  const auto orphans = std::move(found->second);
  orphans_.erase(found);
  for (const auto& [id, incident] : orphans) {
    auto closed = close(incident, name, incident.told_ms, now_ms, "it was over when watching went on");
    if (!closed) return closed;
  }
  return {};
}

Result<void> IncidentBook::tell_after_quiet(std::int64_t now_ms, const NameOf& name_of) {
  const std::lock_guard lock(mutex_);
  for (IncidentRecord& incident : store_.muted_open_incidents()) {
    const auto name = name_of(incident.monitor);
    if (!name || quiet_.is_quiet(incident, now_ms)) continue;
    incident.told_ms = now_ms;
    auto told = write(std::move(incident), "open", *name, {});
    if (!told) return told;
  }
  return {};
}

Result<void> IncidentBook::close_all(const std::string& monitor, const std::string& name, std::int64_t now_ms,
                                     const std::string& why) {
  const std::lock_guard lock(mutex_);
  orphans_.erase(monitor);
  for (const IncidentRecord& incident : store_.open_incidents(monitor)) {
    auto closed = close(incident, name, now_ms, now_ms, why);
    if (!closed) return closed;
  }
  return {};
}

Result<void> IncidentBook::tell_own(const std::string& monitor, const std::string& name,
                                    const std::string& kind, std::int64_t now_ms, const std::string& note) {
  const std::lock_guard lock(mutex_);
  const Severity severity = kind_info(kind).severity;
  IncidentRecord record{.id = stable_id({monitor, kind, std::to_string(now_ms)}),
                        .monitor = monitor,
                        .kind = kind,
                        .severity = std::string(name_of(severity)),
                        .started_ms = now_ms,
                        .told_ms = now_ms};
  record.json = Json({{"id", record.id},
                      {"kind", kind},
                      {"detector", "service"},
                      {"track", nullptr},
                      {"severity", record.severity},
                      {"started_at", rfc3339(now_ms)},
                      {"ended_at", nullptr},
                      {"confidence", 1},
                      {"measures", Json::object()},
                      {"note", note}})
                    .dump(-1, ' ', false, Json::error_handler_t::replace);
  return write(std::move(record), "open", name, {});
}

Result<void> IncidentBook::close(IncidentRecord incident, const std::string& name, std::int64_t ended_ms,
                                 std::int64_t now_ms, const std::string& why) {
  incident.ended_ms = std::max(ended_ms, incident.started_ms);
  incident.told_ms = now_ms;
  Json json = Json::parse(incident.json);
  json["ended_at"] = rfc3339(*incident.ended_ms);
  json["note"] = fmt::format("{} ({})", json.value("note", ""), why);
  incident.json = json.dump();
  return write(std::move(incident), "close", name, {});
}

// Whether it is known, and whether sinks were told of it, is the store's to say.
Result<void> IncidentBook::write(IncidentRecord incident, const std::string& type, const std::string& name,
                                 const EvidenceRecord& evidence) {
  const auto before = store_.incident(incident.id);
  const bool is_quiet = quiet_.is_quiet(incident, incident.told_ms);
  const bool told_late = type == "open" && before && before->muted && !is_quiet;
  incident.muted = before ? before->muted && !told_late : is_quiet;
  std::string id = fmt::format("{}.{}", incident.id, type);
  // An instance that was cut off may have closed it, and this one have gone on with it.
  const bool again = type == "close" && before && !before->ended_ms && store_.has_event(id);
  if (type == "update" || told_late || again) id = fmt::format("{}.{}", id, incident.told_ms);
  EventRecord event{
      .id = std::move(id),
      .monitor = incident.monitor,
      .incident = incident.id,
      .type = type,
      .kind = incident.kind,
      .severity = incident.severity,
      .told_ms = incident.told_ms,
      .muted = incident.muted || (is_quiet && type == "update"),
  };
  const nlohmann::ordered_json json = {{"schema", "monolens.live_event/1"},
                                       {"id", event.id},
                                       {"event", type},
                                       {"time", rfc3339(event.told_ms)},
                                       {"monitor", {{"id", incident.monitor}, {"name", name}}},
                                       {"incident", nlohmann::ordered_json::parse(incident.json)}};
  event.json = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  auto recorded = store_.record(incident, event, evidence);
  if (recorded && event.sequence > 0 && told_) told_(event);
  return recorded;
}

}  // namespace monolens

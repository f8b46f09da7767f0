#include "cluster/told.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cluster/cbor.h"

namespace monolens {
namespace {

using Json = nlohmann::json;

Json maybe(std::optional<std::int64_t> ms) { return ms ? Json(*ms) : Json(nullptr); }

std::optional<std::int64_t> maybe_integer(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<std::int64_t>());
}

Json to_json(const ToldEvent& told) {
  const EventRecord& e = told.event;
  const IncidentRecord& i = told.incident;
  Json json = {
      {"told", "event"},
      {"instance", told.instance},
      {"event",
       {{"id", e.id}, {"type", e.type}, {"told_ms", e.told_ms}, {"json", e.json}, {"muted", e.muted}}},
      {"incident",
       {{"id", i.id},
        {"monitor", i.monitor},
        {"kind", i.kind},
        {"severity", i.severity},
        {"track", i.track},
        {"started_ms", i.started_ms},
        {"ended_ms", maybe(i.ended_ms)},
        {"told_ms", i.told_ms},
        {"json", i.json},
        {"muted", i.muted}}}};
  if (!told.evidence.picture.empty()) json["picture"] = Json::binary(told.evidence.picture);
  if (!told.evidence.map.empty()) json["map"] = told.evidence.map;
  return json;
}

Json to_json(const ToldAcknowledged& told) {
  return {{"told", "acknowledged"}, {"incident", told.incident}, {"at_ms", told.at_ms}};
}

Json to_json(const ToldSnoozed& told) {
  return {{"told", "snoozed"}, {"incident", told.incident}, {"until_ms", maybe(told.until_ms)}};
}

ToldEvent event_of(const Json& json) {
  const Json& e = json.at("event");
  const Json& i = json.at("incident");
  ToldEvent told;
  told.instance = json.at("instance").get<std::string>();
  told.incident = {.id = i.at("id").get<std::string>(),
                   .monitor = i.at("monitor").get<std::string>(),
                   .kind = i.at("kind").get<std::string>(),
                   .severity = i.at("severity").get<std::string>(),
                   .track = i.at("track").get<std::string>(),
                   .started_ms = i.at("started_ms").get<std::int64_t>(),
                   .ended_ms = maybe_integer(i.at("ended_ms")),
                   .told_ms = i.at("told_ms").get<std::int64_t>(),
                   .acknowledged_ms = {},
                   .json = i.at("json").get<std::string>(),
                   .muted = i.at("muted").get<bool>()};
  told.event = {.sequence = 0,
                .id = e.at("id").get<std::string>(),
                .monitor = told.incident.monitor,
                .incident = told.incident.id,
                .type = e.at("type").get<std::string>(),
                .kind = told.incident.kind,
                .severity = told.incident.severity,
                .told_ms = e.at("told_ms").get<std::int64_t>(),
                .json = e.at("json").get<std::string>(),
                .muted = e.at("muted").get<bool>(),
                .origin = told.instance};
  // Both are shown to people and parsed again: here is where they are refused.
  if (!Json::accept(told.event.json)) throw Json::other_error::create(501, "an event that is no JSON", &json);
  const Json incident = Json::parse(told.incident.json);
  if (!incident.at("detector").is_string())
    throw Json::other_error::create(501, "a detector that is no name", &json);
  if (json.contains("picture")) told.evidence.picture = json.at("picture").get_binary();
  told.evidence.map = json.value("map", "");
  return told;
}

}  // namespace

std::string to_cbor(const Told& told) {
  return cbor_of(std::visit([](const auto& t) { return to_json(t); }, told));
}

Result<Told> parse_told(std::string_view cbor) try {
  const Json json = Json::from_cbor(cbor);
  const auto what = json.at("told").get<std::string>();
  if (what == "event") return Told(event_of(json));
  const auto incident = json.at("incident").get<std::string>();
  if (what == "acknowledged") return Told(ToldAcknowledged{incident, json.at("at_ms").get<std::int64_t>()});
  if (what == "snoozed") return Told(ToldSnoozed{incident, maybe_integer(json.at("until_ms"))});
  return Error{ErrorCode::kRejected, fmt::format("nothing is told as '{}'", what)};
} catch (const Json::exception& e) {
  return Error{ErrorCode::kRejected, fmt::format("this tells nothing: {}", e.what())};
}

std::string monitor_to_json(const MonitorRecord& m) {
  return Json({{"id", m.id},
               {"client_key", m.client_key},
               {"created_ms", m.created_ms},
               {"changed_ms", m.changed_ms},
               {"spec", m.spec},
               {"quarantined", m.quarantined}})
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<MonitorRecord> parse_monitor(std::string_view text) try {
  const Json json = Json::parse(text);
  return MonitorRecord{.id = json.at("id").get<std::string>(),
                       .client_key = json.at("client_key").get<std::string>(),
                       .created_ms = json.at("created_ms").get<std::int64_t>(),
                       .changed_ms = json.at("changed_ms").get<std::int64_t>(),
                       .spec = json.at("spec").get<std::string>(),
                       .quarantined = json.at("quarantined").get<std::string>()};
} catch (const Json::exception& e) {
  return Error{ErrorCode::kRejected, fmt::format("this is no monitor: {}", e.what())};
}

}  // namespace monolens

#include "service/api.h"

#include <fmt/format.h>

#include <charconv>

#include "base/base64.h"
#include "base/rfc3339.h"
#include "base/text.h"
#include "base/version.h"
#include "cost/price_book.h"
#include "detectors/registry.h"
#include "http/http_date.h"
#include "http/problem.h"
#include "service/measurement_query.h"
#include "service/metrics.h"
#include "service/openapi_document.h"
#include "service/page.h"
#include "service/wall_clock.h"

namespace monolens {
namespace {

using Json = nlohmann::json;

constexpr int kMostIncidents = 1'000;
constexpr int kLongestProbe_s = 20;

HttpResponse json_response(const Json& json, int status = 200) {
  return {.status = status,
          .headers = {},
          .body = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n",
          .content_type = "application/json"};
}

HttpResponse problem_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::kUsage:
      return problem(422, "Unprocessable Content", error.message);
    case ErrorCode::kRefused:
      return problem(403, "Forbidden", error.message);
    case ErrorCode::kNotFound:
      return problem(404, "Not Found", error.message);
    case ErrorCode::kRejected:
      return problem(409, "Conflict", error.message);
    default:
      return problem(500, "Internal Server Error", error.message);
  }
}

Json instant(std::optional<std::int64_t> ms) { return ms ? Json(rfc3339(*ms)) : Json(nullptr); }

Json known_json(const MonitorView& m) {
  Json json = to_shown_json(m.spec);
  json["id"] = m.record.id;
  json["created_at"] = rfc3339(m.record.created_ms);
  json["changed_at"] = rfc3339(m.record.changed_ms);
  json["quarantined"] = m.record.quarantined.empty() ? Json(nullptr) : Json(m.record.quarantined);
  json["status"] = m.status;
  json["score"] = m.score;
  return json;
}

Json sink_json(const SinkStatus& s) {
  return {{"name", s.name},
          {"state", name_of(s.state)},
          {"trouble", s.trouble.empty() ? Json(nullptr) : Json(s.trouble)},
          {"delivered", s.delivered},
          {"dropped", s.dropped},
          {"failures", s.failures},
          {"waiting", s.waiting},
          {"last_delay_s", s.last_delay_s}};
}

Json incident_json(const IncidentRecord& i, const QuietTimes& quiet) {
  Json json = Json::parse(i.json);
  json["monitor"] = i.monitor;
  json["ended_at"] = instant(i.ended_ms);
  json["acknowledged_at"] = instant(i.acknowledged_ms);
  json["muted"] = i.muted;
  json["snoozed_until"] = instant(quiet.snoozed_until(i, now_ms()));
  return json;
}

std::string no_room(const Capacity::Lack& lack) {
  return fmt::format(
      "there is no room for one monitor more: {:.2f} cores are free and {:.2f} are needed, so {:.2f} are "
      "missing",
      std::max(0.0, lack.free), lack.needed, lack.needed - lack.free);
}

HttpResponse come_again(const std::string& why) {
  HttpResponse response = problem(503, "Service Unavailable", why);
  response.headers.emplace_back("Retry-After", "60");
  return response;
}

Json detector_json(const DetectorInfo& d) {
  Json options = Json::array();
  for (const OptionInfo& o : d.options) {
    options.push_back({{"name", o.name},
                       {"default", o.fallback},
                       {"minimum", o.min},
                       {"maximum", o.max},
                       {"unit", o.unit},
                       {"help", o.help}});
  }
  return {{"name", d.name},
          {"summary", d.summary},
          {"kinds", Json(std::vector<std::string>(d.kinds.begin(), d.kinds.end()))},
          {"options", std::move(options)}};
}

// What a core that is busy for an hour costs, by the list prices that are built in.
Json core_hour_json() {
  const cost::Price price = cost::core_hour(cost::default_price_book());
  return {{"usd", price.of(1)}, {"region", price.region}, {"date", price.date}, {"source", price.source}};
}

HttpResponse bytes_response(std::string bytes, std::string type) {
  return {.status = 200, .headers = {}, .body = std::move(bytes), .content_type = std::move(type)};
}

template <class T>
std::optional<T> whole(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string cursor_of(const IncidentRecord& i) { return fmt::format("{}-{}", i.started_ms, i.id); }

Error wrong_parameter(std::string_view name, std::string_view what) {
  return {ErrorCode::kUsage, fmt::format("parameter '{}' {}", name, what)};
}

Result<IncidentQuery> incident_query(const HttpRequest& request) {
  IncidentQuery query;
  for (const auto& [name, value] : request.query) {
    if (name == "monitor") {
      query.monitor = value;
    } else if (name == "kind") {
      query.kind = value;
    } else if (name == "severity") {
      query.severity = value;
    } else if (name == "open") {
      if (value != "true" && value != "false") return wrong_parameter(name, "must be true or false");
      query.open = value == "true";
    } else if (name == "from" || name == "until") {
      const auto ms = parse_rfc3339(value);
      if (!ms) return wrong_parameter(name, "must be an instant of RFC 3339");
      (name == "from" ? query.from_ms : query.until_ms) = ms;
    } else if (name == "limit") {
      const auto limit = whole<int>(value);
      if (!limit || *limit < 1 || *limit > kMostIncidents)
        return wrong_parameter(name, fmt::format("must be from 1 to {}", kMostIncidents));
      query.limit = *limit;
    } else if (name == "cursor") {
      const auto dash = value.find('-');
      const auto ms = whole<std::int64_t>(std::string_view(value).substr(0, dash));
      if (dash == std::string::npos || !ms) return wrong_parameter(name, "is none that was given out");
      query.after = {*ms, value.substr(dash + 1)};
    } else {
      return Error{ErrorCode::kUsage, fmt::format("unknown parameter '{}'", name)};
    }
  }
  return query;
}

Result<Json> body_of(const HttpRequest& request) {
  Json json = Json::parse(request.body, nullptr, false);
  if (json.is_discarded()) return Error{ErrorCode::kUsage, "the body is not JSON"};
  return json;
}

Result<std::optional<std::int64_t>> snooze_of(const HttpRequest& request) {
  auto body = body_of(request);
  if (!body) return body.error();
  if (!body->is_object() || body->size() != 1 || !body->contains("until"))
    return Error{ErrorCode::kUsage, "the body must be an object with 'until' alone"};
  const Json& until = body->at("until");
  if (until.is_null()) return std::optional<std::int64_t>();
  const auto at = until.is_string() ? parse_rfc3339(until.get<std::string>()) : std::nullopt;
  if (!at || *at <= now_ms())
    return Error{ErrorCode::kUsage, "'until' must be an instant of RFC 3339 that is to come, or null"};
  return at;
}

Result<MonitorSpec> probe_of(const HttpRequest& request) {
  auto body = body_of(request);
  if (!body) return body.error();
  if (body->is_object()) {
    for (const auto& [member, value] : body->items()) {
      if (member != "url" && member != "program" && member != "variant" && member != "timeout_s")
        return Error{ErrorCode::kUsage, fmt::format("unknown member '{}'", printable(member))};
    }
  }
  auto spec = parse_monitor_spec(*body);
  if (spec && spec->url == kDemoUrl)
    return Error{ErrorCode::kUsage, "'url' is the demo, which is made when it is watched"};
  if (spec && spec->timeout_s > kLongestProbe_s)
    return Error{ErrorCode::kUsage, fmt::format("'timeout_s' must be at most {}", kLongestProbe_s)};
  return spec;
}

bool is_public(const std::string& path) { return path == "/healthz" || path == "/readyz"; }

}  // namespace

Api::Api(Service& service, EventFeed& feed, BearerTokens tokens, ClusterMember* cluster)
    : service_(service), feed_(feed), tokens_(std::move(tokens)), cluster_(cluster) {
  add_monitor_routes();
  add_picture_routes();
  add_measurement_routes();
  add_incident_routes();
  add_other_routes();
  add_cluster_routes();
}

HttpReply Api::answer(const HttpRequest& request) const {
  // The page comes without a token, so that a person has where to type one.
  if (auto page = page_response(request, page_files())) return std::move(*page);
  if (auto refused = refusal(request)) return std::move(*refused);
  if (cluster_ != nullptr) {
    if (auto response = cluster_->answer_elsewhere(request)) return std::move(*response);
  }
  return router_.route(request);
}

HttpResponse Api::answer_here(const HttpRequest& request) const {
  HttpReply reply = router_.route(request);
  auto* response = std::get_if<HttpResponse>(&reply);
  return response != nullptr ? std::move(*response) : problem(404);
}

// One that another instance watches has its status there.
Json Api::monitor_json(const MonitorView& m) const {
  Json json = known_json(m);
  if (cluster_ != nullptr && m.status.is_null()) json["status"] = cluster_->status_of(m.record.id);
  return json;
}

std::optional<HttpResponse> Api::refusal(const HttpRequest& request) const {
  // A page of another site can make a browser post here, but not as JSON without asking first.
  const std::string* type = request.header("Content-Type");
  if (!request.body.empty() && (type == nullptr || !type->starts_with("application/json")))
    return problem(415, "Unsupported Media Type", "the body must be application/json");
  if (is_public(request.path)) return std::nullopt;
  const auto role = role_of(request);
  if (!role) {
    HttpResponse response = problem(401);
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
  }
  const bool writes = request.method != "GET";
  if (writes && *role != Role::kWrite) return problem(403, "Forbidden", "the token may only read");
  return std::nullopt;
}

std::optional<Role> Api::role_of(const HttpRequest& request) const {
  if (tokens_.empty()) return Role::kWrite;
  const std::string* header = request.header("Authorization");
  const auto token = header == nullptr ? std::nullopt : bearer_token(*header);
  return token ? tokens_.role_of(*token) : std::nullopt;
}

void Api::add_monitor_routes() {
  router_.on("GET", "/v1/monitors", [this](const HttpRequest&, const PathParameters&) -> HttpReply {
    Json all = Json::array();
    for (const MonitorView& m : service_.monitors()) all.push_back(monitor_json(m));
    return json_response({{"monitors", std::move(all)}});
  });
  router_.on("POST", "/v1/monitors", [this](const HttpRequest& request, const PathParameters&) -> HttpReply {
    auto body = body_of(request);
    if (!body) return problem_of(body.error());
    auto spec = parse_monitor_spec(*body);
    if (!spec) return problem_of(spec.error());
    const std::string* key = request.header("Idempotency-Key");
    const auto refused = cluster_ != nullptr ? cluster_->refusal(*spec) : std::nullopt;
    if (refused) return come_again(*refused);
    const auto lack = cluster_ == nullptr ? service_.lack_of_room(*spec) : std::nullopt;
    if (lack && !(key != nullptr && service_.store().monitor_of_key(*key))) return come_again(no_room(*lack));
    bool created = false;
    auto monitor = service_.create(*spec, key == nullptr ? "" : *key, created);
    if (!monitor) return problem_of(monitor.error());
    HttpResponse response = json_response(monitor_json(*monitor), created ? 201 : 200);
    response.headers.emplace_back("Location", "/v1/monitors/" + monitor->record.id);
    return response;
  });
  router_.on("GET", "/v1/monitors/{id}", [this](const HttpRequest&, const PathParameters& path) -> HttpReply {
    const auto monitor = service_.monitor(path.at("id"));
    return monitor ? json_response(monitor_json(*monitor)) : problem(404);
  });
  router_.on("PATCH", "/v1/monitors/{id}",
             [this](const HttpRequest& request, const PathParameters& path) -> HttpReply {
               auto body = body_of(request);
               if (!body) return problem_of(body.error());
               auto monitor = service_.change(path.at("id"), *body);
               return monitor ? json_response(monitor_json(*monitor)) : problem_of(monitor.error());
             });
  router_.on("DELETE", "/v1/monitors/{id}",
             [this](const HttpRequest&, const PathParameters& path) -> HttpReply {
               auto removed = service_.remove(path.at("id"));
               if (!removed) return problem_of(removed.error());
               return HttpResponse{.status = 204, .headers = {}, .body = {}, .content_type = {}};
             });
  router_.on("GET", "/v1/monitors/{id}/score",
             [this](const HttpRequest&, const PathParameters& path) -> HttpReply {
               const auto monitor = service_.monitor(path.at("id"));
               if (!monitor) return problem(404);
               HttpResponse response = json_response({{"score", monitor->score}});
               // Common Media Server Data (CTA-5006): a key of our own, as the standard allows with a prefix.
               response.headers.emplace_back(
                   "CMSD-Dynamic", fmt::format("\"monolens\";com.monolens-score={:.0f}", monitor->score));
               return response;
             });
}

void Api::add_picture_routes() {
  router_.on("POST", "/v1/probe", [this](const HttpRequest& request, const PathParameters&) -> HttpReply {
    auto spec = probe_of(request);
    if (!spec) return problem_of(spec.error());
    auto probed = service_.probe(*spec);
    if (!probed) {
      HttpResponse busy = problem(503, "Service Unavailable", "other addresses are being looked at");
      busy.headers.emplace_back("Retry-After", "5");
      return busy;
    }
    if (!*probed && probed->error().code == ErrorCode::kRefused) return problem_of(probed->error());
    if (!*probed) return problem(422, "Unprocessable Content", "'url': " + probed->error().message);
    const auto& jpeg = (*probed)->jpeg;
    return json_response(
        {{"input", (*probed)->input}, {"picture", jpeg.empty() ? Json(nullptr) : Json(base64(jpeg))}});
  });
  router_.on(
      "GET", "/v1/monitors/{id}/picture",
      [this](const HttpRequest&, const PathParameters& path) -> HttpReply {
        const auto picture = service_.picture(path.at("id"));
        if (!picture) return problem(404);
        HttpResponse response = bytes_response({picture->jpeg.begin(), picture->jpeg.end()}, "image/jpeg");
        response.headers.emplace_back("Last-Modified", http_date(picture->taken_ms / 1000));
        return response;
      });
  router_.on("GET", "/v1/incidents/{id}/picture",
             [this](const HttpRequest&, const PathParameters& path) -> HttpReply {
               const auto jpeg = service_.store().picture(path.at("id"));
               if (jpeg.empty()) return problem(404);
               return bytes_response({jpeg.begin(), jpeg.end()}, "image/jpeg");
             });
  router_.on("GET", "/v1/incidents/{id}/clip",
             [this](const HttpRequest&, const PathParameters& path) -> HttpReply {
               auto mp4 = service_.clip(path.at("id"));
               return mp4 ? bytes_response(std::move(*mp4), "video/mp4") : problem(404);
             });
}

void Api::add_measurement_routes() {
  router_.on("GET", "/v1/monitors/{id}/measurements",
             [this](const HttpRequest& request, const PathParameters& path) -> HttpReply {
               if (!service_.monitor(path.at("id"))) return problem(404);
               auto query = parse_measurement_query(request, now_ms() / 1000);
               if (!query) return problem_of(query.error());
               return json_response(
                   measurement_columns(service_.measurements().of(path.at("id"), query->step_s, query->from_s,
                                                                  query->until_s, kMostMeasurements),
                                       query->step_s));
             });
}

void Api::add_incident_routes() {
  router_.on("GET", "/v1/incidents", [this](const HttpRequest& request, const PathParameters&) -> HttpReply {
    auto query = incident_query(request);
    if (!query) return problem_of(query.error());
    const auto incidents = service_.store().incidents(*query);
    Json all = Json::array();
    for (const IncidentRecord& i : incidents) all.push_back(incident_json(i, service_.quiet()));
    const bool full = incidents.size() == static_cast<std::size_t>(query->limit);
    return json_response(
        {{"incidents", std::move(all)}, {"next", full ? Json(cursor_of(incidents.back())) : Json(nullptr)}});
  });
  router_.on("GET", "/v1/incidents/{id}",
             [this](const HttpRequest&, const PathParameters& path) -> HttpReply {
               const auto incident = service_.store().incident(path.at("id"));
               if (!incident) return problem(404);
               Json json = incident_json(*incident, service_.quiet());
               const std::string map = service_.store().map(path.at("id"));
               json["map"] = map.empty() ? Json(nullptr) : Json::parse(map);
               return json_response(json);
             });
  router_.on(
      "POST", "/v1/incidents/{id}/acknowledge",
      [this](const HttpRequest&, const PathParameters& path) -> HttpReply {
        auto done = service_.acknowledge(path.at("id"));
        if (!done) return problem_of(done.error());
        return json_response(incident_json(*service_.store().incident(path.at("id")), service_.quiet()));
      });
  router_.on(
      "POST", "/v1/incidents/{id}/snooze",
      [this](const HttpRequest& request, const PathParameters& path) -> HttpReply {
        if (!service_.store().incident(path.at("id"))) return problem(404);
        auto until = snooze_of(request);
        if (!until) return problem_of(until.error());
        auto done = service_.snooze(path.at("id"), *until);
        if (!done) return problem_of(done.error());
        return json_response(incident_json(*service_.store().incident(path.at("id")), service_.quiet()));
      });
  router_.on("GET", "/v1/incidents/{id}/deliveries",
             [this](const HttpRequest&, const PathParameters& path) -> HttpReply {
               if (!service_.store().incident(path.at("id"))) return problem(404);
               Json all = Json::array();
               for (const DeliveryRecord& d : service_.store().deliveries(path.at("id"))) {
                 all.push_back({{"sink", d.sink},
                                {"event", d.type},
                                {"told_at", rfc3339(d.told_ms)},
                                {"delivered_at", rfc3339(d.delivered_ms)}});
               }
               return json_response({{"deliveries", std::move(all)}});
             });
}

void Api::add_other_routes() {
  router_.on("GET", "/v1/detectors", [](const HttpRequest&, const PathParameters&) -> HttpReply {
    Json all = Json::array();
    for (const DetectorInfo* d : all_detectors()) all.push_back(detector_json(*d));
    return json_response({{"detectors", std::move(all)}});
  });
  router_.on("GET", "/v1/service", [this](const HttpRequest& request, const PathParameters&) -> HttpReply {
    return json_response({{"version", kVersion},
                          {"started_at", rfc3339(service_.started_ms())},
                          {"role", role_of(request) == Role::kWrite ? "write" : "read"},
                          {"capacity_cores", service_.capacity().cores()},
                          {"used_cores", service_.capacity().used()},
                          {"core_hour", core_hour_json()}});
  });
  router_.on("GET", "/v1/events", [this](const HttpRequest& request, const PathParameters&) -> HttpReply {
    std::int64_t after = service_.store().last_sequence();
    if (const std::string* last = request.header("Last-Event-ID")) {
      const auto sequence = whole<std::int64_t>(*last);
      if (!sequence || *sequence < 0)
        return problem(400, "Bad Request", "Last-Event-ID is none that was sent");
      after = *sequence;
    }
    return feed_.follow(after);
  });
  router_.on("GET", "/v1/sinks", [this](const HttpRequest&, const PathParameters&) -> HttpReply {
    Json all = Json::array();
    for (const SinkStatus& s : service_.sinks()) all.push_back(sink_json(s));
    return json_response({{"sinks", std::move(all)}});
  });
  router_.on("GET", "/v1/openapi.yaml", [](const HttpRequest&, const PathParameters&) -> HttpReply {
    HttpResponse response{.status = 200, .headers = {}, .body = {}, .content_type = "application/yaml"};
    for (const std::string_view piece : openapi_document()) response.body += piece;
    return response;
  });
  router_.on("GET", "/healthz", [](const HttpRequest&, const PathParameters&) -> HttpReply {
    return json_response({{"status", "ok"}});
  });
  router_.on("GET", "/readyz", [this](const HttpRequest&, const PathParameters&) -> HttpReply {
    if (service_.is_ready()) return json_response({{"status", "ready"}});
    return problem(503, "Service Unavailable", "the worker is being started");
  });
  router_.on("GET", "/metrics", [this](const HttpRequest&, const PathParameters&) -> HttpReply {
    return bytes_response(metrics_text(service_, cluster_), "text/plain; version=0.0.4; charset=utf-8");
  });
}

void Api::add_cluster_routes() {
  router_.on("GET", "/v1/cluster", [this](const HttpRequest&, const PathParameters&) -> HttpReply {
    return cluster_ != nullptr ? json_response(cluster_->view()) : problem(404);
  });
  router_.on(
      "POST", "/v1/cluster/drain", [this](const HttpRequest& request, const PathParameters&) -> HttpReply {
        if (cluster_ == nullptr) return problem(404);
        auto body = body_of(request);
        if (!body) return problem_of(body.error());
        const bool is_known = body->is_object() && body->contains("instance") &&
                              body->at("instance").is_string() &&
                              (!body->contains("drain") || body->at("drain").is_boolean()) &&
                              body->size() == (body->contains("drain") ? 2U : 1U);
        if (!is_known) {
          return problem(422, "Unprocessable Content",
                         "the body must be an object with 'instance', and 'drain' or not");
        }
        auto drained = cluster_->drain(body->at("instance").get<std::string>(), body->value("drain", true));
        if (!drained) return problem_of(drained.error());
        return HttpResponse{.status = 202, .headers = {}, .body = {}, .content_type = {}};
      });
}

}  // namespace monolens

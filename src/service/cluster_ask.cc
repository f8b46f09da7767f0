// Of ClusterMember, what one instance answers for another: a request goes over the broker to where its answer
// is, and comes back in parts that fit into the broker's messages.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "cluster/cbor.h"
#include "service/cluster_member.h"

namespace monolens {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

constexpr auto kPatience = milliseconds(2'000);
constexpr auto kFresh = milliseconds(1'000);  // for a status
constexpr std::size_t kPart = 256 * 1024;
constexpr const char* kStatuses = "/v1/cluster/statuses";

// As "/v1/COLLECTION/ID/WHAT".
bool asks_for(const HttpRequest& request, std::string_view collection, std::string_view what,
              std::string& id) {
  const auto segments = split(request.path, '/');
  if (request.method != "GET" || segments.size() != 4 || segments[1] != collection || segments[3] != what)
    return false;
  id = segments[2];
  return true;
}

// Rows of all, in the order of time; of two that have a value for the same time, the first counts.
Json merged(const std::vector<Json>& all) {
  std::set<std::string> at;
  std::set<std::string> names;
  for (const Json& one : all) {
    for (const Json& time : one.at("at")) at.insert(time.get<std::string>());
    for (const auto& [name, columns] : one.at("quantities").items()) names.insert(name);
  }
  const std::vector<std::string> rows(at.begin(), at.end());
  const auto row_of = [&](const Json& time) {
    return static_cast<std::size_t>(std::lower_bound(rows.begin(), rows.end(), time.get<std::string>()) -
                                    rows.begin());
  };
  Json quantities = Json::object();
  for (const std::string& name : names) {
    for (const char* which : {"mean", "least", "greatest"}) {
      Json& column = quantities[name][which] = Json(rows.size(), nullptr);
      for (const Json& one : all) {
        const auto found = one.at("quantities").find(name);
        if (found == one.at("quantities").end()) continue;
        for (std::size_t i = 0; i < one.at("at").size(); ++i) {
          Json& cell = column[row_of(one.at("at")[i])];
          if (cell.is_null()) cell = found->at(which).at(i);
        }
      }
    }
  }
  return {{"step_s", all.front().at("step_s")}, {"at", rows}, {"quantities", std::move(quantities)}};
}

}  // namespace

void ClusterMember::set_answer(Answer answer) {
  const std::lock_guard lock(mutex_);
  answer_ = std::move(answer);
}

HttpResponse ClusterMember::answer_here(const HttpRequest& request) const {
  if (request.path == kStatuses) {
    Json statuses = Json::object();
    for (const MonitorView& m : service_.monitors()) {
      if (!m.status.is_null()) statuses[m.record.id] = m.status;
    }
    return {.status = 200, .headers = {}, .body = statuses.dump(), .content_type = "application/json"};
  }
  Answer answer;
  {
    const std::lock_guard lock(mutex_);
    answer = answer_;
  }
  return answer ? answer(request)
                : HttpResponse{.status = 503, .headers = {}, .body = {}, .content_type = {}};
}

void ClusterMember::answer_asked(const Broker::Message& message) try {
  const Json asked = Json::from_cbor(message.data);
  if (asked.contains("drain")) {
    is_draining_ = asked.at("drain").get<bool>();
    return;
  }
  HttpRequest request;
  request.method = "GET";  // nothing else is answered for others
  request.path = asked.at("path").get<std::string>();
  request.query = asked.at("query").get<HttpFields>();
  const HttpResponse response = answer_here(request);
  std::size_t at = 0;
  do {
    const std::string part = response.body.substr(at, kPart);
    at += kPart;
    (void)broker_->publish(message.reply,
                           cbor_of({{"status", response.status},
                                    {"type", response.content_type},
                                    {"headers", response.headers},
                                    {"body", Json::binary({part.begin(), part.end()})},
                                    {"last", at >= response.body.size()}}),
                           "");
  } while (at < response.body.size());
} catch (const std::exception&) {
  return;  // whoever asked so is none of this protocol, or of what can't be answered, and waits in vain
}

std::optional<HttpResponse> ClusterMember::ask(const std::string& instance, const HttpRequest& request) const
    try {
  const auto is_last = [](const std::string& part) {
    const Json json = Json::from_cbor(part, true, false);
    return json.is_discarded() || json.value("last", true);
  };
  auto parts = broker_->ask(names_.ask(instance), cbor_of({{"path", request.path}, {"query", request.query}}),
                            is_last, kPatience);
  if (!parts) return std::nullopt;
  HttpResponse response;
  for (const std::string& part : *parts) {
    const Json json = Json::from_cbor(part);
    response.status = json.at("status").get<int>();
    response.content_type = json.at("type").get<std::string>();
    response.headers = json.at("headers").get<HttpFields>();
    const auto& body = json.at("body").get_binary();
    response.body.append(body.begin(), body.end());
  }
  return response;
} catch (const Json::exception&) {
  return std::nullopt;
}

std::optional<HttpResponse> ClusterMember::ask_first(const HttpRequest& request) const {
  for (const Peers::Peer& peer : peers_.live(Clock::now())) {
    auto response = ask(peer.heartbeat.instance, request);
    if (response && response->status == 200) return response;
  }
  return std::nullopt;
}

// Each instance that watched it has those of its time.
HttpResponse ClusterMember::measurements_of_all(const HttpRequest& request) const try {
  HttpResponse own = answer_here(request);
  if (own.status != 200) return own;
  std::vector<Json> all = {Json::parse(own.body)};
  for (const Peers::Peer& peer : peers_.live(Clock::now())) {
    const auto response = ask(peer.heartbeat.instance, request);
    if (response && response->status == 200) all.push_back(Json::parse(response->body));
  }
  if (all.size() > 1) own.body = merged(all).dump() + "\n";
  return own;
} catch (const Json::exception&) {
  return answer_here(request);
}

std::optional<HttpResponse> ClusterMember::answer_elsewhere(const HttpRequest& request) const {
  std::string id;
  if (asks_for(request, "monitors", "measurements", id)) return measurements_of_all(request);
  if (asks_for(request, "monitors", "picture", id) && !service_.picture(id)) return ask_first(request);
  if (asks_for(request, "incidents", "clip", id) && !service_.clip(id)) return ask_first(request);
  return std::nullopt;
}

Json ClusterMember::status_of(const std::string& monitor) const {
  refresh_statuses();
  const std::lock_guard lock(mutex_);
  const auto found = statuses_.find(monitor);
  return found == statuses_.end() ? Json(nullptr) : found->second;
}

void ClusterMember::refresh_statuses() const {
  const auto now = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    if (now - statuses_at_ < kFresh) return;
    statuses_at_ = now;
  }
  std::map<std::string, Json> statuses;
  HttpRequest request;
  request.path = kStatuses;
  for (const Peers::Peer& peer : peers_.live(now)) {
    const auto response = ask(peer.heartbeat.instance, request);
    const Json all = response ? Json::parse(response->body, nullptr, false) : Json();
    if (!all.is_object()) continue;
    for (const auto& [id, status] : all.items()) statuses.emplace(id, status);
  }
  const std::lock_guard lock(mutex_);
  statuses_ = std::move(statuses);
}

}  // namespace monolens

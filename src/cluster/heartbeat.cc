#include "cluster/heartbeat.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cluster/cbor.h"

namespace monolens {

using Json = nlohmann::json;

std::string to_cbor(const Heartbeat& h) {
  Json held = Json::array();
  for (const auto& [pair, delivery] : h.held) held.push_back({pair.monitor, pair.group, delivery});
  return cbor_of({{"instance", h.instance},
                  {"version", h.version},
                  {"draining", h.draining},
                  {"leaving", h.leaving},
                  {"groups", h.groups},
                  {"capacity_cores", h.capacity_cores},
                  {"used_cores", h.used_cores},
                  {"held", std::move(held)}});
}

Result<Heartbeat> parse_heartbeat(std::string_view cbor) try {
  const Json json = Json::from_cbor(cbor);
  Heartbeat h{.instance = json.at("instance").get<std::string>(),
              .version = json.at("version").get<std::string>(),
              .draining = json.at("draining").get<bool>(),
              .leaving = json.at("leaving").get<bool>(),
              .groups = json.at("groups").get<std::vector<std::string>>(),
              .capacity_cores = json.at("capacity_cores").get<double>(),
              .used_cores = json.at("used_cores").get<double>(),
              .held = {}};
  for (const Json& pair : json.at("held"))
    h.held[{pair.at(0).get<std::string>(), pair.at(1).get<std::string>()}] = pair.at(2).get<std::uint64_t>();
  return h;
} catch (const Json::exception& e) {
  return Error{ErrorCode::kRejected, fmt::format("this is no heartbeat: {}", e.what())};
}

}  // namespace monolens

#include "cluster/agreement.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "cluster/names.h"

namespace monolens {

using Json = nlohmann::json;

std::string agreement_to_json(const DetectorGroups& groups) {
  return Json({{"protocol", kClusterProtocol}, {"groups", groups.all()}}).dump();
}

Result<DetectorGroups> parse_agreement(std::string_view text) try {
  const Json json = Json::parse(text);
  const int protocol = json.value("protocol", 0);
  if (protocol != kClusterProtocol) {
    return Error{ErrorCode::kRefused, fmt::format("its instances speak protocol {}, this version speaks {}",
                                                  protocol, kClusterProtocol)};
  }
  std::map<std::string, std::string> lists;
  for (const auto& [name, detectors] : json.at("groups").items())
    lists[name] = fmt::format("{}", fmt::join(detectors.get<std::vector<std::string>>(), ","));
  auto groups = DetectorGroups::make(lists);
  if (groups) return groups;
  return Error{ErrorCode::kRefused, "its detectors are others: " + groups.error().message};
} catch (const Json::exception& e) {
  return Error{ErrorCode::kRefused, fmt::format("what its instances agreed on can't be read: {}", e.what())};
}

}  // namespace monolens

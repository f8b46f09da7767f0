#include "service/measurement_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace monolens {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMembers = 4;

bool is_quantity(const Json& json) {
  return json.is_array() && json.size() == kMembers &&
         std::all_of(json.begin(), json.end(), [](const Json& v) { return v.is_number(); }) &&
         json[3].is_number_unsigned() && json[3] > 0;
}

}  // namespace

Json to_json(const Measurements& measured) {
  Json json = Json::object();
  for (const auto& [name, q] : measured.quantities()) json[name] = {q.mean(), q.least, q.greatest, q.count};
  return json;
}

std::string to_text(const Measurements& measured) {
  std::string text = "{";
  for (const auto& [name, q] : measured.quantities()) {
    if (text.size() > 1) text += ',';
    fmt::format_to(std::back_inserter(text), R"("{}":[{:.6g},{:.6g},{:.6g},{}])", name, q.mean(), q.least,
                   q.greatest, q.count);
  }
  return text + "}";
}

Measurements parse_measurements(const Json& json) {
  Measurements measured;
  if (!json.is_object()) return measured;
  for (const auto& [name, value] : json.items()) {
    if (!is_quantity(value)) continue;
    const auto count = value[3].get<std::uint64_t>();
    measured.add(name, Quantity{.sum = value[0].get<double>() * static_cast<double>(count),
                                .least = value[1].get<double>(),
                                .greatest = value[2].get<double>(),
                                .count = count});
  }
  return measured;
}

}  // namespace monolens

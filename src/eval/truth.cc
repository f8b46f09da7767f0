#include "eval/truth.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace monolens::eval {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::pair<std::string_view, Role>, 3> kRoles{
    {{"defect", Role::kDefect}, {"curve", Role::kCurve}, {"negative", Role::kNegative}}};

double to_microsecond(double s) { return std::round(s * 1e6) / 1e6; }

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json to_json(const Interval& i) {
  Json j{{"start_s", to_microsecond(i.start)}, {"end_s", to_microsecond(i.end)}, {"required", i.required}};
  if (i.area) j["area"] = to_microsecond(*i.area);
  return j;
}

Json to_json(const Item& i) {
  Json j{{"file", i.file},
         {"clip", i.clip},
         {"split", i.split},
         {"kind", i.kind.empty() ? Json(nullptr) : Json(i.kind)},
         {"form", i.form},
         {"strength", {{"name", i.strength.name}, {"value", i.strength.value}, {"unit", i.strength.unit}}},
         {"role", name_of(i.role, i.kind.empty())},
         {"duration_s", to_microsecond(i.duration_s)},
         {"frame_s", to_microsecond(i.frame_s)},
         {"intervals", Json::array()},
         {"offset_ms", or_null(i.offset_ms)},
         {"explained", i.explained}};
  for (const Interval& interval : i.intervals) j["intervals"].push_back(to_json(interval));
  if (!i.areas.empty()) {
    Json areas = Json::array();
    for (const double a : i.areas) areas.push_back(std::round(a * 1e4) / 1e4);
    j["areas"] = {{"start_s", to_microsecond(i.areas_start_s)}, {"share", areas}};
  }
  return j;
}

Item item_from(const Json& j) {
  Item i;
  i.file = j.at("file");
  i.clip = j.at("clip");
  i.split = j.at("split");
  if (!j.at("kind").is_null()) i.kind = j.at("kind");
  i.form = j.at("form");
  i.strength = {j.at("strength").at("name"), j.at("strength").at("value"), j.at("strength").at("unit")};
  const std::string role = j.at("role");
  for (const auto& [name, value] : kRoles) {
    if (name == role) i.role = value;
  }
  i.duration_s = j.at("duration_s");
  i.frame_s = j.at("frame_s");
  for (const Json& interval : j.at("intervals")) {
    Interval parsed{
        .start = interval.at("start_s"), .end = interval.at("end_s"), .required = interval.at("required")};
    if (interval.contains("area")) parsed.area = interval.at("area").get<double>();
    i.intervals.push_back(parsed);
  }
  if (!j.at("offset_ms").is_null()) i.offset_ms = j.at("offset_ms").get<double>();
  i.explained = j.at("explained").get<std::vector<std::string>>();
  if (j.contains("areas")) {
    i.areas_start_s = j.at("areas").at("start_s");
    i.areas = j.at("areas").at("share").get<std::vector<double>>();
  }
  return i;
}

}  // namespace

std::string_view name_of(Role role, bool clean) {
  if (clean) return "clean";
  for (const auto& [name, value] : kRoles) {
    if (value == role) return name;
  }
  return "";
}

std::string to_json(const Truth& truth) {
  Json items = Json::array();
  for (const Item& i : truth.items) items.push_back(to_json(i));
  const Json j{
      {"schema", "monolens.truth/1"}, {"version", kSetVersion}, {"seed", truth.seed}, {"items", items}};
  return j.dump(1) + "\n";
}

Result<Truth> parse_truth(std::string_view json, const std::string& name) {
  try {
    const Json j = Json::parse(json);
    if (j.at("schema") != "monolens.truth/1") return Error{ErrorCode::kUsage, name + ": not a truth.json"};
    Truth truth;
    truth.seed = j.at("seed");
    for (const Json& item : j.at("items")) truth.items.push_back(item_from(item));
    return truth;
  } catch (const Json::exception& e) {
    return Error{ErrorCode::kUsage, fmt::format("{}: not a truth.json: {}", name, e.what())};
  }
}

bool explains(const std::vector<std::string>& explained, std::string_view kind) {
  return std::ranges::any_of(explained, [kind](const std::string& e) {
    return e == kind || (kind.starts_with(e) && kind.size() > e.size() && kind[e.size()] == '.');
  });
}

}  // namespace monolens::eval

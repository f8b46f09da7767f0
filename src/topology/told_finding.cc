#include "topology/told_finding.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>

#include "detectors/registry.h"
#include "incidents/kinds.h"

namespace monolens::topology {
namespace {

using nlohmann::json;

// A finding's names are views of literals; these stand in for the other process's.
std::string_view kept_name(const std::string& name) {
  static std::set<std::string> names;
  return *names.insert(name).first;
}

json number(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }
double number_of(const json& j) {
  return j.is_null() ? std::numeric_limits<double>::quiet_NaN() : j.get<double>();
}

MediaTime time_of(const json& j) {
  return MediaTime::since_start(MediaDuration::nanoseconds(j.get<std::int64_t>()));
}

json finding_to_json(const ToldFinding& t) {
  const Finding& f = t.finding;
  json measures = json::array();
  for (const auto& [name, value] : f.measures) measures.push_back({name, number(value)});
  json map = nullptr;
  if (f.map) map = {f.map->block, f.map->columns, f.map->rows, f.map->probabilities};
  return {{"item", t.item},
          {"detector", t.detector->name},
          {"track", t.track},
          {"phase", static_cast<int>(f.phase)},
          {"kind", f.kind},
          {"part", f.part},
          {"start", f.start.since_start().ns()},
          {"end", f.end.since_start().ns()},
          {"confidence", number(f.confidence)},
          {"severity", f.severity ? json(static_cast<int>(*f.severity)) : json(nullptr)},
          {"measures", std::move(measures)},
          {"note", f.note},
          {"map", std::move(map)}};
}

Result<ToldFinding> finding_of(const json& j) {
  auto detector = find_detector(j.at("detector").get<std::string>());
  if (!detector) return detector.error();
  ToldFinding t{.item = j.at("item"), .detector = *detector, .track = j.at("track")};
  Finding& f = t.finding;
  f.phase = static_cast<Finding::Phase>(j.at("phase").get<int>());
  const std::string kind = j.at("kind");
  const auto kinds = all_kinds();
  const auto known =
      std::find_if(kinds.begin(), kinds.end(), [&](const KindInfo& k) { return k.name == kind; });
  if (known == kinds.end()) return Error{ErrorCode::kInternal, "a finding is of no known kind"};
  f.kind = known->name;
  f.part = j.at("part");
  f.start = time_of(j.at("start"));
  f.end = time_of(j.at("end"));
  f.confidence = number_of(j.at("confidence"));
  if (!j.at("severity").is_null()) f.severity = static_cast<Severity>(j.at("severity").get<int>());
  for (const json& m : j.at("measures")) f.measures.emplace_back(kept_name(m.at(0)), number_of(m.at(1)));
  f.note = j.at("note");
  if (const json& map = j.at("map"); !map.is_null()) {
    f.map = BlockMap{.block = map.at(0), .columns = map.at(1), .rows = map.at(2), .probabilities = map.at(3)};
  }
  return t;
}

}  // namespace

nlohmann::json findings_json(const std::vector<ToldFinding>& findings) {
  json all = json::array();
  for (const ToldFinding& t : findings) all.push_back(finding_to_json(t));
  return all;
}

Result<std::vector<ToldFinding>> parse_findings(const nlohmann::json& j) {
  try {
    std::vector<ToldFinding> all;
    for (const json& one : j) {
      auto finding = finding_of(one);
      if (!finding) return finding.error();
      all.push_back(std::move(*finding));
    }
    return all;
  } catch (const nlohmann::json::exception& e) {
    return Error{ErrorCode::kInternal, std::string("these are no findings: ") + e.what()};
  }
}

}  // namespace monolens::topology

#include "service/measurement_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/rfc3339.h"

namespace monolens {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kUsual_s = 3600;
constexpr std::int64_t kUsualRows = 2'000;

Error wrong(std::string_view name, std::string_view what) {
  return {ErrorCode::kUsage, fmt::format("parameter '{}' {}", name, what)};
}

int finest(std::int64_t length_s) {
  for (const int step_s : kMeasurementSteps) {
    if (length_s / step_s <= kUsualRows) return step_s;
  }
  return kMeasurementSteps.back();
}

Json column_of(const std::vector<MeasurementBook::Second>& rows, const std::string& name,
               double (*value)(const Quantity&)) {
  Json column = Json::array();
  for (const MeasurementBook::Second& row : rows) {
    const auto& quantities = row.measured.quantities();
    const auto found = quantities.find(name);
    column.push_back(found == quantities.end() ? Json(nullptr) : Json(value(found->second)));
  }
  return column;
}

}  // namespace

Result<MeasurementQuery> parse_measurement_query(const HttpRequest& request, std::int64_t now_s) {
  std::map<std::string, std::int64_t> instants = {{"from", 0}, {"until", now_s}};
  std::optional<int> step_s;
  bool from_is_given = false;
  for (const auto& [name, value] : request.query) {
    if (name == "step") {
      for (const int known : kMeasurementSteps) {
        if (value == std::to_string(known)) step_s = known;
      }
      if (!step_s) return wrong(name, "must be 1, 60 or 3600");
    } else if (instants.contains(name)) {
      const auto ms = parse_rfc3339(value);
      if (!ms) return wrong(name, "must be an RFC 3339 time");
      instants[name] = *ms / 1000;
      if (name == "from") from_is_given = true;
    } else {
      return Error{ErrorCode::kUsage, fmt::format("unknown parameter '{}'", name)};
    }
  }
  MeasurementQuery query{.from_s = instants["from"], .until_s = instants["until"]};
  if (!from_is_given) query.from_s = query.until_s - kUsual_s;
  if (query.from_s >= query.until_s) return wrong("from", "must be before 'until'");
  const std::int64_t length_s = query.until_s - query.from_s;
  query.step_s = step_s.value_or(finest(length_s));
  if (length_s / query.step_s > kMostMeasurements)
    return wrong("step", fmt::format("gives more than {} rows for this time", kMostMeasurements));
  return query;
}

Json measurement_columns(const std::vector<MeasurementBook::Second>& rows, int step_s) {
  Measurements all;
  Json at = Json::array();
  for (const MeasurementBook::Second& row : rows) {
    all.add(row.measured);
    at.push_back(rfc3339(row.start_s * 1000));
  }
  Json quantities = Json::object();
  for (const auto& [name, total] : all.quantities()) {
    quantities[name] = {{"mean", column_of(rows, name, [](const Quantity& q) { return q.mean(); })},
                        {"least", column_of(rows, name, [](const Quantity& q) { return q.least; })},
                        {"greatest", column_of(rows, name, [](const Quantity& q) { return q.greatest; })}};
  }
  return {{"step_s", step_s}, {"at", std::move(at)}, {"quantities", std::move(quantities)}};
}

}  // namespace monolens

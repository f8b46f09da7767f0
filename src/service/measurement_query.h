// What GET /v1/monitors/{id}/measurements is asked and answers.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/result.h"
#include "http/message.h"
#include "service/measurement_book.h"

namespace monolens {

inline constexpr int kMostMeasurements = 10'000;  // in one answer

struct MeasurementQuery {
  int step_s = 1;
  std::int64_t from_s = 0;  // since 1970, UTC
  std::int64_t until_s = 0;
};

// Parameters `from` and `until` (RFC 3339; the last hour) and `step` (1, 60 or 3600 seconds; the finest that
// gives no more than 2,000 rows). More than kMostMeasurements rows are refused.
Result<MeasurementQuery> parse_measurement_query(const HttpRequest& request, std::int64_t now_s);

// {"step_s", "at": [time, …], "quantities": {name: {"mean": […], "least": […], "greatest": […]}}}, with null
// where a quantity was not measured.
nlohmann::json measurement_columns(const std::vector<MeasurementBook::Second>& rows, int step_s);

}  // namespace monolens

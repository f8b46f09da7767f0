// ToldFinding: a detector's finding on its way to the aggregation.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "detectors/detector.h"

namespace monolens::topology {

struct ToldFinding {
  std::size_t item = 0;  // of its segment, at which it was told
  const DetectorInfo* detector = nullptr;
  int track = -1;
  Finding finding{};
};

nlohmann::json findings_json(const std::vector<ToldFinding>& findings);

// kInternal if these are none. Names of measures are kept for the life of the process. One thread at a time.
Result<std::vector<ToldFinding>> parse_findings(const nlohmann::json& json);

}  // namespace monolens::topology

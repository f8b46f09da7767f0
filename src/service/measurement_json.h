// Measurements as JSON: {"luma_mean": [mean, least, greatest, count], …}, for the wire, the store and the
// API.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "monitor/measurements.h"

namespace monolens {

nlohmann::json to_json(const Measurements& measured);

// The same as text, with six significant digits: a fraction of the size.
std::string to_text(const Measurements& measured);

// What is not as above is left out.
Measurements parse_measurements(const nlohmann::json& json);

}  // namespace monolens

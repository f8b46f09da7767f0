// The comparison of two inputs as JSON: api/compare.schema.json. Unknown is null, never 0.
#pragma once

#include <nlohmann/json.hpp>

#include "compare/comparison.h"

namespace monolens {

nlohmann::ordered_json comparison_json(const Comparison& comparison);

}  // namespace monolens

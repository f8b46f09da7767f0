// Values as the report and the comparison write them.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/time.h"

namespace monolens {

// Microseconds: finer than any sample, and free of binary noise.
inline double rounded(double value) { return std::round(value * 1e6) / 1e6; }

inline nlohmann::ordered_json seconds(MediaTime t) { return rounded(t.seconds()); }

// Null where the value is unknown, which is 0.
inline nlohmann::ordered_json positive(double value) {
  return value > 0 ? nlohmann::ordered_json(rounded(value)) : nlohmann::ordered_json(nullptr);
}
inline nlohmann::ordered_json positive(int value) {
  return value > 0 ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

}  // namespace monolens

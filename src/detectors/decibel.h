// Linear full scale to decibels and back.
#pragma once

#include <algorithm>
#include <cmath>

namespace monolens {

inline double from_decibel(double db) { return std::pow(10.0, db / 20.0); }

// At least −200 dB, so that digital silence has a number.
inline double to_decibel(double linear) { return 20.0 * std::log10(std::max(linear, 1e-10)); }

}  // namespace monolens

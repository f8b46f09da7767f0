// The exit status of the program: a contract with scripts.
#pragma once

#include "base/result.h"

namespace monolens {

inline constexpr int kNothingFound = 0;
inline constexpr int kIncidentsFound = 1;
inline constexpr int kUsageError = 2;  // usage or configuration; also an output that can't be written
inline constexpr int kInputError = 3;  // an input can't be opened or holds no decodable media

inline int exit_status(const Error& error) {
  return error.code == ErrorCode::kUsage || error.code == ErrorCode::kWrite ? kUsageError : kInputError;
}

}  // namespace monolens

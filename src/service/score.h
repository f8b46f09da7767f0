// The score of a monitor: 100 while nothing is wrong, less the graver and the longer its open incidents are.
//
// An open incident costs 60 (critical), 30 (major), 10 (minor) or 2 (info) points at once, and up to half as
// many more while it lasts, reached after a minute. The costs of several add up; the score is never below 0
// and is 100 again with the first second without an open incident. docs/operations.md tells it to people.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "store/records.h"

namespace monolens {

class ScoreBoard {
 public:
  // Thread-safe, as is the other. Takes events in their order.
  void take(const EventRecord& event);
  double score(const std::string& monitor, std::int64_t now_ms) const;
  void forget(const std::string& monitor);

 private:
  struct Open {
    std::string severity;
    std::int64_t since_ms = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::string, std::map<std::string, Open>> open_;  // of each monitor, by incident
};

}  // namespace monolens

// SecondMeter: measurements by the second of a stream's presentation, each handed out once it is complete.
//
// Bounded: tracks may lag behind one another by a few seconds, and what comes later still is left out.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "monitor/measurements.h"

namespace monolens {

class SecondMeter {
 public:
  struct Second {
    MediaTime start;
    Measurements measured;
  };

  void add(MediaTime time, std::string_view name, double value);
  // Adds up to one value of the second that `time` is in.
  void count(MediaTime time, std::string_view name, double amount);

  // The seconds that ended before `until` and were not handed out, in order.
  std::vector<Second> take(MediaTime until);

 private:
  struct Open {
    Measurements measured;
    std::map<std::string_view, double> counts;
  };
  Open* second_of(MediaTime time);

  std::map<std::int64_t, Open> open_;  // by the second's number
  std::int64_t next_ = 0;              // the first that was not handed out
};

}  // namespace monolens

// MeasurementBook: what was measured of all monitors, kept by the second and rolled up by minute and hour.
//
// A minute is rolled up from its seconds, an hour from its minutes, some time after it has ended, so that
// what comes late is in it. All that a roll-up needs is in the store: after a crash it goes on where it was.
// Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "monitor/measurements.h"
#include "store/measurement_store.h"

namespace monolens {

inline constexpr std::array kMeasurementSteps = {1, 60, 3600};  // seconds

// How long each step is kept.
struct MeasurementRetention {
  std::int64_t seconds_s = 6 * 3600;
  std::int64_t minutes_s = 14 * 86'400;
  std::int64_t hours_s = 400 * 86'400;
};

class MeasurementBook {
 public:
  struct Second {
    std::string monitor;
    std::int64_t start_s = 0;
    Measurements measured;
  };

  MeasurementBook(MeasurementStore& store, MeasurementRetention retention)
      : store_(store), retention_(retention) {}

  // Adds to what is there of the same seconds.
  Result<void> take(std::span<const Second> seconds);

  // Rolls up the minutes and hours that ended `kLate_s` ago, and forgets what is too old. Call it now and
  // then.
  static constexpr std::int64_t kLate_s = 30;
  Result<void> roll_up(std::int64_t now_s);

  // REQUIRES: `step_s` is one of kMeasurementSteps.
  std::vector<Second> of(const std::string& monitor, int step_s, std::int64_t from_s, std::int64_t until_s,
                         int limit) const;

 private:
  Result<void> roll_up(int fine_s, int coarse_s, std::int64_t from_s, std::int64_t until_s);

  MeasurementStore& store_;
  MeasurementRetention retention_;
  std::mutex mutex_;
  std::array<std::int64_t, 2> rolled_until_s_{};  // of minutes, of hours; guarded by mutex_
};

}  // namespace monolens

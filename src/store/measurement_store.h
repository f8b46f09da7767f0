// MeasurementStore: what was measured of each monitor, by steps of time. A file of its own: it grows fast,
// and what a power cut takes of its last second is no loss.
//
// Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/database.h"

namespace monolens {

struct MeasurementRecord {
  std::string monitor{};
  std::int64_t start_s = 0;  // since 1970, UTC; a multiple of the step
  std::string json{};

  bool operator==(const MeasurementRecord&) const = default;
};

class MeasurementStore {
 public:
  static Result<std::unique_ptr<MeasurementStore>> open(const std::string& path);

  // Replaces what was there of the same monitor, step and start. All or none.
  Result<void> put(int step_s, std::span<const MeasurementRecord> records);

  // From `from_s` on, up to but without `until_s`, in order; the first `limit`.
  std::vector<MeasurementRecord> of(const std::string& monitor, int step_s, std::int64_t from_s,
                                    std::int64_t until_s, int limit) const;
  // Those that have any of this step.
  std::vector<std::string> monitors(int step_s) const;
  // When the latest of this step starts.
  std::optional<std::int64_t> latest(const std::string& monitor, int step_s) const;

  Result<void> forget_before(int step_s, std::int64_t before_s);

  // The hours that are there and were not marked as written elsewhere, the oldest first; without `json`.
  std::vector<MeasurementRecord> unwritten_hours() const;
  Result<void> mark_written(const MeasurementRecord& hour);

 private:
  explicit MeasurementStore(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  mutable std::mutex mutex_;
  std::unique_ptr<Database> database_;  // guarded by mutex_
};

}  // namespace monolens

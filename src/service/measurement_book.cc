#include "service/measurement_book.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "service/measurement_json.h"

namespace monolens {
namespace {

using Json = nlohmann::json;

constexpr int kNoLimit = std::numeric_limits<int>::max();

Measurements measured_in(const MeasurementRecord& record) {
  return parse_measurements(Json::parse(record.json, nullptr, false));
}

std::int64_t floor_to(std::int64_t time_s, int step_s) { return time_s - time_s % step_s; }

}  // namespace

Result<void> MeasurementBook::take(std::span<const Second> seconds) {
  std::map<std::pair<std::string, std::int64_t>, Measurements> merged;
  for (const Second& s : seconds) merged[{s.monitor, s.start_s}].add(s.measured);
  std::vector<MeasurementRecord> records;
  records.reserve(merged.size());
  const std::lock_guard lock(mutex_);
  for (auto& [key, measured] : merged) {
    const auto& [monitor, start_s] = key;
    for (const MeasurementRecord& there : store_.of(monitor, 1, start_s, start_s + 1, 1))
      measured.add(measured_in(there));
    records.push_back({.monitor = monitor, .start_s = start_s, .json = to_text(measured)});
  }
  return store_.put(1, records);
}

Result<void> MeasurementBook::roll_up(std::int64_t now_s) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < rolled_until_s_.size(); ++i) {
    const int coarse_s = kMeasurementSteps[i + 1];
    const std::int64_t until_s = floor_to(now_s - kLate_s, coarse_s);
    if (until_s <= rolled_until_s_[i]) continue;
    auto done = roll_up(kMeasurementSteps[i], coarse_s, rolled_until_s_[i], until_s);
    if (!done) return done;
    rolled_until_s_[i] = until_s;
    const std::array kept_s = {retention_.seconds_s, retention_.minutes_s, retention_.hours_s};
    auto forgotten = store_.forget_before(kMeasurementSteps[i], now_s - kept_s[i]);
    if (forgotten && coarse_s == kMeasurementSteps.back())
      forgotten = store_.forget_before(coarse_s, now_s - kept_s.back());
    if (!forgotten) return forgotten;
  }
  return {};
}

// After a start (`from_s` is 0 then) it goes on behind the latest that is there, and makes that one anew.
Result<void> MeasurementBook::roll_up(int fine_s, int coarse_s, std::int64_t from_s, std::int64_t until_s) {
  std::vector<MeasurementRecord> rolled;
  for (const std::string& monitor : store_.monitors(fine_s)) {
    const std::int64_t begin_s = from_s > 0 ? from_s : store_.latest(monitor, coarse_s).value_or(0);
    std::map<std::int64_t, Measurements> coarse;
    for (const MeasurementRecord& r : store_.of(monitor, fine_s, begin_s, until_s, kNoLimit))
      coarse[floor_to(r.start_s, coarse_s)].add(measured_in(r));
    for (const auto& [start_s, measured] : coarse)
      rolled.push_back({.monitor = monitor, .start_s = start_s, .json = to_text(measured)});
  }
  return store_.put(coarse_s, rolled);
}

std::vector<MeasurementBook::Second> MeasurementBook::of(const std::string& monitor, int step_s,
                                                         std::int64_t from_s, std::int64_t until_s,
                                                         int limit) const {
  std::vector<Second> all;
  for (const MeasurementRecord& r : store_.of(monitor, step_s, from_s, until_s, limit))
    all.push_back({.monitor = monitor, .start_s = r.start_s, .measured = measured_in(r)});
  return all;
}

}  // namespace monolens

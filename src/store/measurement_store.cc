#include "store/measurement_store.h"

namespace monolens {
namespace {

constexpr int kHour_s = 3600;

constexpr const char* kSchema = R"(
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS measurements(
  step_s INTEGER NOT NULL, monitor TEXT NOT NULL, start_s INTEGER NOT NULL, json TEXT NOT NULL,
  PRIMARY KEY(step_s, monitor, start_s)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS written(
  monitor TEXT NOT NULL, start_s INTEGER NOT NULL, PRIMARY KEY(monitor, start_s)) WITHOUT ROWID;
)";

}  // namespace

Result<std::unique_ptr<MeasurementStore>> MeasurementStore::open(const std::string& path) {
  auto database = Database::open(path);
  if (!database) return database.error();
  auto made = (*database)->execute(kSchema);
  if (!made) return made.error();
  return std::unique_ptr<MeasurementStore>(new MeasurementStore(std::move(*database)));
}

Result<void> MeasurementStore::put(int step_s, std::span<const MeasurementRecord> records) {
  const std::lock_guard lock(mutex_);
  Transaction transaction(*database_);
  for (const MeasurementRecord& r : records) {
    auto written =
        database_
            ->prepare(
                "INSERT OR REPLACE INTO measurements(step_s, monitor, start_s, json) VALUES(?, ?, ?, ?)")
            .bind(static_cast<std::int64_t>(step_s))
            .bind(r.monitor)
            .bind(r.start_s)
            .bind(r.json)
            .run();
    if (!written) return written;
  }
  return transaction.commit();
}

std::vector<MeasurementRecord> MeasurementStore::of(const std::string& monitor, int step_s,
                                                    std::int64_t from_s, std::int64_t until_s,
                                                    int limit) const {
  const std::lock_guard lock(mutex_);
  Statement rows = database_->prepare(
      "SELECT start_s, json FROM measurements WHERE step_s = ? AND monitor = ? AND start_s >= ? AND "
      "start_s < ? ORDER BY start_s LIMIT ?");
  rows.bind(static_cast<std::int64_t>(step_s))
      .bind(monitor)
      .bind(from_s)
      .bind(until_s)
      .bind(static_cast<std::int64_t>(limit));
  std::vector<MeasurementRecord> all;
  while (rows.next()) all.push_back({.monitor = monitor, .start_s = rows.integer(0), .json = rows.text(1)});
  return all;
}

std::vector<std::string> MeasurementStore::monitors(int step_s) const {
  const std::lock_guard lock(mutex_);
  Statement rows = database_->prepare("SELECT DISTINCT monitor FROM measurements WHERE step_s = ?");
  rows.bind(static_cast<std::int64_t>(step_s));
  std::vector<std::string> all;
  while (rows.next()) all.push_back(rows.text(0));
  return all;
}

std::optional<std::int64_t> MeasurementStore::latest(const std::string& monitor, int step_s) const {
  const std::lock_guard lock(mutex_);
  Statement row =
      database_->prepare("SELECT max(start_s) FROM measurements WHERE step_s = ? AND monitor = ?");
  row.bind(static_cast<std::int64_t>(step_s)).bind(monitor);
  return row.next() ? row.maybe_integer(0) : std::nullopt;
}

Result<void> MeasurementStore::forget_before(int step_s, std::int64_t before_s) {
  const auto known = monitors(step_s);
  const std::lock_guard lock(mutex_);
  Transaction transaction(*database_);
  for (const std::string& monitor : known) {
    auto gone =
        database_->prepare("DELETE FROM measurements WHERE step_s = ? AND monitor = ? AND start_s < ?")
            .bind(static_cast<std::int64_t>(step_s))
            .bind(monitor)
            .bind(before_s)
            .run();
    if (!gone) return gone;
  }
  if (step_s == kHour_s) {
    auto gone = database_->prepare("DELETE FROM written WHERE start_s < ?").bind(before_s).run();
    if (!gone) return gone;
  }
  return transaction.commit();
}

std::vector<MeasurementRecord> MeasurementStore::unwritten_hours() const {
  const std::lock_guard lock(mutex_);
  Statement rows = database_->prepare(
      "SELECT monitor, start_s FROM measurements m WHERE step_s = 3600 AND NOT EXISTS "
      "(SELECT 1 FROM written w WHERE w.monitor = m.monitor AND w.start_s = m.start_s) ORDER BY start_s, "
      "monitor");
  std::vector<MeasurementRecord> all;
  while (rows.next()) all.push_back({.monitor = rows.text(0), .start_s = rows.integer(1)});
  return all;
}

Result<void> MeasurementStore::mark_written(const MeasurementRecord& hour) {
  const std::lock_guard lock(mutex_);
  return database_->prepare("INSERT OR IGNORE INTO written(monitor, start_s) VALUES(?, ?)")
      .bind(hour.monitor)
      .bind(hour.start_s)
      .run();
}

}  // namespace monolens

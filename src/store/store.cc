#include "store/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace monolens {
namespace {

// What brings the store from each form to the next; the first makes it.
constexpr const char* kForms[] = {R"(
CREATE TABLE monitors(
  id TEXT PRIMARY KEY, client_key TEXT UNIQUE, created_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL,
  spec TEXT NOT NULL, quarantined TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE incidents(
  id TEXT PRIMARY KEY, monitor TEXT NOT NULL, kind TEXT NOT NULL, severity TEXT NOT NULL, track TEXT NOT NULL,
  started_ms INTEGER NOT NULL, ended_ms INTEGER, told_ms INTEGER NOT NULL, acknowledged_ms INTEGER,
  json TEXT NOT NULL, picture BLOB);
CREATE INDEX incidents_by_start ON incidents(started_ms DESC, id);
CREATE INDEX incidents_of_monitor ON incidents(monitor, started_ms DESC);
CREATE INDEX incidents_open ON incidents(monitor) WHERE ended_ms IS NULL;
CREATE TABLE events(
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, monitor TEXT NOT NULL,
  incident TEXT NOT NULL, type TEXT NOT NULL, kind TEXT NOT NULL, severity TEXT NOT NULL,
  told_ms INTEGER NOT NULL, json TEXT NOT NULL);
CREATE TABLE cursors(sink TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
)",
                                  R"(
ALTER TABLE incidents ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incidents ADD COLUMN map TEXT;
ALTER TABLE events ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;
CREATE INDEX events_of_incident ON events(incident);
CREATE TABLE snoozes(
  monitor TEXT NOT NULL, kind TEXT NOT NULL, track TEXT NOT NULL, until_ms INTEGER NOT NULL,
  PRIMARY KEY(monitor, kind, track)) WITHOUT ROWID;
CREATE TABLE deliveries(
  sequence INTEGER NOT NULL, sink TEXT NOT NULL, delivered_ms INTEGER NOT NULL,
  PRIMARY KEY(sequence, sink)) WITHOUT ROWID;
)",
                                  R"(
ALTER TABLE events ADD COLUMN origin TEXT NOT NULL DEFAULT '';
)"};
constexpr int kVersion = std::size(kForms);

constexpr const char* kMonitorColumns =
    "SELECT id, coalesce(client_key, ''), created_ms, changed_ms, spec, quarantined FROM monitors";
constexpr const char* kIncidentColumns =
    "SELECT id, monitor, kind, severity, track, started_ms, ended_ms, told_ms, acknowledged_ms, json, "
    "muted FROM incidents";

MonitorRecord monitor_of(const Statement& row) {
  return {.id = row.text(0),
          .client_key = row.text(1),
          .created_ms = row.integer(2),
          .changed_ms = row.integer(3),
          .spec = row.text(4),
          .quarantined = row.text(5)};
}

IncidentRecord incident_of(const Statement& row) {
  return {.id = row.text(0),
          .monitor = row.text(1),
          .kind = row.text(2),
          .severity = row.text(3),
          .track = row.text(4),
          .started_ms = row.integer(5),
          .ended_ms = row.maybe_integer(6),
          .told_ms = row.integer(7),
          .acknowledged_ms = row.maybe_integer(8),
          .json = row.text(9),
          .muted = row.integer(10) != 0};
}

EventRecord event_of(const Statement& row) {
  return {.sequence = row.integer(0),
          .id = row.text(1),
          .monitor = row.text(2),
          .incident = row.text(3),
          .type = row.text(4),
          .kind = row.text(5),
          .severity = row.text(6),
          .told_ms = row.integer(7),
          .json = row.text(8),
          .muted = row.integer(9) != 0,
          .origin = row.text(10)};
}

std::vector<IncidentRecord> all_incidents(Statement& rows) {
  std::vector<IncidentRecord> all;
  while (rows.next()) all.push_back(incident_of(rows));
  return all;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::string& path) {
  auto database = Database::open(path);
  if (!database) return database.error();
  auto store = std::unique_ptr<Store>(new Store(std::move(*database)));
  auto migrated = store->migrate();
  if (!migrated) return Error{migrated.error().code, migrated.error().message};
  return store;
}

Result<void> Store::migrate() {
  std::int64_t version = 0;
  {
    Statement row = database_->prepare("PRAGMA user_version");
    if (row.next()) version = row.integer(0);
  }
  if (version == kVersion) return {};
  if (version > kVersion) {
    return Error{ErrorCode::kUnreadable,
                 fmt::format("the store was written by a newer version of Monolens (form {}, this is {})",
                             version, kVersion)};
  }
  Transaction transaction(*database_);
  for (; version < kVersion; ++version) {
    auto made = database_->execute(kForms[version]);
    if (!made) return made;
  }
  auto marked = database_->execute(fmt::format("PRAGMA user_version = {};", kVersion));
  if (!marked) return marked;
  return transaction.commit();
}

Result<void> Store::put(const MonitorRecord& m) {
  const std::lock_guard lock(mutex_);
  Statement insert = database_->prepare(
      "INSERT INTO monitors(id, client_key, created_ms, changed_ms, spec, quarantined) "
      "VALUES(?, nullif(?, ''), ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET changed_ms = excluded.changed_ms, "
      "spec = excluded.spec, quarantined = excluded.quarantined");
  return insert.bind(m.id)
      .bind(m.client_key)
      .bind(m.created_ms)
      .bind(m.changed_ms)
      .bind(m.spec)
      .bind(m.quarantined)
      .run();
}

Result<bool> Store::erase_monitor(const std::string& id) {
  const std::lock_guard lock(mutex_);
  auto erased = database_->prepare("DELETE FROM monitors WHERE id = ?").bind(id).run();
  if (!erased) return erased.error();
  return database_->changes() > 0;
}

std::vector<MonitorRecord> Store::monitors() const {
  const std::lock_guard lock(mutex_);
  Statement rows = database_->prepare(fmt::format("{} ORDER BY created_ms, id", kMonitorColumns));
  std::vector<MonitorRecord> all;
  while (rows.next()) all.push_back(monitor_of(rows));
  return all;
}

std::optional<MonitorRecord> Store::monitor(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  Statement row = database_->prepare(fmt::format("{} WHERE id = ?", kMonitorColumns));
  if (!row.bind(id).next()) return std::nullopt;
  return monitor_of(row);
}

std::optional<MonitorRecord> Store::monitor_of_key(const std::string& client_key) const {
  const std::lock_guard lock(mutex_);
  Statement row = database_->prepare(fmt::format("{} WHERE client_key = ?", kMonitorColumns));
  if (!row.bind(client_key).next()) return std::nullopt;
  return monitor_of(row);
}

Result<void> Store::record(const IncidentRecord& i, EventRecord& e, const EvidenceRecord& evidence) {
  const std::lock_guard lock(mutex_);
  Transaction transaction(*database_);
  bool is_repeat = false;
  if (!e.type.empty()) {
    auto told =
        database_
            ->prepare(
                "INSERT INTO events(id, monitor, incident, type, kind, severity, told_ms, json, muted, "
                "origin) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO NOTHING")
            .bind(e.id)
            .bind(e.monitor)
            .bind(e.incident)
            .bind(e.type)
            .bind(e.kind)
            .bind(e.severity)
            .bind(e.told_ms)
            .bind(e.json)
            .bind(std::int64_t{e.muted})
            .bind(e.origin)
            .run();
    if (!told) return told;
    is_repeat = database_->changes() == 0;
    if (!is_repeat) e.sequence = database_->last_row();
  }
  auto written =
      database_
          ->prepare(
              "INSERT INTO incidents(id, monitor, kind, severity, track, started_ms, ended_ms, "
              "told_ms, json, muted) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET "
              "severity = excluded.severity, ended_ms = excluded.ended_ms, "
              "told_ms = excluded.told_ms, json = excluded.json, muted = excluded.muted "
              "WHERE excluded.told_ms >= told_ms + ?")
          .bind(i.id)
          .bind(i.monitor)
          .bind(i.kind)
          .bind(i.severity)
          .bind(i.track)
          .bind(i.started_ms)
          .bind(i.ended_ms)
          .bind(i.told_ms)
          .bind(i.json)
          .bind(std::int64_t{i.muted})
          .bind(std::int64_t{is_repeat})
          .run();
  if (!written) return written;
  if (!evidence.picture.empty()) {
    auto kept = database_->prepare("UPDATE incidents SET picture = ?, map = nullif(?, '') WHERE id = ?")
                    .bind_blob(evidence.picture)
                    .bind(evidence.map)
                    .bind(i.id)
                    .run();
    if (!kept) return kept;
  }
  return transaction.commit();
}

std::optional<IncidentRecord> Store::incident(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  Statement row = database_->prepare(fmt::format("{} WHERE id = ?", kIncidentColumns));
  if (!row.bind(id).next()) return std::nullopt;
  return incident_of(row);
}

std::vector<IncidentRecord> Store::incidents(const IncidentQuery& q) const {
  std::string sql = fmt::format("{} WHERE 1", kIncidentColumns);
  if (q.monitor) sql += " AND monitor = ?";
  if (q.kind) sql += " AND kind = ?";
  if (q.severity) sql += " AND severity = ?";
  if (q.open) sql += *q.open ? " AND ended_ms IS NULL" : " AND ended_ms IS NOT NULL";
  if (q.from_ms) sql += " AND coalesce(ended_ms, 9223372036854775807) >= ?";
  if (q.until_ms) sql += " AND started_ms < ?";
  if (q.after) sql += " AND (started_ms < ? OR (started_ms = ? AND id > ?))";
  sql += " ORDER BY started_ms DESC, id LIMIT ?";
  const std::lock_guard lock(mutex_);
  Statement rows = database_->prepare(sql);
  if (q.monitor) rows.bind(*q.monitor);
  if (q.kind) rows.bind(*q.kind);
  if (q.severity) rows.bind(*q.severity);
  if (q.from_ms) rows.bind(*q.from_ms);
  if (q.until_ms) rows.bind(*q.until_ms);
  if (q.after) rows.bind(q.after->first).bind(q.after->first).bind(q.after->second);
  rows.bind(static_cast<std::int64_t>(q.limit));
  return all_incidents(rows);
}

std::vector<IncidentRecord> Store::open_incidents(const std::string& monitor) const {
  const std::lock_guard lock(mutex_);
  Statement rows = database_->prepare(
      fmt::format("{} WHERE monitor = ? AND ended_ms IS NULL ORDER BY started_ms", kIncidentColumns));
  rows.bind(monitor);
  return all_incidents(rows);
}

std::vector<std::uint8_t> Store::picture(const std::string& incident) const {
  const std::lock_guard lock(mutex_);
  Statement row = database_->prepare("SELECT picture FROM incidents WHERE id = ?");
  if (!row.bind(incident).next()) return {};
  return row.blob(0);
}

std::string Store::map(const std::string& incident) const {
  const std::lock_guard lock(mutex_);
  Statement row = database_->prepare("SELECT coalesce(map, '') FROM incidents WHERE id = ?");
  return row.bind(incident).next() ? row.text(0) : "";
}

Result<bool> Store::acknowledge(const std::string& incident, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  auto done =
      database_->prepare("UPDATE incidents SET acknowledged_ms = coalesce(acknowledged_ms, ?) WHERE id = ?")
          .bind(now_ms)
          .bind(incident)
          .run();
  if (!done) return done.error();
  return database_->changes() > 0;
}

std::vector<IncidentRecord> Store::muted_open_incidents() const {
  const std::lock_guard lock(mutex_);
  Statement rows = database_->prepare(
      fmt::format("{} WHERE ended_ms IS NULL AND muted ORDER BY started_ms", kIncidentColumns));
  return all_incidents(rows);
}

Result<void> Store::put(const SnoozeRecord& s) {
  const std::lock_guard lock(mutex_);
  if (s.until_ms == 0) {
    return database_->prepare("DELETE FROM snoozes WHERE monitor = ? AND kind = ? AND track = ?")
        .bind(s.monitor)
        .bind(s.kind)
        .bind(s.track)
        .run();
  }
  return database_
      ->prepare(
          "INSERT INTO snoozes(monitor, kind, track, until_ms) VALUES(?, ?, ?, ?) "
          "ON CONFLICT(monitor, kind, track) DO UPDATE SET until_ms = excluded.until_ms")
      .bind(s.monitor)
      .bind(s.kind)
      .bind(s.track)
      .bind(s.until_ms)
      .run();
}

std::vector<SnoozeRecord> Store::snoozes() const {
  const std::lock_guard lock(mutex_);
  Statement rows = database_->prepare("SELECT monitor, kind, track, until_ms FROM snoozes");
  std::vector<SnoozeRecord> all;
  while (rows.next())
    all.push_back(
        {.monitor = rows.text(0), .kind = rows.text(1), .track = rows.text(2), .until_ms = rows.integer(3)});
  return all;
}

std::vector<EventRecord> Store::events_after(std::int64_t sequence, int limit) const {
  const std::lock_guard lock(mutex_);
  Statement rows = database_->prepare(
      "SELECT sequence, id, monitor, incident, type, kind, severity, told_ms, json, muted, origin "
      "FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?");
  rows.bind(sequence).bind(static_cast<std::int64_t>(limit));
  std::vector<EventRecord> all;
  while (rows.next()) all.push_back(event_of(rows));
  return all;
}

bool Store::has_event(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  return database_->prepare("SELECT 1 FROM events WHERE id = ?").bind(id).next();
}

std::int64_t Store::last_sequence() const {
  const std::lock_guard lock(mutex_);
  Statement row = database_->prepare("SELECT coalesce(max(sequence), 0) FROM events");
  return row.next() ? row.integer(0) : 0;
}

Result<void> Store::introduce(const std::string& sink) {
  const std::lock_guard lock(mutex_);
  return database_
      ->prepare(
          "INSERT INTO cursors(sink, sequence) SELECT ?, coalesce(max(sequence), 0) FROM events "
          "WHERE true ON CONFLICT(sink) DO NOTHING")
      .bind(sink)
      .run();
}

std::int64_t Store::cursor(const std::string& sink) const {
  const std::lock_guard lock(mutex_);
  Statement row = database_->prepare("SELECT sequence FROM cursors WHERE sink = ?");
  return row.bind(sink).next() ? row.integer(0) : 0;
}

Result<void> Store::set_cursor(const std::string& sink, std::int64_t sequence) {
  const std::lock_guard lock(mutex_);
  return database_
      ->prepare(
          "INSERT INTO cursors(sink, sequence) VALUES(?, ?) "
          "ON CONFLICT(sink) DO UPDATE SET sequence = excluded.sequence")
      .bind(sink)
      .bind(sequence)
      .run();
}

Result<void> Store::set_delivered(const std::string& sink, std::int64_t sequence, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  Transaction transaction(*database_);
  auto noted =
      database_->prepare("INSERT OR REPLACE INTO deliveries(sequence, sink, delivered_ms) VALUES(?, ?, ?)")
          .bind(sequence)
          .bind(sink)
          .bind(now_ms)
          .run();
  if (!noted) return noted;
  auto moved =
      database_->prepare("UPDATE cursors SET sequence = ? WHERE sink = ?").bind(sequence).bind(sink).run();
  if (!moved) return moved;
  return transaction.commit();
}

std::vector<DeliveryRecord> Store::deliveries(const std::string& incident) const {
  const std::lock_guard lock(mutex_);
  Statement rows = database_->prepare(
      "SELECT d.sink, e.type, e.told_ms, d.delivered_ms FROM events e JOIN deliveries d USING(sequence) "
      "WHERE e.incident = ? ORDER BY sequence, d.sink");
  rows.bind(incident);
  std::vector<DeliveryRecord> all;
  while (rows.next())
    all.push_back({.sink = rows.text(0),
                   .type = rows.text(1),
                   .told_ms = rows.integer(2),
                   .delivered_ms = rows.integer(3)});
  return all;
}

Result<void> Store::forget(std::int64_t before_ms, const std::vector<std::string>& sinks) {
  std::int64_t told_to_all = last_sequence();
  for (const std::string& sink : sinks) told_to_all = std::min(told_to_all, cursor(sink));
  const std::lock_guard lock(mutex_);
  Transaction transaction(*database_);
  auto events = database_->prepare("DELETE FROM events WHERE told_ms < ? AND sequence <= ?")
                    .bind(before_ms)
                    .bind(told_to_all)
                    .run();
  if (!events) return events;
  auto deliveries =
      database_->execute("DELETE FROM deliveries WHERE sequence NOT IN (SELECT sequence FROM events)");
  if (!deliveries) return deliveries;
  auto incidents = database_->prepare("DELETE FROM incidents WHERE ended_ms < ?").bind(before_ms).run();
  if (!incidents) return incidents;
  return transaction.commit();
}

}  // namespace monolens

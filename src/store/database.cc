#include "store/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <utility>

namespace monolens {
namespace {

Error failure(sqlite3* handle, const std::string& path) {
  const int code = sqlite3_errcode(handle);
  const bool other = code == SQLITE_NOTADB || code == SQLITE_CORRUPT;
  return {other ? ErrorCode::kUnreadable : ErrorCode::kWrite,
          fmt::format("{}: {}", path, sqlite3_errmsg(handle))};
}

}  // namespace

Statement::~Statement() {
  if (prepared_ == nullptr) return;
  sqlite3_reset(prepared_);
  sqlite3_clear_bindings(prepared_);
}

Statement::Statement(Statement&& other) noexcept
    : prepared_(std::exchange(other.prepared_, nullptr)), bound_(other.bound_), failure_(other.failure_) {}

Statement& Statement::bind(std::int64_t value) {
  sqlite3_bind_int64(prepared_, ++bound_, value);
  return *this;
}

Statement& Statement::bind(std::string_view value) {
  sqlite3_bind_text(prepared_, ++bound_, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::bind(std::optional<std::int64_t> value) {
  if (value) return bind(*value);
  sqlite3_bind_null(prepared_, ++bound_);
  return *this;
}

Statement& Statement::bind_blob(const std::vector<std::uint8_t>& value) {
  sqlite3_bind_blob(prepared_, ++bound_, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
  return *this;
}

bool Statement::next() {
  const int rc = sqlite3_step(prepared_);
  if (rc == SQLITE_ROW) return true;
  if (rc != SQLITE_DONE) failure_ = rc;
  return false;
}

Result<void> Statement::run() {
  next();
  return status();
}

Result<void> Statement::status() const {
  if (failure_ == 0) return {};
  return Error{ErrorCode::kWrite, fmt::format("the store: {}", sqlite3_errmsg(sqlite3_db_handle(prepared_)))};
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(prepared_, column); }

std::optional<std::int64_t> Statement::maybe_integer(int column) const {
  if (sqlite3_column_type(prepared_, column) == SQLITE_NULL) return std::nullopt;
  return integer(column);
}

std::string Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(prepared_, column));
  return text == nullptr
             ? std::string()
             : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column)));
}

std::vector<std::uint8_t> Statement::blob(int column) const {
  const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(prepared_, column));
  if (bytes == nullptr) return {};
  return {bytes, bytes + sqlite3_column_bytes(prepared_, column)};
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path) {
  sqlite3* handle = nullptr;
  const int rc = sqlite3_open_v2(path.c_str(), &handle,
                                 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  auto database = std::unique_ptr<Database>(new Database(handle, path));
  if (rc != SQLITE_OK) return failure(handle, path);
  sqlite3_busy_timeout(handle, 5'000);
  auto prepared =
      database->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
  if (!prepared) return prepared.error();
  return database;
}

Database::~Database() {
  for (const auto& [sql, statement] : prepared_) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

Statement Database::prepare(std::string_view sql) {
  sqlite3_stmt*& statement = prepared_[std::string(sql)];
  if (statement == nullptr) {
    sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                       &statement, nullptr);
  }
  return Statement(statement);
}

Result<void> Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return failure(handle_, path_);
  return {};
}

std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(handle_); }
int Database::changes() const { return sqlite3_changes(handle_); }

Transaction::Transaction(Database& database)
    : database_(database), begun_(database.execute("BEGIN IMMEDIATE")) {}

Transaction::~Transaction() {
  if (open_ && begun_) (void)database_.execute("ROLLBACK");
}

Result<void> Transaction::commit() {
  if (!begun_) return begun_;
  auto committed = database_.execute("COMMIT");
  if (committed) open_ = false;
  return committed;
}

}  // namespace monolens

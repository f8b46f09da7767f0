// Database: the little of SQLite that the store uses, with errors as Result and statements kept prepared.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace monolens {

// A prepared statement in use: values in order, then rows. Ready for the next use once it is destroyed.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* prepared) : prepared_(prepared) {}
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  Statement& operator=(Statement&&) = delete;

  // The next value. A nullopt, and a string view of nullptr, is NULL.
  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view value);
  Statement& bind(std::optional<std::int64_t> value);
  Statement& bind_blob(const std::vector<std::uint8_t>& value);

  // Steps to the next row; false after the last. A failure is kept for status().
  bool next();
  Result<void> run();  // for a statement without rows
  Result<void> status() const;

  // Of the row at hand, columns from 0.
  std::int64_t integer(int column) const;
  std::optional<std::int64_t> maybe_integer(int column) const;
  std::string text(int column) const;
  std::vector<std::uint8_t> blob(int column) const;

 private:
  sqlite3_stmt* prepared_;
  int bound_ = 0;
  int failure_ = 0;
};

class Database {
 public:
  // Makes the file if there is none. Write-ahead log; a transaction is on the disk when it has ended.
  static Result<std::unique_ptr<Database>> open(const std::string& path);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // REQUIRES: valid SQL for this database; it is part of the program.
  Statement prepare(std::string_view sql);
  Result<void> execute(const std::string& sql);
  std::int64_t last_row() const;
  int changes() const;

 private:
  Database(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}

  sqlite3* handle_;
  std::string path_;
  std::unordered_map<std::string, sqlite3_stmt*> prepared_;
};

// Rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  Result<void> commit();

 private:
  Database& database_;
  Result<void> begun_;
  bool open_ = true;
};

}  // namespace monolens

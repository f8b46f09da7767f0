// Result<T>: a value, or the one Error that says what went wrong and where.
//
// Errors are returned, never thrown across a folder's boundary; adapters catch what libraries throw. Each
// error is handled exactly once: told to the user or passed on. A broken stream is a finding, not an Error.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace monolens {

enum class ErrorCode {
  kUsage,        // the command line or the configuration is wrong
  kNotFound,     // the input does not exist or the host is unknown
  kUnreadable,   // it exists and can't be read
  kNotMedia,     // it was read and holds no decodable media
  kRefused,      // a policy forbids it (scheme, host, folder)
  kTimeout,      // a deadline passed
  kWrite,        // an output can't be written
  kRejected,     // who was sent something says that it is malformed
  kInterrupted,  // the caller asked to stop
  kInternal,     // a defect of Monolens itself
};

struct [[nodiscard]] Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;  // one line without a final full stop, with the name of what it is about
};

template <class T>
class [[nodiscard]] Result {
 public:
  // NOLINTBEGIN(google-explicit-constructor): a function returns its value, or an error, as it is
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  // NOLINTEND(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok().
  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }

  // REQUIRES: !ok().
  const Error& error() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }

  // REQUIRES: !ok().
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

}  // namespace monolens

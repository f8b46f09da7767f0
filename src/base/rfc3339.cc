#include "base/rfc3339.h"

#include <fmt/format.h>

#include <chrono>

namespace monolens {
namespace {

using Days = std::chrono::sys_days;

// Digits of a fixed number, taken off the front of `text`.
std::optional<int> number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = 10 * value + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool skip(std::string_view& text, char upper, char other) {
  if (text.empty() || (text[0] != upper && text[0] != other)) return false;
  text.remove_prefix(1);
  return true;
}

// ".123456" as milliseconds; 0 where there is no fraction.
std::optional<int> fraction(std::string_view& text) {
  if (!skip(text, '.', '.')) return 0;
  int ms = 0;
  std::size_t digits = 0;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), ++digits) {
    if (digits < 3) ms = 10 * ms + (text[0] - '0');
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 3; ++digits) ms *= 10;
  return ms;
}

// "Z" or "+02:00", in minutes.
std::optional<int> offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hours = number(text, 2);
  if (!hours || *hours > 23 || !skip(text, ':', ':')) return std::nullopt;
  const auto minutes = number(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return sign * (60 * *hours + *minutes);
}

}  // namespace

std::string rfc3339(std::int64_t ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(ms)};
  const Days day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  const auto year = number(text, 4);
  if (!year || !skip(text, '-', '-')) return std::nullopt;
  const auto month = number(text, 2);
  if (!month || !skip(text, '-', '-')) return std::nullopt;
  const auto day = number(text, 2);
  if (!day || !skip(text, 'T', 't')) return std::nullopt;
  const auto hour = number(text, 2);
  if (!hour || *hour > 23 || !skip(text, ':', ':')) return std::nullopt;
  const auto minute = number(text, 2);
  if (!minute || *minute > 59 || !skip(text, ':', ':')) return std::nullopt;
  const auto second = number(text, 2);
  if (!second || *second > 60) return std::nullopt;
  const auto ms = fraction(text);
  if (!ms) return std::nullopt;
  const auto zone = offset(text);
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!zone || !date.ok()) return std::nullopt;
  const std::int64_t days = Days(date).time_since_epoch().count();
  return ((days * 24 + *hour) * 60 + *minute - *zone) * 60'000 + *second * 1'000 + *ms;
}

}  // namespace monolens

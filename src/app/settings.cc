#include "app/settings.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/text.h"

namespace monolens {

MonitorOptions monitor_options(const Settings& settings, const std::string& url,
                               const std::atomic<bool>& stop) {
  return {.source = {.url = url,
                     .program = settings.program,
                     .variant = settings.variant,
                     .timeout = settings.timeout,
                     .stop = &stop},
          .converter = {.threads = settings.threads, .profile = settings.profile},
          .detectors = settings.detectors.chosen(),
          .stop = &stop};
}

Result<void> apply_assignment(std::string_view text, Settings& settings) {
  const auto dot = text.find('.');
  const auto equals = text.find('=');
  if (dot == std::string_view::npos || equals == std::string_view::npos || dot > equals) {
    return Error{ErrorCode::kUsage,
                 fmt::format("'{}' is not detector.option=value", printable(std::string(text)))};
  }
  const std::string_view number = text.substr(equals + 1);
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc() || end != number.data() + number.size() || !std::isfinite(value)) {
    return Error{ErrorCode::kUsage,
                 fmt::format("'{}' in '{}' is not a number", printable(std::string(number)),
                             printable(std::string(text)))};
  }
  auto set = settings.detectors.set(text.substr(0, dot), text.substr(dot + 1, equals - dot - 1), value);
  if (!set) return Error{set.error().code, printable(set.error().message)};
  return {};
}

}  // namespace monolens

#include "sinks/sink_filter.h"

#include <algorithm>

namespace monolens {
namespace {

bool is_grave_enough(Severity least, std::string_view severity) {
  for (const Severity s : {Severity::kInfo, Severity::kMinor, Severity::kMajor, Severity::kCritical}) {
    if (severity == name_of(s)) return s >= least;
  }
  return true;
}

}  // namespace

bool matches_kind(std::string_view pattern, std::string_view kind) {
  if (pattern == "*") return true;
  if (pattern.ends_with(".*")) return kind.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == kind;
}

bool wants(const SinkFilter& filter, const SinkEvent& event) {
  const auto named = [&](const std::string& pattern) { return matches_kind(pattern, event.kind); };
  const bool kind = filter.kinds.empty() || std::any_of(filter.kinds.begin(), filter.kinds.end(), named);
  const bool monitor = filter.monitors.empty() || std::find(filter.monitors.begin(), filter.monitors.end(),
                                                            event.monitor) != filter.monitors.end();
  return kind && monitor && is_grave_enough(filter.least_severity, event.severity);
}

}  // namespace monolens

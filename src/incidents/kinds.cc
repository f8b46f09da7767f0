#include "incidents/kinds.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace monolens {
namespace {

namespace severity_names {
[[maybe_unused]] constexpr Severity info = Severity::kInfo;
constexpr Severity minor = Severity::kMinor;
constexpr Severity major = Severity::kMajor;
constexpr Severity critical = Severity::kCritical;
}  // namespace severity_names

constexpr std::array kKinds = {
#define KIND(name, severity, merge_ms, summary) \
  KindInfo{#name, severity_names::severity, MediaDuration::milliseconds(merge_ms), summary},
#include "incidents/kinds.inc"
#undef KIND
};

}  // namespace

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kMinor:
      return "minor";
    case Severity::kMajor:
      return "major";
    case Severity::kCritical:
      return "critical";
  }
  return "info";
}

std::span<const KindInfo> all_kinds() { return kKinds; }

const KindInfo& kind_info(std::string_view name) {
  const auto* found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const KindInfo& k) { return k.name == name; });
  assert(found != kKinds.end());
  return *found;
}

}  // namespace monolens

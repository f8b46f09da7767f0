// The kinds of incident and how grave each is; the list is kinds.inc.
#pragma once

#include <span>
#include <string_view>

#include "base/time.h"

namespace monolens {

enum class Severity {
  kInfo,
  kMinor,     // visible to an expert
  kMajor,     // visible to anybody
  kCritical,  // no service
};

std::string_view name_of(Severity severity);

struct KindInfo {
  std::string_view name;  // "video.freeze"
  Severity severity;
  MediaDuration merge;  // stretches closer than this are one incident
  std::string_view summary;
};

std::span<const KindInfo> all_kinds();

// REQUIRES: a name in kinds.inc.
const KindInfo& kind_info(std::string_view name);

}  // namespace monolens

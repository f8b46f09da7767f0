// Which events a sink is told.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "incidents/kinds.h"
#include "sinks/sink.h"

namespace monolens {

struct SinkFilter {
  std::vector<std::string> kinds{};           // "video.freeze", "video.*" or "*"; none = all
  Severity least_severity = Severity::kInfo;  // and what is graver
  std::vector<std::string> monitors{};        // ids; none = all
};

// An event whose severity is none of ours is not held back for it.
bool wants(const SinkFilter& filter, const SinkEvent& event);

// Whether a pattern of SinkFilter::kinds names the kind.
bool matches_kind(std::string_view pattern, std::string_view kind);

}  // namespace monolens

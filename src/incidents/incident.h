// Incident: a defect with a beginning and, later, an end. It is what people are told about.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "incidents/block_map.h"
#include "incidents/kinds.h"

namespace monolens {

struct Evidence {
  std::vector<std::uint8_t> jpeg;  // the picture when the incident opened; empty where there is none
  std::string note;
  std::optional<BlockMap> map{};  // of the same picture, where the kind has one
};

struct Incident {
  std::string id;  // a function of input, kind, track and start
  std::string kind;
  std::string detector;
  int track = -1;  // index in InputInfo::tracks, −1 = the input
  Severity severity = Severity::kInfo;
  MediaTime start{};
  std::optional<MediaTime> end{};  // unset while open
  double confidence = 1.0;
  std::vector<std::pair<std::string, double>> measures;
  Evidence evidence;
};

struct IncidentEvent {
  enum class Type { kOpen, kUpdate, kClose };
  Type type = Type::kOpen;
  MediaTime at{};  // media time when it was told; never less than that of the event before
  const Incident* incident = nullptr;
};

}  // namespace monolens

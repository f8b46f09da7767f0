// Finding: what a detector says: from this time on, this kind of defect is there, with this confidence.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "incidents/block_map.h"
#include "incidents/kinds.h"

namespace monolens {

using Measures =
    std::vector<std::pair<std::string_view, double>>;  // names are string literals, with the unit

struct Finding {
  enum class Phase {
    kBegan,    // confirmed; `start` is where it begins, not where it was confirmed
    kUpdated,  // known better
    kEnded,    // `end` is where the first good sample stands
  };
  Phase phase = Phase::kBegan;
  std::string_view kind{};  // one of kinds.inc
  int part = 0;             // tells apart what may be there at once in one track: a channel, say
  MediaTime start{};
  MediaTime end{};                     // with kEnded
  double confidence = 1.0;             // 0 to 1
  std::optional<Severity> severity{};  // instead of the kind's own
  Measures measures{};
  std::string note{};             // one line a person can read
  std::optional<BlockMap> map{};  // with kBegan: of the picture that confirmed it
};

using Findings = std::vector<Finding>;

}  // namespace monolens

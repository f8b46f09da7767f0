// Which pairs of a monitor and a detector group are watched by whom, beside those that should be.
#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace monolens {

struct MonitorGroup {
  std::string monitor;
  std::string group;

  auto operator<=>(const MonitorGroup&) const = default;
};

// Instances that say they watch it; more than one where two have not yet heard of each other.
using Holders = std::map<MonitorGroup, std::vector<std::string>>;

struct Coverage {
  std::size_t wanted = 0;
  std::vector<MonitorGroup> uncovered;
  std::vector<MonitorGroup> doubled;
};

// What is held and not wanted counts nothing.
inline Coverage coverage(const std::set<MonitorGroup>& wanted, const Holders& holders) {
  Coverage found{.wanted = wanted.size(), .uncovered = {}, .doubled = {}};
  for (const MonitorGroup& pair : wanted) {
    const auto held = holders.find(pair);
    if (held == holders.end() || held->second.empty()) {
      found.uncovered.push_back(pair);
    } else if (held->second.size() > 1) {
      found.doubled.push_back(pair);
    }
  }
  return found;
}

}  // namespace monolens

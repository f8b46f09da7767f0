// Who takes a work item and who gives one up: decided by each instance for itself, from measured cost.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace monolens {

struct InstanceLoad {
  double used_cores = 0;
  double capacity_cores = 1;
  std::size_t pairs = 0;

  double share() const { return used_cores / capacity_cores; }
};

// How long an instance waits between two items: the fuller, the longer, so that the emptiest take first.
std::chrono::milliseconds pull_delay(const InstanceLoad& own);

// Whether `own` should give up one of its pairs: it stands above the mean of all (itself and `others`, of
// those that serve the same group) by more than two pairs' cost, none is fuller, and somebody who is below
// the mean would still be emptier than this one afterwards. So nothing moves back and forth, and not all give
// up at once to one that joins.
bool should_give_up(const InstanceLoad& own, const std::vector<InstanceLoad>& others);

}  // namespace monolens

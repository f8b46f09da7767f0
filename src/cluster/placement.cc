#include "cluster/placement.h"

#include <algorithm>

namespace monolens {

using std::chrono::milliseconds;

std::chrono::milliseconds pull_delay(const InstanceLoad& own) {
  constexpr double kFull_ms = 500;
  return milliseconds(static_cast<int>(kFull_ms * std::clamp(own.share(), 0.0, 1.0)));
}

bool should_give_up(const InstanceLoad& own, const std::vector<InstanceLoad>& others) {
  if (own.pairs < 2 || others.empty()) return false;
  const double cost = own.used_cores / static_cast<double>(own.pairs);
  double sum = own.share();
  for (const InstanceLoad& other : others) sum += other.share();
  const double mean = sum / static_cast<double>(others.size() + 1);
  if (own.share() <= mean + 2 * cost / own.capacity_cores) return false;
  const bool is_fullest = std::none_of(
      others.begin(), others.end(), [&](const InstanceLoad& other) { return other.share() > own.share(); });
  if (!is_fullest) return false;
  const double after = (own.used_cores - cost) / own.capacity_cores;
  return std::any_of(others.begin(), others.end(), [&](const InstanceLoad& other) {
    return other.share() < mean && (other.used_cores + cost) / other.capacity_cores < after;
  });
}

}  // namespace monolens

#include "service/score.h"

#include <algorithm>

namespace monolens {
namespace {

constexpr double kGrowsFor_ms = 60'000;
constexpr double kGrowth = 0.5;

double cost_of(const std::string& severity) {
  if (severity == "critical") return 60;
  if (severity == "major") return 30;
  if (severity == "minor") return 10;
  return 2;
}

}  // namespace

void ScoreBoard::take(const EventRecord& event) {
  const std::lock_guard lock(mutex_);
  auto& open = open_[event.monitor];
  if (event.type == "close") {
    open.erase(event.incident);
    return;
  }
  const auto [entry, fresh] = open.try_emplace(event.incident, Open{event.severity, event.told_ms});
  if (!fresh) entry->second.severity = event.severity;
}

double ScoreBoard::score(const std::string& monitor, std::int64_t now_ms) const {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(monitor);
  if (found == open_.end()) return 100;
  double score = 100;
  for (const auto& [id, open] : found->second) {
    const double lasted = std::clamp(static_cast<double>(now_ms - open.since_ms) / kGrowsFor_ms, 0.0, 1.0);
    score -= cost_of(open.severity) * (1 + kGrowth * lasted);
  }
  return std::max(0.0, score);
}

void ScoreBoard::forget(const std::string& monitor) {
  const std::lock_guard lock(mutex_);
  open_.erase(monitor);
}

}  // namespace monolens

#include "service/capacity.h"

#include <cmath>

namespace monolens {
namespace {

constexpr double kAverage_s = 30;

}  // namespace

void Capacity::add(const std::string& id) {
  const std::lock_guard lock(mutex_);
  uses_[id] = {};
}

void Capacity::forget(const std::string& id) {
  const std::lock_guard lock(mutex_);
  uses_.erase(id);
}

void Capacity::measure(const std::string& id, double cpu_s, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  const auto found = uses_.find(id);
  if (found == uses_.end()) return;
  Use& use = found->second;
  const bool first = use.since_ms == 0 || cpu_s < use.cpu_s || now_ms <= use.at_ms;  // or it began anew
  if (first) {
    use = {.since_ms = now_ms, .at_ms = now_ms, .cpu_s = cpu_s, .cores = 0};
    return;
  }
  const double seconds = static_cast<double>(now_ms - use.at_ms) / 1000.0;
  const double age = static_cast<double>(now_ms - use.since_ms) / 1000.0;
  const double cores = (cpu_s - use.cpu_s) / seconds;
  // The mean of all at first, then an average that forgets.
  use.cores += (cores - use.cores) * (age < kAverage_s ? seconds / age : -std::expm1(-seconds / kAverage_s));
  use.cpu_s = cpu_s;
  use.at_ms = now_ms;
}

double Capacity::expected() const {
  double sum = 0;
  int known = 0;
  for (const auto& [id, use] : uses_) {
    if (!use.is_known()) continue;
    sum += use.cores;
    ++known;
  }
  return known == 0 ? kUnknownCores : sum / known;
}

double Capacity::used_of_all() const {
  const double otherwise = expected();
  double sum = 0;
  for (const auto& [id, use] : uses_) sum += use.is_known() ? use.cores : otherwise;
  return sum;
}

double Capacity::used() const {
  const std::lock_guard lock(mutex_);
  return used_of_all();
}

std::optional<Capacity::Lack> Capacity::lack() const {
  const std::lock_guard lock(mutex_);
  const Lack lack{.needed = expected(), .free = cores_ - used_of_all()};
  if (lack.needed <= lack.free) return std::nullopt;
  return lack;
}

}  // namespace monolens

#include "monitor/second_meter.h"

namespace monolens {
namespace {

constexpr std::int64_t kSecond_ns = 1'000'000'000;

std::int64_t number_of(MediaTime time) { return time.since_start().ns() / kSecond_ns; }

}  // namespace

SecondMeter::Open* SecondMeter::second_of(MediaTime time) {
  if (time < MediaTime() || number_of(time) < next_) return nullptr;
  return &open_[number_of(time)];
}

void SecondMeter::add(MediaTime time, std::string_view name, double value) {
  if (Open* second = second_of(time)) second->measured.add(name, value);
}

void SecondMeter::count(MediaTime time, std::string_view name, double amount) {
  if (Open* second = second_of(time)) second->counts[name] += amount;
}

std::vector<SecondMeter::Second> SecondMeter::take(MediaTime until) {
  std::vector<Second> complete;
  const std::int64_t end = number_of(until);
  while (!open_.empty() && open_.begin()->first < end) {
    auto& [number, second] = *open_.begin();
    for (const auto& [name, amount] : second.counts) second.measured.add(name, amount);
    complete.push_back(
        {MediaTime() + MediaDuration::nanoseconds(number * kSecond_ns), std::move(second.measured)});
    open_.erase(open_.begin());
  }
  next_ = std::max(next_, end);
  return complete;
}

}  // namespace monolens

#include "monitor/measurements.h"

#include <algorithm>
#include <cmath>

namespace monolens {

void Quantity::add(double value) { add({.sum = value, .least = value, .greatest = value, .count = 1}); }

void Quantity::add(const Quantity& other) {
  if (other.count == 0) return;
  least = count == 0 ? other.least : std::min(least, other.least);
  greatest = count == 0 ? other.greatest : std::max(greatest, other.greatest);
  sum += other.sum;
  count += other.count;
}

void Measurements::add(std::string_view name, double value) {
  if (std::isfinite(value)) add(name, {.sum = value, .least = value, .greatest = value, .count = 1});
}

void Measurements::add(std::string_view name, const Quantity& quantity) {
  auto found = quantities_.find(name);
  if (found == quantities_.end()) found = quantities_.emplace(name, Quantity{}).first;
  found->second.add(quantity);
}

void Measurements::add(const Measurements& other) {
  for (const auto& [name, quantity] : other.quantities_) add(name, quantity);
}

}  // namespace monolens

#include "detectors/detector.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "base/text.h"

namespace monolens {

Options::Options(std::span<const OptionInfo> infos) : infos_(infos) {
  for (const OptionInfo& o : infos) values_.push_back(o.fallback);
}

bool Options::has(std::string_view name) const {
  return std::any_of(infos_.begin(), infos_.end(), [&](const OptionInfo& o) { return o.name == name; });
}

double Options::operator[](std::string_view name) const {
  for (std::size_t i = 0; i < infos_.size(); ++i) {
    if (infos_[i].name == name) return values_[i];
  }
  assert(false && "not an option of this detector");
  return 0;
}

Result<void> Options::set(std::string_view name, double value) {
  for (std::size_t i = 0; i < infos_.size(); ++i) {
    const OptionInfo& o = infos_[i];
    if (o.name != name) continue;
    if (!(value >= o.min && value <= o.max)) {
      return Error{ErrorCode::kUsage,
                   fmt::format("{} must be from {:g} to {:g}, not {:g}", name, o.min, o.max, value)};
    }
    values_[i] = value;
    return {};
  }
  std::vector<std::string> names;
  for (const OptionInfo& o : infos_) names.emplace_back(o.name);
  return Error{ErrorCode::kUsage, fmt::format("unknown option '{}'{}", name, suggestion(name, names))};
}

Result<void> Detector::open(const StreamInfo&) { return {}; }
void Detector::advance(MediaTime, Findings&) {}
void Detector::finish(MediaTime, Findings&) {}
Measures Detector::measures() const { return {}; }

}  // namespace monolens

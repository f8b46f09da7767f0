#include "detectors/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace monolens {

#define DETECTOR(name) const DetectorInfo& name##_detector();
#include "detectors/list.inc"
#undef DETECTOR

namespace {

const auto kAll = std::to_array<const DetectorInfo*>({
#define DETECTOR(name) &name##_detector(),
#include "detectors/list.inc"
#undef DETECTOR
});

constexpr std::string_view kNull = "null";

}  // namespace

std::span<const DetectorInfo* const> all_detectors() { return kAll; }

Result<const DetectorInfo*> find_detector(std::string_view name) {
  std::vector<std::string> names;
  for (const DetectorInfo* info : kAll) {
    if (info->name == name) return info;
    names.emplace_back(info->name);
  }
  return Error{ErrorCode::kUsage, fmt::format("unknown detector '{}'{}", name, suggestion(name, names))};
}

DetectorSet::DetectorSet() {
  for (const DetectorInfo* info : kAll)
    entries_.push_back({info, Options(info->options), info->name != kNull});
}

Result<void> DetectorSet::choose(std::string_view list) {
  const std::vector<std::string_view> names = split(list, ',');
  const bool starts_from_all = !names.empty() && names.front().starts_with('-');
  for (Entry& e : entries_) e.chosen = starts_from_all && e.info->name != kNull;
  for (std::string_view name : names) {
    if (name == "all") {
      for (Entry& e : entries_) e.chosen = e.info->name != kNull;
      continue;
    }
    const bool take = !name.starts_with('-');
    if (!take) name.remove_prefix(1);
    auto found = find_detector(name);
    if (!found) return found.error();
    std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.info == *found; })->chosen =
        take;
  }
  return {};
}

Result<void> DetectorSet::set(std::string_view detector, std::string_view option, double value) {
  auto found = find_detector(detector);
  if (!found) return found.error();
  const auto entry =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.info == *found; });
  auto set = entry->options.set(option, value);
  const char* separator = entry->options.has(option) ? "." : ": ";
  if (!set) return Error{set.error().code, fmt::format("{}{}{}", detector, separator, set.error().message)};
  return {};
}

std::vector<ChosenDetector> DetectorSet::chosen() const {
  std::vector<ChosenDetector> chosen;
  for (const Entry& e : entries_) {
    if (e.chosen) chosen.push_back({e.info, e.options});
  }
  return chosen;
}

FeatureOptions features_for(std::span<const ChosenDetector> chosen) {
  FeatureOptions features;
  for (const ChosenDetector& c : chosen) c.info->request(c.options, features);
  return features;
}

}  // namespace monolens

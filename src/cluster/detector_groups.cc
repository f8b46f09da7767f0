#include "cluster/detector_groups.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "detectors/registry.h"

namespace monolens {
namespace {

Result<std::vector<std::string>> names_in(const std::string& list) {
  DetectorSet set;
  auto chosen = set.choose(list);
  if (!chosen) return chosen.error();
  std::vector<std::string> names;
  for (const ChosenDetector& detector : set.chosen()) names.emplace_back(detector.info->name);
  return names;
}

bool is_name(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

}  // namespace

DetectorGroups::DetectorGroups() : groups_{{"all", *names_in("all")}} {}

Result<DetectorGroups> DetectorGroups::make(const std::map<std::string, std::string>& lists) {
  DetectorGroups groups;
  groups.groups_.clear();
  std::map<std::string, std::string> group_of;
  for (const auto& [name, list] : lists) {
    if (!is_name(name))
      return Error{ErrorCode::kUsage,
                   fmt::format("a group's name is of a-z, 0-9, '-' and '_'; not '{}'", name)};
    auto detectors = names_in(list);
    if (!detectors)
      return Error{ErrorCode::kUsage, fmt::format("group '{}': {}", name, detectors.error().message)};
    for (const std::string& detector : *detectors) {
      const auto [before, is_new] = group_of.emplace(detector, name);
      if (!is_new) {
        return Error{ErrorCode::kUsage, fmt::format("detector '{}' is in the groups '{}' and '{}'", detector,
                                                    before->second, name)};
      }
    }
    groups.groups_.emplace(name, std::move(*detectors));
  }
  const auto every = DetectorGroups().groups_.at("all");
  for (const std::string& detector : every) {
    if (!group_of.contains(detector))
      return Error{ErrorCode::kUsage, fmt::format("detector '{}' is in no group", detector)};
  }
  return groups;
}

// One that is in no group, as `null`, goes with the first.
Result<std::map<std::string, std::string>> DetectorGroups::split(const std::string& choice) const {
  auto chosen = names_in(choice);
  if (!chosen) return chosen.error();
  std::map<std::string, std::vector<std::string>> parts;
  for (std::string& name : *chosen) {
    const auto group = std::find_if(groups_.begin(), groups_.end(), [&](const auto& g) {
      return std::find(g.second.begin(), g.second.end(), name) != g.second.end();
    });
    parts[group == groups_.end() ? groups_.begin()->first : group->first].push_back(std::move(name));
  }
  std::map<std::string, std::string> lists;
  for (const auto& [group, names] : parts) lists.emplace(group, fmt::format("{}", fmt::join(names, ",")));
  return lists;
}

}  // namespace monolens

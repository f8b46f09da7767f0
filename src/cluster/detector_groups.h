// DetectorGroups: how a cluster splits the detectors among its instances: each is in exactly one group.
//
// A stream that needs detectors of two groups is watched by two instances, each of which converts it for
// itself. With one group, the default, a stream is watched by one instance.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace monolens {

class DetectorGroups {
 public:
  // One group named "all".
  DetectorGroups();
  // From names to lists as --detectors takes them. kUsage names a detector that is in no group or in two, a
  // list that can't be read, or a name that is not of a-z, 0-9, '-' and '_'.
  static Result<DetectorGroups> make(const std::map<std::string, std::string>& lists);

  // What each group has to run of a monitor's choice, as --detectors takes it; groups without any are not in
  // it. kUsage if the choice can't be read.
  Result<std::map<std::string, std::string>> split(const std::string& choice) const;

  const std::map<std::string, std::vector<std::string>>& all() const { return groups_; }
  bool has(const std::string& name) const { return groups_.contains(name); }

  bool operator==(const DetectorGroups&) const = default;

 private:
  std::map<std::string, std::vector<std::string>> groups_;
};

}  // namespace monolens

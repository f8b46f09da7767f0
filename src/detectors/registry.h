// All detectors, and a choice of them with their options.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detectors/detector.h"

namespace monolens {

std::span<const DetectorInfo* const> all_detectors();

// An error with the nearest name if there is none.
Result<const DetectorInfo*> find_detector(std::string_view name);

struct ChosenDetector {
  const DetectorInfo* info = nullptr;
  Options options;
};

// A choice of detectors and their options, as a command line or a configuration makes it.
class DetectorSet {
 public:
  // All but `null`, with the default options.
  DetectorSet();

  // A list of names separated by commas; "all" stands for every one but `null`, and "-name" takes one out.
  Result<void> choose(std::string_view list);

  // Sets an option of a detector, chosen or not.
  Result<void> set(std::string_view detector, std::string_view option, double value);

  std::vector<ChosenDetector> chosen() const;

 private:
  struct Entry {
    const DetectorInfo* info = nullptr;
    Options options;
    bool chosen = false;
  };
  std::vector<Entry> entries_;
};

// What the chosen detectors need measured.
FeatureOptions features_for(std::span<const ChosenDetector> chosen);

}  // namespace monolens

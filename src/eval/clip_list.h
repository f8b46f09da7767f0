// The clips that a set is made from: where they are, on which side of the split they stand, what is known of
// them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace monolens::eval {

struct ClipFacts {
  double start_s = 0;    // of the stretch that is used
  double length_s = 10;  // at most
  int most_height = 720;
  double speaking_s = 0;               // for which one speaking face is seen
  std::vector<std::string> explained;  // kinds that the clip itself has
};

struct Clip {
  std::string name;  // relative to its folder
  std::string path;
  std::string split;  // "tune" or "score"
  ClipFacts facts;
};

struct ClipSearch {
  std::vector<std::string> files;
  std::string folder;
  std::string split_file;  // TSV: clip, split; clips that it does not name go by a hash of their name
  std::string facts_file;  // TSV: clip, start_s, length_s, height, speaking_s, explained, why
  std::string split;       // "score", "tune" or "all"
};

// Sorted by name.
Result<std::vector<Clip>> find_clips(const ClipSearch& search);

// By the name alone, about half to each side.
std::string split_by_hash(const std::string& name);

}  // namespace monolens::eval

// Truth: what a labelled set holds, file by file; written as truth.json beside the media.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "eval/recipe.h"

namespace monolens::eval {

// Grows when the same seed and clips no longer give the same set.
inline constexpr int kSetVersion = 3;

struct Item {
  std::string file;  // relative to the set's folder
  std::string clip;
  std::string split;  // "tune" or "score"
  std::string kind;   // empty: a clean twin
  std::string form;
  Strength strength;
  Role role = Role::kDefect;
  double duration_s = 0;
  double frame_s = 0;               // from a picture to the next; 0 without pictures
  std::vector<Interval> intervals;  // on the file's presentation timeline
  std::optional<double> offset_ms;
  std::vector<double> areas;  // by picture, from areas_start_s on
  double areas_start_s = 0;
  std::vector<std::string>
      explained;  // kinds that the clip itself has, or "audio", "video" for all of a sort
};

struct Truth {
  std::uint64_t seed = 0;
  std::vector<Item> items;
};

std::string_view name_of(Role role, bool clean);

std::string to_json(const Truth& truth);
Result<Truth> parse_truth(std::string_view json, const std::string& name);

// Whether the clip's own faults explain an incident of a kind.
bool explains(const std::vector<std::string>& explained, std::string_view kind);

}  // namespace monolens::eval

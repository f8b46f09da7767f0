// Profile: what a stream's decoder may leave out to save work.
#pragma once

#include <string_view>

#include "base/result.h"

namespace monolens {

enum class Profile {
  kFull,
  kEconomy,    // no frames that no other frame refers to
  kKeyFrames,  // key frames only
};

// "full", "economy", "keyframes".
std::string_view name_of(Profile profile);
// Fails with the nearest name.
Result<Profile> parse_profile(std::string_view name);

}  // namespace monolens

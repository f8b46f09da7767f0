#include "media/profile.h"

#include <fmt/format.h>

#include "base/text.h"

namespace monolens {

std::string_view name_of(Profile profile) {
  switch (profile) {
    case Profile::kFull:
      return "full";
    case Profile::kEconomy:
      return "economy";
    case Profile::kKeyFrames:
      return "keyframes";
  }
  return "full";
}

Result<Profile> parse_profile(std::string_view name) {
  for (const Profile p : {Profile::kFull, Profile::kEconomy, Profile::kKeyFrames}) {
    if (name == name_of(p)) return p;
  }
  return Error{ErrorCode::kUsage, fmt::format("unknown profile '{}'{}", name,
                                              suggestion(name, {"full", "economy", "keyframes"}))};
}

}  // namespace monolens

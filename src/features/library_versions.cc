#include "features/library_versions.h"

#include <ebur128.h>
#include <fmt/format.h>

namespace monolens {

std::string feature_library_versions() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  ebur128_get_version(&major, &minor, &patch);
  return fmt::format("libebur128 {}.{}.{}", major, minor, patch);
}

}  // namespace monolens

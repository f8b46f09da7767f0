#include "app/version_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/version.h"
#include "features/kernels/cpu.h"
#include "features/library_versions.h"
#include "media/library_versions.h"

namespace monolens {

std::string version_text() {
  return fmt::format("monolens {}\n{}\n{}\nSIMD: {} (of {})", kVersion, media_library_versions(),
                     feature_library_versions(), kernels::cpu_target(),
                     fmt::join(kernels::cpu_targets(), ", "));
}

}  // namespace monolens

// The measuring libraries in use, one line.
#pragma once

#include <string>

namespace monolens {

std::string feature_library_versions();

}  // namespace monolens

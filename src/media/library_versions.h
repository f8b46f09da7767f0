// The FFmpeg libraries in use, as loaded, one line.
#pragma once

#include <string>

namespace monolens {

std::string media_library_versions();

}  // namespace monolens

// What --version prints: Monolens, the libraries it runs with and the SIMD target in use.
#pragma once

#include <string>

namespace monolens {

std::string version_text();

}  // namespace monolens

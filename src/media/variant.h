// Which of the variants that a playlist (HLS, DASH) offers is analysed: by size of the picture, then by bit
// rate.
#pragma once

#include <string_view>

#include "base/result.h"

namespace monolens {

enum class Variant { kHighest, kLowest };

// "highest" or "lowest"; anything else is kUsage.
Result<Variant> parse_variant(std::string_view name);
std::string_view name_of(Variant variant);

}  // namespace monolens

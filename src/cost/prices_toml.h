// The text of prices.toml, embedded at build time in pieces that follow each other.
#pragma once

#include <span>
#include <string_view>

namespace monolens {

std::span<const std::string_view> prices_toml();

}  // namespace monolens

// The page of the bill without its data: page/cost.html with its style and script inside, embedded at build
// time in pieces that follow each other.
#pragma once

#include <span>
#include <string_view>

namespace monolens {

std::span<const std::string_view> cost_page();

}  // namespace monolens

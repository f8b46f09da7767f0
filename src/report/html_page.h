// The page of the HTML report without its data: report.html with its style and script inside, embedded at
// build time in pieces that follow each other.
#pragma once

#include <span>
#include <string_view>

namespace monolens {

std::span<const std::string_view> html_page();

}  // namespace monolens

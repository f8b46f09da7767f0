// api/openapi.yaml, embedded at build time in pieces that follow each other.
#pragma once

#include <span>
#include <string_view>

namespace monolens {

std::span<const std::string_view> openapi_document();

}  // namespace monolens

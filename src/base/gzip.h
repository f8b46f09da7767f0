// gzip (RFC 1952) of a whole text. The same text gives the same bytes: no time and no name are in it.
#pragma once

#include <string>
#include <string_view>

namespace monolens {

std::string gzip(std::string_view text);

}  // namespace monolens

// Percent-encoding (RFC 3986, section 2.1).
#pragma once

#include <string>
#include <string_view>

namespace monolens {

// Each byte but letters, digits, "-._~" (unreserved, section 2.3) and those in `also_kept` as %XX.
std::string uri_encode(std::string_view text, std::string_view also_kept = "");

}  // namespace monolens

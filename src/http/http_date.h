// Dates as HTTP's headers have them (RFC 9110, section 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
#pragma once

#include <ctime>
#include <string>

namespace monolens {

// In English whatever the locale.
std::string http_date(std::time_t at);

}  // namespace monolens

// Problem documents (RFC 9457): how every error of the HTTP server is told.
#pragma once

#include <string_view>

#include "http/message.h"

namespace monolens {

// An answer of type application/problem+json. What is no UTF-8 in the texts becomes U+FFFD.
HttpResponse problem(int status, std::string_view title, std::string_view detail = {});

// With the status's usual phrase as title.
HttpResponse problem(int status);

// The phrase that goes with a status ("Not Found"); empty if it is unknown.
std::string_view status_phrase(int status);

}  // namespace monolens

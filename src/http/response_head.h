// The head of an answer, as it goes over the line.
#pragma once

#include <ctime>
#include <string>

#include "http/message.h"

namespace monolens {

enum class BodyFraming {
  kLength,
  kChunked,
  kUntilClose,  // for clients of HTTP/1.0
};

// Whether a handler's response can be sent: the status is final (200 to 599), no header could break out of
// its line, and none is set that the server sets.
bool can_be_sent(const HttpResponse& response);

// Sets besides the handler's headers what every answer carries: Date, the framing, nosniff, no-referrer, and
// no-store where the handler has no Cache-Control of its own.
// REQUIRES: can_be_sent(response).
std::string response_head(const HttpResponse& response, BodyFraming framing, bool keep_alive,
                          std::time_t now);

// Whether an answer of that status may have a body (RFC 9110, section 6.4.1).
bool may_have_body(int status);

}  // namespace monolens

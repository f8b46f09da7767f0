// What is refused of a request before anybody looks at what it asks for.
#pragma once

#include <optional>
#include <string>

#include "http/message.h"

namespace monolens {

struct RequestHead {
  std::string method;
  std::string target;
  int version = 11;  // 10 or 11
  HttpFields headers;
};

// The problem with a request's head, if there is one: a method that no handler could know (501), a missing or
// doubled Host, lengths that two readers could understand differently (400), a transfer coding other than
// chunked (501), an expectation other than 100-continue (417).
std::optional<HttpResponse> head_problem(const RequestHead& head);

// Whether the client waits for "100 Continue" before it sends the body.
bool expects_continue(const RequestHead& head);

}  // namespace monolens

// HttpRequest and HttpReply: what a handler gets, and what it answers with.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "http/event_stream.h"

namespace monolens {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;  // a HEAD is handed over as GET, and the body of the answer is left out
  std::string path;    // decoded; begins with '/', has no segment "." or ".."
  HttpFields query;    // decoded, in the order of the address
  HttpFields headers;
  std::string body;
  std::string peer;  // the client's address without its port
  bool loopback = false;

  // The first of that name, in any case, or null.
  const std::string* header(std::string_view name) const;
  // The first of that name, or null.
  const std::string* parameter(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  HttpFields headers;  // without those that the server sets: see can_be_sent()
  std::string body;
  std::string content_type;
};

// A response, or a fresh stream of server-sent events that whoever holds it feeds from then on.
using HttpReply = std::variant<HttpResponse, std::shared_ptr<EventStream>>;

// Called by several threads at once. What it throws becomes a status 500 that tells the client nothing.
using HttpHandler = std::function<HttpReply(const HttpRequest&)>;

}  // namespace monolens

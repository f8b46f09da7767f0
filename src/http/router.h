// Router: finds the handler of a request by its method and path.
//
//   router.on("GET", "/v1/monitors/{id}", handler);
//
// A parameter stands for one whole segment, which is not empty. Where several patterns match, the one that is
// literal where the others have a parameter wins, in whatever order they were added.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace monolens {

using PathParameters = std::map<std::string, std::string, std::less<>>;
using RouteHandler = std::function<HttpReply(const HttpRequest&, const PathParameters&)>;

class Router {
 public:
  // REQUIRES: the pattern begins with '/', and the pair of method and pattern is new.
  void on(std::string method, std::string_view pattern, RouteHandler handler);

  // Answers 404 if no pattern matches the path, 405 with the header Allow if none has the method. Any number
  // of threads may call it once all routes are added.
  HttpReply route(const HttpRequest& request) const;

  // "GET /v1/monitors/{id}" for each that was added.
  std::vector<std::string> routes() const;

 private:
  struct Segment {
    bool is_parameter = false;
    std::string text;  // the parameter's name, or what the segment is
  };
  struct Route {
    std::string method;
    std::string pattern;
    std::vector<Segment> segments;
    RouteHandler handler;
  };
  static bool more_literal(const Route& a, const Route& b);
  static bool matches(const Route& route, const std::vector<std::string_view>& path,
                      PathParameters& parameters);

  std::vector<Route> routes_;  // the more literal ones first
};

}  // namespace monolens

#include "http/router.h"

#include <algorithm>
#include <set>
#include <utility>

#include "http/problem.h"

namespace monolens {
namespace {

// REQUIRES: the path begins with '/'.
std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  path.remove_prefix(1);
  for (std::size_t at = path.find('/'); at != std::string_view::npos; at = path.find('/')) {
    segments.push_back(path.substr(0, at));
    path.remove_prefix(at + 1);
  }
  segments.push_back(path);
  return segments;
}

HttpResponse not_allowed(const std::set<std::string>& methods) {
  std::string allow;
  for (const std::string& method : methods) {
    if (!allow.empty()) allow += ", ";
    allow += method;
    if (method == "GET") allow += ", HEAD";
  }
  HttpResponse response = problem(405);
  response.headers.emplace_back("Allow", std::move(allow));
  return response;
}

}  // namespace

void Router::on(std::string method, std::string_view pattern, RouteHandler handler) {
  Route route{.method = std::move(method),
              .pattern = std::string(pattern),
              .segments = {},
              .handler = std::move(handler)};
  for (const std::string_view segment : segments_of(pattern)) {
    const bool is_parameter = segment.size() > 2 && segment.starts_with('{') && segment.ends_with('}');
    route.segments.push_back(
        {is_parameter, std::string(is_parameter ? segment.substr(1, segment.size() - 2) : segment)});
  }
  const auto place = std::upper_bound(routes_.begin(), routes_.end(), route, more_literal);
  routes_.insert(place, std::move(route));
}

HttpReply Router::route(const HttpRequest& request) const {
  if (!request.path.starts_with('/')) return problem(404);  // the "*" of OPTIONS
  const std::vector<std::string_view> path = segments_of(request.path);
  std::set<std::string> methods;
  for (const Route& route : routes_) {
    PathParameters parameters;
    if (!matches(route, path, parameters)) continue;
    if (route.method == request.method) return route.handler(request, parameters);
    methods.insert(route.method);
  }
  return methods.empty() ? problem(404) : not_allowed(methods);
}

std::vector<std::string> Router::routes() const {
  std::vector<std::string> routes;
  for (const Route& route : routes_) routes.push_back(route.method + " " + route.pattern);
  return routes;
}

bool Router::more_literal(const Route& a, const Route& b) {
  return std::lexicographical_compare(
      a.segments.begin(), a.segments.end(), b.segments.begin(), b.segments.end(),
      [](const Segment& x, const Segment& y) { return !x.is_parameter && y.is_parameter; });
}

bool Router::matches(const Route& route, const std::vector<std::string_view>& path,
                     PathParameters& parameters) {
  if (route.segments.size() != path.size()) return false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Segment& segment = route.segments[i];
    if (!segment.is_parameter && segment.text != path[i]) return false;
    if (!segment.is_parameter) continue;
    if (path[i].empty()) return false;
    parameters.emplace(segment.text, path[i]);
  }
  return true;
}

}  // namespace monolens

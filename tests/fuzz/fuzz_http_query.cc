// What a client sends before anybody knows it: the end of a header, targets, tokens, paths to route.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "check.h"
#include "http/bearer.h"
#include "http/header_scanner.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/router.h"
#include "http/utf8.h"

namespace {

using namespace monolens;

void check_target(std::string_view text) {
  const auto target = parse_target(text);
  if (!target) return;
  check(target->path == "*" || target->path.starts_with('/'));
  check(is_utf8(target->path) && target->path.find('\0') == std::string::npos);
  check((target->path + "/").find("/../") == std::string::npos);
  check((target->path + "/").find("/./") == std::string::npos);
  for (const auto& [name, value] : target->query) {
    check(is_utf8(name) && name.find('\0') == std::string::npos);
    check(is_utf8(value) && value.find('\0') == std::string::npos);
  }
}

void check_header(std::string_view text) {
  const HeaderScanner::Found whole = HeaderScanner(64, 128).scan(text);
  HeaderScanner scanner(64, 128);
  HeaderScanner::Found parts;
  for (std::size_t size = 1; size <= text.size() && parts.size == 0 && parts.refused == 0; ++size) {
    parts = scanner.scan(text.substr(0, size));
  }
  check(whole.size == parts.size && whole.refused == parts.refused);
  if (whole.size > 0) check(text.substr(0, whole.size).ends_with("\r\n\r\n"));
}

void check_token(std::string_view text) {
  const auto token = bearer_token(text);
  if (token) check(!token->empty() && text.ends_with(*token) && token->find(' ') == std::string_view::npos);
  BearerTokens tokens;
  if (tokens.add(text, Role::kRead)) check(text.size() == 71 && !tokens.role_of(text));
}

void check_route(std::string_view text) {
  Router router;
  std::string first;
  router.on("GET", "/v1/{id}", [&](const HttpRequest&, const PathParameters& parameters) {
    first = parameters.at("id");
    return HttpResponse{};
  });
  router.on("POST", "/v1/{id}/{other}",
            [](const HttpRequest&, const PathParameters&) { return HttpResponse{}; });
  HttpRequest request;
  request.method = "GET";
  request.path = std::string(text);
  const int status = std::get<HttpResponse>(router.route(request)).status;
  check(status == 200 || status == 404 || status == 405);
  if (status == 200) check(text == "/v1/" + first && !first.empty() && first.find('/') == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_target(text);
  check_header(text);
  check_token(text);
  check_route(text);
  check(is_utf8(problem(400, text, text).body));
  return 0;
}

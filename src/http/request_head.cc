#include "http/request_head.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "http/problem.h"

namespace monolens {
namespace {

constexpr std::string_view kMethods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

std::vector<std::string_view> values_of(const RequestHead& head, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& [field, value] : head.headers) {
    if (equals_any_case(field, name)) values.emplace_back(value);
  }
  return values;
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// RFC 9112, section 6.3: what could be framed in two ways is smuggling, or broken.
std::optional<HttpResponse> framing_problem(const RequestHead& head) {
  const auto lengths = values_of(head, "Content-Length");
  const auto codings = values_of(head, "Transfer-Encoding");
  if (lengths.size() > 1 || (lengths.size() == 1 && !is_number(lengths[0]))) {
    return problem(400, status_phrase(400), "Content-Length must be one number");
  }
  if (codings.empty()) return std::nullopt;
  if (!lengths.empty()) {
    return problem(400, status_phrase(400), "Content-Length and Transfer-Encoding exclude each other");
  }
  if (codings.size() > 1 || head.version < 11) {
    return problem(400, status_phrase(400), "Transfer-Encoding is doubled, or of HTTP/1.0");
  }
  if (!equals_any_case(codings[0], "chunked")) {
    return problem(501, status_phrase(501), "the only transfer coding understood is chunked");
  }
  return std::nullopt;
}

}  // namespace

std::optional<HttpResponse> head_problem(const RequestHead& head) {
  if (std::find(std::begin(kMethods), std::end(kMethods), head.method) == std::end(kMethods)) {
    return problem(501, status_phrase(501), "the method is not known");
  }
  const std::size_t hosts = values_of(head, "Host").size();
  if (hosts > 1 || (hosts == 0 && head.version >= 11)) {
    return problem(400, status_phrase(400), "there must be one Host header");
  }
  for (const std::string_view expected : values_of(head, "Expect")) {
    if (!equals_any_case(expected, "100-continue")) return problem(417);
  }
  return framing_problem(head);
}

bool expects_continue(const RequestHead& head) {
  return head.version >= 11 && !values_of(head, "Expect").empty();
}

}  // namespace monolens

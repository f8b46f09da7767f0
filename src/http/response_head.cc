#include "http/response_head.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/ascii.h"
#include "http/http_date.h"
#include "http/problem.h"

namespace monolens {
namespace {

constexpr std::string_view kOwnHeaders[] = {"Connection", "Content-Length", "Content-Type", "Date",
                                            "Transfer-Encoding"};

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool is_value(std::string_view text) { return std::none_of(text.begin(), text.end(), is_control); }

bool is_own(std::string_view name) {
  return std::any_of(std::begin(kOwnHeaders), std::end(kOwnHeaders),
                     [&](std::string_view own) { return equals_any_case(own, name); });
}

bool has(const HttpResponse& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const auto& header) { return equals_any_case(header.first, name); });
}

void add(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

bool can_be_sent(const HttpResponse& response) {
  return response.status >= 200 && response.status <= 599 && is_value(response.content_type) &&
         std::all_of(response.headers.begin(), response.headers.end(), [](const auto& header) {
           return is_name(header.first) && is_value(header.second) && !is_own(header.first);
         });
}

std::string response_head(const HttpResponse& response, BodyFraming framing, bool keep_alive,
                          std::time_t now) {
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", response.status, status_phrase(response.status));
  add(head, "Date", http_date(now));
  if (!response.content_type.empty()) add(head, "Content-Type", response.content_type);
  if (framing == BodyFraming::kChunked) add(head, "Transfer-Encoding", "chunked");
  if (framing == BodyFraming::kLength && may_have_body(response.status)) {
    add(head, "Content-Length", std::to_string(response.body.size()));
  }
  if (!keep_alive) add(head, "Connection", "close");
  add(head, "X-Content-Type-Options", "nosniff");
  add(head, "Referrer-Policy", "no-referrer");
  if (!has(response, "Cache-Control")) add(head, "Cache-Control", "no-store");
  for (const auto& [name, value] : response.headers) add(head, name, value);
  return head.append("\r\n");
}

bool may_have_body(int status) { return status != 204 && status != 304; }

}  // namespace monolens

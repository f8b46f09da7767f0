#include "http/problem.h"

#include <fmt/format.h>

#include <string>

#include "base/ascii.h"
#include "http/utf8.h"

namespace monolens {
namespace {

std::string json_string(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::size_t bytes = utf8_character(text);
    if (bytes == 0) {
      out += "\uFFFD";
    } else if (text[0] == '"' || text[0] == '\\') {
      out.append("\\").append(1, text[0]);
    } else if (is_control(text[0])) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(text[0]));
    } else {
      out += text.substr(0, bytes);
    }
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  return out += '"';
}

}  // namespace

HttpResponse problem(int status, std::string_view title, std::string_view detail) {
  std::string body =
      fmt::format(R"({{"type":"about:blank","title":{},"status":{})", json_string(title), status);
  if (!detail.empty()) body += fmt::format(R"(,"detail":{})", json_string(detail));
  body += "}\n";
  return {
      .status = status, .headers = {}, .body = std::move(body), .content_type = "application/problem+json"};
}

HttpResponse problem(int status) { return problem(status, status_phrase(status)); }

std::string_view status_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return {};
  }
}

}  // namespace monolens

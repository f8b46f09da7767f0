#include "sinks/aws_answer.h"

#include <fmt/format.h>

#include <algorithm>

namespace monolens {
namespace {

// "Common errors" of the Query API, "Error responses" of S3.
constexpr std::string_view kPassing[] = {
    "ExpiredToken",
    "ExpiredTokenException",
    "InternalError",
    "InternalFailure",
    "KMSThrottling",
    "OperationAborted",
    "RequestExpired",
    "RequestLimitExceeded",
    "RequestTimeTooSkewed",
    "RequestTimeout",
    "ServiceUnavailable",
    "SlowDown",
    "Throttled",
    "Throttling",
    "ThrottlingException",
};

// Of those, what comes as a 400 and is not about the event: keys, rights, regions and names of buckets.
constexpr std::string_view kMendable[] = {
    "AccessDeniedException",
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
    "IncompleteSignature",
    "InvalidBucketName",
    "InvalidClientTokenId",
    "InvalidToken",
    "MissingAuthenticationToken",
    "NotAuthorized",
    "NotFound",
    "NotFoundException",
    "OptInRequired",
    "UnrecognizedClientException",
};

// A code is one word; anything else may be an echo of what was sent.
bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
  });
}

template <std::size_t kSize>
bool holds(const std::string_view (&codes)[kSize], std::string_view code) {
  return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
}

}  // namespace

std::string xml_text(std::string_view xml, std::string_view element) {
  const std::string open = fmt::format("<{}>", element);
  const auto begin = xml.find(open);
  if (begin == std::string_view::npos) return {};
  const auto end = xml.find(fmt::format("</{}>", element), begin);
  if (end == std::string_view::npos) return {};
  return std::string(xml.substr(begin + open.size(), end - begin - open.size()));
}

Result<void> aws_accepted(std::string_view host, const HttpResult& result) {
  auto by_status = accepted(host, result.status);
  if (by_status) return {};
  const std::string code = xml_text(result.body, "Code");
  Error error = by_status.error();
  if (!is_code(code)) return error;
  if (holds(kPassing, code)) error.code = ErrorCode::kWrite;
  if (holds(kMendable, code)) error.code = ErrorCode::kRefused;
  error.message += fmt::format(" ({})", code);
  return error;
}

}  // namespace monolens

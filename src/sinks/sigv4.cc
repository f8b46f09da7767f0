#include "sinks/sigv4.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/ascii.h"
#include "base/digest.h"
#include "sinks/uri_encode.h"

namespace monolens {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

bool is_s3(const SigV4Scope& scope) { return scope.service == "s3"; }

// "20130524T000000Z"
std::string amz_date_of(std::chrono::system_clock::time_point now) {
  return fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
}

std::string_view day_of(std::string_view amz_date) { return amz_date.substr(0, 8); }

std::string credential_scope(const SigV4Scope& scope, std::string_view amz_date) {
  return fmt::format("{}/{}/{}/aws4_request", day_of(amz_date), scope.region, scope.service);
}

// Without blanks around it, and with one for each run of them inside.
std::string trimmed(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
    out += c;
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// By name in lower case; values of a name that comes more than once are joined in their order.
std::map<std::string, std::string> canonical_headers(const Pairs& headers) {
  std::map<std::string, std::string> canonical;
  for (const auto& [name, value] : headers) {
    auto [at, is_new] = canonical.try_emplace(lower_ascii(name), trimmed(value));
    if (!is_new) at->second += "," + trimmed(value);
  }
  return canonical;
}

std::string names_of(const std::map<std::string, std::string>& headers) {
  std::string names;
  for (const auto& header : headers) names += (names.empty() ? "" : ";") + header.first;
  return names;
}

// RFC 3986, section 5.2.4, and one slash for each run of them.
std::string normal_path(std::string_view path) {
  std::vector<std::string_view> segments;
  bool ends_in_slash = true;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, slash);
    ends_in_slash = slash < path.size() || segment == "." || segment == "..";
    if (segment == ".." && !segments.empty()) segments.pop_back();
    if (!segment.empty() && segment != "." && segment != "..") segments.push_back(segment);
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  std::string normal;
  for (const std::string_view segment : segments) normal.append("/").append(segment);
  return ends_in_slash ? normal + "/" : normal;
}

// S3 takes the path as it is sent: its keys may hold "//" and "..". The others encode it once more.
std::string canonical_path(const std::string& path, const SigV4Scope& scope) {
  return is_s3(scope) ? path : uri_encode(normal_path(path), "/");
}

std::string signature_of(std::string_view to_sign, const AwsCredentials& credentials, const SigV4Scope& scope,
                         std::string_view amz_date) {
  std::string key = hmac_sha256("AWS4" + credentials.secret_key, day_of(amz_date));
  for (const std::string_view part :
       {std::string_view(scope.region), std::string_view(scope.service), std::string_view("aws4_request")}) {
    key = hmac_sha256(key, part);
  }
  return to_hex(hmac_sha256(key, to_sign));
}

std::string canonical_request_of(const SigV4Request& request, const SigV4Scope& scope,
                                 std::string_view body_hash) {
  const auto headers = canonical_headers(request.headers);
  std::string text = fmt::format("{}\n{}\n{}\n", request.method, canonical_path(request.path, scope),
                                 canonical_query(request.query));
  for (const auto& [name, value] : headers) text += fmt::format("{}:{}\n", name, value);
  return text + fmt::format("\n{}\n{}", names_of(headers), body_hash);
}

}  // namespace

std::string canonical_query(const Pairs& query) {
  Pairs encoded;
  for (const auto& [name, value] : query) encoded.emplace_back(uri_encode(name), uri_encode(value));
  std::sort(encoded.begin(), encoded.end());
  std::string text;
  for (const auto& [name, value] : encoded)
    text += fmt::format("{}{}={}", text.empty() ? "" : "&", name, value);
  return text;
}

std::string canonical_request(const SigV4Request& request, const SigV4Scope& scope) {
  return canonical_request_of(request, scope, sha256_hex(request.body));
}

std::string string_to_sign(std::string_view canonical, const SigV4Scope& scope, std::string_view amz_date) {
  return fmt::format("{}\n{}\n{}\n{}", kAlgorithm, amz_date, credential_scope(scope, amz_date),
                     sha256_hex(canonical));
}

Pairs sign_v4(const SigV4Request& request, const AwsCredentials& credentials, const SigV4Scope& scope,
              std::chrono::system_clock::time_point now) {
  const std::string amz_date = amz_date_of(now);
  const std::string body_hash = sha256_hex(request.body);  // once: a body may be large
  Pairs added = {{"Host", request.host}, {"X-Amz-Date", amz_date}};
  if (is_s3(scope)) added.emplace_back("X-Amz-Content-Sha256", body_hash);
  if (!credentials.session_token.empty()) {
    added.emplace_back("X-Amz-Security-Token", credentials.session_token);
  }

  SigV4Request whole = request;
  whole.headers.insert(whole.headers.end(), added.begin(), added.end());
  const std::string to_sign = string_to_sign(canonical_request_of(whole, scope, body_hash), scope, amz_date);
  added.emplace_back(
      "Authorization",
      fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm, credentials.access_key,
                  credential_scope(scope, amz_date), names_of(canonical_headers(whole.headers)),
                  signature_of(to_sign, credentials, scope, amz_date)));
  return added;
}

}  // namespace monolens

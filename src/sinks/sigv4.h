// AWS Signature Version 4, in the form of an Authorization header: what Amazon's services and those that
// speak their protocols ask of a request.
//
// Follows "Create a signed AWS API request" of the IAM User Guide, and for S3 "Authenticating Requests: Using
// the Authorization Header" of its API reference.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace monolens {

struct AwsCredentials {
  std::string access_key;
  std::string secret_key;
  std::string session_token{};  // of temporary credentials; empty for those that last
};

struct SigV4Scope {
  std::string region;   // "eu-central-1"
  std::string service;  // "sns", "s3": the latter has rules of its own
};

struct SigV4Request {
  std::string method;
  std::string host;                                          // with its port unless that is the scheme's own
  std::string path = "/";                                    // as it is sent, percent-encoded
  std::vector<std::pair<std::string, std::string>> query{};  // not encoded
  std::vector<std::pair<std::string, std::string>> headers{};  // all that is to be signed beside the host
  std::string_view body{};
};

// The headers that make the request a signed one, the host's among them; they are sent beside its own.
std::vector<std::pair<std::string, std::string>> sign_v4(const SigV4Request& request,
                                                         const AwsCredentials& credentials,
                                                         const SigV4Scope& scope,
                                                         std::chrono::system_clock::time_point now);

// The query as it is signed and must be sent: encoded and in order.
std::string canonical_query(const std::vector<std::pair<std::string, std::string>>& query);

// The two texts on the way to a signature, for tests: a server only ever says that the end does not match.
// REQUIRES for the first: `request.headers` holds all that is signed, with the host.
std::string canonical_request(const SigV4Request& request, const SigV4Scope& scope);
std::string string_to_sign(std::string_view canonical, const SigV4Scope& scope, std::string_view amz_date);

}  // namespace monolens

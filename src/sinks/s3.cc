#include "sinks/s3.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <utility>

#include "base/base64.h"
#include "base/version.h"
#include "sinks/aws_answer.h"
#include "sinks/uri_encode.h"

namespace monolens {
namespace {

std::string amazons_endpoint(std::string_view region) {
  return fmt::format("https://s3.{}.amazonaws.com{}", region, region.starts_with("cn-") ? ".cn" : "");
}

std::string_view without_slash(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return url;
}

// http://host becomes http://host/bucket or http://bucket.host.
std::string with_bucket(std::string_view endpoint, const S3Options& options) {
  if (options.path_style) return fmt::format("{}/{}", endpoint, uri_encode(options.bucket));
  const auto host = endpoint.find("//") + 2;
  return fmt::format("{}{}.{}", endpoint.substr(0, host), options.bucket, endpoint.substr(host));
}

// RFC 1864. DeleteObjects insists on it.
std::string md5_base64(std::string_view bytes) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr) != 1) return {};
  return base64({digest.data(), size});
}

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&' || c == '<' || c == '>') {
      escaped += fmt::format("&#{};", static_cast<int>(c));
    } else {
      escaped += c;
    }
  }
  return escaped;
}

class S3Sink final : public Sink {
 public:
  S3Sink(std::unique_ptr<S3Client> client, std::string prefix)
      : client_(std::move(client)), prefix_(std::move(prefix)) {}

  Result<void> send(const SinkEvent& event) override {
    return client_->put_object({.key = s3_event_key(prefix_, event),
                                .bytes = event.json + "\n",
                                .content_type = "application/json"});
  }

 private:
  std::unique_ptr<S3Client> client_;
  std::string prefix_;
};

}  // namespace

S3Client::S3Client(S3Options options, std::string base_url, std::string host)
    : options_(std::move(options)),
      base_url_(std::move(base_url)),
      host_(std::move(host)),
      client_(options_.http) {}

Result<std::unique_ptr<S3Client>> S3Client::open(S3Options options) {
  if (options.bucket.empty()) return Error{ErrorCode::kUsage, "a bucket needs a name"};
  if (options.endpoint.empty()) options.endpoint = amazons_endpoint(options.region);
  if (options.endpoint.find_first_of("?#@") != std::string::npos) {
    return Error{ErrorCode::kUsage, "an endpoint of S3 has no user, query or fragment"};
  }
  if (auto valid = http_host(options.endpoint); !valid) return valid.error();
  std::string base_url = with_bucket(without_slash(options.endpoint), options);
  auto host = http_host(base_url);
  if (!host) return host.error();
  return std::unique_ptr<S3Client>(new S3Client(std::move(options), std::move(base_url), std::move(*host)));
}

Result<HttpResult> S3Client::send(HttpCall call, const HttpHeaders& query) {
  const auto signing = sign_v4({.method = call.method,
                                .host = host_,
                                .path = std::string(http_path(call.url)),
                                .query = query,
                                .headers = call.headers,
                                .body = call.body},
                               options_.credentials, {options_.region, "s3"}, options_.now());
  call.headers.insert(call.headers.end(), signing.begin(), signing.end());
  call.headers.emplace_back("User-Agent", fmt::format("monolens/{}", kVersion));
  if (!query.empty()) call.url += "?" + canonical_query(query);
  return client_.send(call);
}

Result<void> S3Client::put_object(const S3Object& object) {
  HttpCall call{"PUT",
                base_url_ + "/" + uri_encode(object.key, "/"),
                {{"Content-Type", object.content_type}},
                object.bytes};
  if (!object.content_encoding.empty())
    call.headers.emplace_back("Content-Encoding", object.content_encoding);
  auto result = send(std::move(call));
  if (!result) return result.error();
  return aws_accepted(host_, *result);
}

Result<std::string> S3Client::get_object(const std::string& key) {
  auto result = send({"GET", base_url_ + "/" + uri_encode(key, "/")});
  if (!result) return result.error();
  if (auto taken = aws_accepted(host_, *result); !taken) return taken.error();
  if (result->body.size() >= options_.http.longest_body) {
    return Error{ErrorCode::kRejected, fmt::format("{}: an object is too long", host_)};
  }
  return std::move(result->body);
}

Result<void> S3Client::delete_objects(std::span<const std::string> keys) {
  std::string body = "<Delete><Quiet>true</Quiet>";
  for (const std::string& key : keys) body += "<Object><Key>" + xml_escaped(key) + "</Key></Object>";
  body += "</Delete>";
  HttpCall call{"POST",
                base_url_ + "/",
                {{"Content-Type", "application/xml"}, {"Content-MD5", md5_base64(body)}},
                std::move(body)};
  auto result = send(std::move(call), {{"delete", ""}});
  if (!result) return result.error();
  return aws_accepted(host_, *result);
}

Result<void> S3Client::create_bucket() {
  auto result = send({"PUT", base_url_ + "/"});
  if (!result) return result.error();
  if (result->status == 409) return {};
  return aws_accepted(host_, *result);
}

Result<std::unique_ptr<Sink>> make_s3(S3Options options) {
  std::string prefix = options.prefix;
  auto client = S3Client::open(std::move(options));
  if (!client) return client.error();
  return std::unique_ptr<Sink>(std::make_unique<S3Sink>(std::move(*client), std::move(prefix)));
}

std::string s3_event_key(std::string_view prefix, const SinkEvent& event) {
  const std::string own = uri_encode(event.monitor) + "/" + uri_encode(event.id) + ".json";
  return prefix.empty() ? own : fmt::format("{}/{}", without_slash(prefix), own);
}

}  // namespace monolens

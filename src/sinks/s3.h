// S3, Amazon's or another's: objects are put into a bucket, and an event as an object of its own.
//
// An object is written once under a name that is its own, so that a repeat overwrites it with the same bytes.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "sinks/http_client.h"
#include "sinks/sigv4.h"
#include "sinks/sink.h"

namespace monolens {

struct S3Options {
  std::string bucket;
  std::string region = "us-east-1";
  AwsCredentials credentials{};
  std::string endpoint{};   // empty = Amazon's for the region
  bool path_style = false;  // the bucket in the path and not in the host's name: most servers but Amazon's
  std::string prefix{};     // of an event's key, without a slash at its end
  HttpClientOptions http{};
  WallClock now = std::chrono::system_clock::now;
};

struct S3Object {
  std::string key;
  std::string bytes;
  std::string content_type = "application/octet-stream";
  std::string content_encoding{};  // "gzip"; empty = none
};

// Used by one thread at a time.
class S3Client {
 public:
  // kUsage if the endpoint is no http(s) address or the bucket has no name.
  static Result<std::unique_ptr<S3Client>> open(S3Options options);

  // The object is in the bucket when this succeeds.
  Result<void> put_object(const S3Object& object);

  // The object's bytes. kRejected if it is longer than what `http.longest_body` keeps; kRefused if there is
  // none.
  Result<std::string> get_object(const std::string& key);

  // All of them with one request (DeleteObjects); success also where there were none of these.
  // REQUIRES: 1 to 1,000 keys.
  Result<void> delete_objects(std::span<const std::string> keys);

  // Success also where the bucket is there already.
  Result<void> create_bucket();

 private:
  Result<HttpResult> send(HttpCall call, const HttpHeaders& query = {});
  S3Client(S3Options options, std::string base_url, std::string host);

  S3Options options_;
  std::string base_url_;  // scheme, host and whatever stands before a key
  std::string host_;
  HttpClient client_;
};

// Writes PREFIX/MONITOR/ID.json for each event.
Result<std::unique_ptr<Sink>> make_s3(S3Options options);

// A slash inside of the monitor's or the event's id is encoded, so that each monitor is one folder.
std::string s3_event_key(std::string_view prefix, const SinkEvent& event);

}  // namespace monolens

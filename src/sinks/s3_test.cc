#include "sinks/s3.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sinks/testing/canned_server.h"
#include "sinks/testing/event.h"

namespace monolens {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

S3Options options(const CannedServer& server) {
  return {.bucket = "incidents",
          .region = "eu-central-1",
          .credentials = {"AKID", "secret"},
          .endpoint = server.url(),
          .path_style = true,
          .prefix = "monolens/events",
          .now = [] { return std::chrono::system_clock::time_point(std::chrono::seconds(0)); }};
}

TEST(S3, NamesAnEventsObjectByItsMonitorAndId) {
  SinkEvent event = freeze_event();
  EXPECT_EQ(s3_event_key("a/b", event), "a/b/channel%204/inc-1-open.json");
  EXPECT_EQ(s3_event_key("a/", event), "a/channel%204/inc-1-open.json");
  event.monitor = "../north/1";
  EXPECT_EQ(s3_event_key("", event), "..%2Fnorth%2F1/inc-1-open.json");
}

TEST(S3, PutsAnEventAsAnObjectSignedForItsRegion) {
  const CannedServer server([](const std::string&) { return CannedServer::answer(200); });
  auto sink = make_s3(options(server));
  ASSERT_TRUE(sink);
  ASSERT_TRUE((*sink)->send(freeze_event()));
  const std::string request = server.requests().at(0);
  EXPECT_THAT(request,
              StartsWith("PUT /incidents/monolens/events/channel%25204/inc-1-open.json HTTP/1.1\r\nHost: " +
                         server.host() + "\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nContent-Type: application/json\r\n"));
  EXPECT_THAT(request, HasSubstr("Credential=AKID/19700101/eu-central-1/s3/aws4_request, "
                                 "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, "));
  EXPECT_THAT(request, HasSubstr("\r\n\r\n" + freeze_event().json + "\n"));
}

TEST(S3, PutsBytesWithTheirTypeAndEncoding) {
  const CannedServer server([](const std::string&) { return CannedServer::answer(200); });
  auto client = S3Client::open(options(server));
  ASSERT_TRUE(client);
  const std::string bytes("\0\xff\r\n", 4);
  ASSERT_TRUE((*client)->put_object({"a b/é.json.gz", bytes, "application/json", "gzip"}));
  const std::string request = server.requests().at(0);
  EXPECT_THAT(request, StartsWith("PUT /incidents/a%20b/%C3%A9.json.gz HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nContent-Encoding: gzip\r\n"));
  EXPECT_THAT(request, HasSubstr("content-encoding;content-type;host;"));
  EXPECT_EQ(request.substr(request.find("\r\n\r\n") + 4), bytes);
}

TEST(S3, PutsTheBucketIntoTheHostsNameUnlessToldOtherwise) {
  const CannedServer server([](const std::string&) { return CannedServer::answer(200); });
  S3Options virtual_host = options(server);
  virtual_host.path_style = false;
  virtual_host.endpoint = "http://localhost:" + std::to_string(server.port());
  auto client = S3Client::open(virtual_host);
  ASSERT_TRUE(client);
  auto put = (*client)->put_object({"key", "bytes"});
  ASSERT_TRUE(put) << put.error().message;  // names under localhost are loopback (RFC 6761, section 6.3)
  EXPECT_THAT(server.requests().at(0), StartsWith("PUT /key HTTP/1.1\r\nHost: incidents.localhost:"));
}

TEST(S3, TellsTheServersCode) {
  const CannedServer server([](const std::string&) {
    return CannedServer::answer(404, "<?xml version='1.0'?><Error><Code>NoSuchBucket</Code></Error>");
  });
  auto sink = make_s3(options(server));
  ASSERT_TRUE(sink);
  auto sent = (*sink)->send(freeze_event());
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kRefused);
  EXPECT_EQ(sent.error().message, server.host() + ": answered 404 (NoSuchBucket)");
}

TEST(S3, RefusesAnEndpointThatIsNone) {
  for (const char* endpoint : {"s3.example.com", "ftp://s3.example.com", "https://user:secret@s3.example.com",
                               "https://s3.example.com/?secret"}) {
    auto client = S3Client::open({.bucket = "b", .endpoint = endpoint});
    ASSERT_FALSE(client) << endpoint;
    EXPECT_EQ(client.error().code, ErrorCode::kUsage);
    EXPECT_THAT(client.error().message, testing::Not(HasSubstr("secret")));
  }
  EXPECT_FALSE(S3Client::open({.bucket = ""}));
}

TEST(S3, GetsTheBytesThatWerePut) {
  const std::string bytes("\0\xff\r\n<&", 6);
  const CannedServer server([&](const std::string&) { return CannedServer::answer(200, bytes); });
  auto client = S3Client::open(options(server));
  ASSERT_TRUE(client);
  const auto got = (*client)->get_object("a b/1");
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, bytes);
  EXPECT_THAT(server.requests().at(0), StartsWith("GET /incidents/a%20b/1 HTTP/1.1\r\n"));
}

TEST(S3, AnObjectThatIsNotThereOrTooLongIsAnError) {
  const CannedServer none([](const std::string&) { return CannedServer::answer(404); });
  EXPECT_FALSE((*S3Client::open(options(none)))->get_object("a"));
  const CannedServer server([](const std::string&) { return CannedServer::answer(200, "123456789"); });
  S3Options small = options(server);
  small.http.longest_body = 8;
  const auto got = (*S3Client::open(small))->get_object("a");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::kRejected);
}

TEST(S3, DeletesManyObjectsWithOneRequest) {
  const CannedServer server([](const std::string&) { return CannedServer::answer(200); });
  const std::vector<std::string> keys = {"a/1", "b&c"};
  ASSERT_TRUE((*S3Client::open(options(server)))->delete_objects(keys));
  const std::string request = server.requests().at(0);
  EXPECT_THAT(request, StartsWith("POST /incidents/?delete= HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nContent-MD5: "));
  EXPECT_THAT(request, HasSubstr("<Object><Key>a/1</Key></Object><Object><Key>b&#38;c</Key></Object>"));
}

}  // namespace
}  // namespace monolens

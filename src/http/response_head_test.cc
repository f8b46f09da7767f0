#include "http/response_head.h"

#include <gmock/gmock.h>

#include <string>

namespace monolens {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::time_t kFirstDay = 1'767'225'600;  // 2026-01-01 00:00:00 UTC

TEST(ResponseHead, CarriesWhatEveryAnswerDoes) {
  const HttpResponse response{
      .status = 200, .headers = {{"ETag", "\"7\""}}, .body = "hello", .content_type = "text/plain"};
  EXPECT_EQ(response_head(response, BodyFraming::kLength, true, kFirstDay),
            "HTTP/1.1 200 OK\r\n"
            "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
            "Content-Type: text/plain\r\n"
            "Content-Length: 5\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            "Referrer-Policy: no-referrer\r\n"
            "Cache-Control: no-store\r\n"
            "ETag: \"7\"\r\n"
            "\r\n");
}

TEST(ResponseHead, LeavesCachingToAHandlerThatSpeaksOfIt) {
  const HttpResponse response{
      .status = 200, .headers = {{"cache-control", "max-age=60"}}, .body = {}, .content_type = {}};
  EXPECT_THAT(response_head(response, BodyFraming::kLength, true, kFirstDay),
              AllOf(HasSubstr("max-age=60"), Not(HasSubstr("no-store")), HasSubstr("Content-Length: 0\r\n"),
                    Not(HasSubstr("Content-Type:"))));
}

TEST(ResponseHead, FramesTheBody) {
  const HttpResponse response;
  EXPECT_THAT(response_head(response, BodyFraming::kChunked, false, kFirstDay),
              AllOf(HasSubstr("Transfer-Encoding: chunked\r\n"), HasSubstr("Connection: close\r\n"),
                    Not(HasSubstr("Content-Length"))));
  EXPECT_THAT(response_head(response, BodyFraming::kUntilClose, false, kFirstDay),
              AllOf(Not(HasSubstr("Transfer-Encoding")), Not(HasSubstr("Content-Length"))));
}

TEST(ResponseHead, GivesNoLengthWhereThereCanBeNoBody) {
  for (const int status : {204, 304}) {
    const HttpResponse response{.status = status, .headers = {}, .body = {}, .content_type = {}};
    EXPECT_THAT(response_head(response, BodyFraming::kLength, true, kFirstDay),
                Not(HasSubstr("Content-Length")));
  }
}

TEST(ResponseHead, KnowsStatusesWithoutAPhrase) {
  const HttpResponse response{.status = 299, .headers = {}, .body = {}, .content_type = {}};
  EXPECT_THAT(response_head(response, BodyFraming::kLength, true, kFirstDay),
              AllOf(StartsWith("HTTP/1.1 299 \r\n"), EndsWith("\r\n\r\n")));
}

TEST(CanBeSent, IsFalseForHeadersThatBreakOutOfTheirLine) {
  const HttpResponse good{.status = 200, .headers = {{"A", "b c"}}, .body = {}, .content_type = "text/plain"};
  EXPECT_TRUE(can_be_sent(good));
  for (const auto& header : HttpFields{{"A", "b\r\nC: d"},
                                       {"A", "b\n"},
                                       {"A: b\r\nC", "d"},
                                       {"", "b"},
                                       {"A b", "c"},
                                       {"A", std::string("b\0", 2)},
                                       {"Content-Length", "0"},
                                       {"connection", "close"},
                                       {"TRANSFER-ENCODING", "chunked"},
                                       {"Content-Type", "a/b"},
                                       {"Date", "now"}}) {
    HttpResponse bad = good;
    bad.headers.push_back(header);
    EXPECT_FALSE(can_be_sent(bad)) << header.first << ": " << header.second;
  }
  HttpResponse bad = good;
  bad.content_type = "text/plain\r\nA: b";
  EXPECT_FALSE(can_be_sent(bad));
}

TEST(CanBeSent, IsFalseForStatusesThatAreNoFinalAnswer) {
  for (const int status : {0, 100, 101, 199, 600, -1}) {
    EXPECT_FALSE(can_be_sent({.status = status, .headers = {}, .body = {}, .content_type = {}})) << status;
  }
}

}  // namespace
}  // namespace monolens

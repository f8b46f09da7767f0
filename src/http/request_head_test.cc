#include "http/request_head.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace monolens {
namespace {

int status_of(const std::string& method, int version, HttpFields headers) {
  const auto refused =
      head_problem({.method = method, .target = "/", .version = version, .headers = std::move(headers)});
  return refused ? refused->status : 0;
}

TEST(HeadProblem, IsNoneForOrdinaryRequests) {
  EXPECT_EQ(status_of("GET", 11, {{"Host", "a"}}), 0);
  EXPECT_EQ(status_of("GET", 10, {}), 0);
  EXPECT_EQ(status_of("POST", 11, {{"hOST", "a"}, {"content-length", "5"}}), 0);
  EXPECT_EQ(
      status_of("POST", 11, {{"Host", ""}, {"Transfer-Encoding", "Chunked"}, {"Expect", "100-Continue"}}), 0);
}

TEST(HeadProblem, IsAMethodThatNobodyKnows) {
  for (const char* const method : {"CONNECT", "TRACE", "get", "BREW", ""}) {
    EXPECT_EQ(status_of(method, 11, {{"Host", "a"}}), 501) << method;
  }
}

TEST(HeadProblem, IsAMissingOrDoubledHost) {
  EXPECT_EQ(status_of("GET", 11, {}), 400);
  EXPECT_EQ(status_of("GET", 11, {{"Host", "a"}, {"host", "a"}}), 400);
  EXPECT_EQ(status_of("GET", 10, {{"Host", "a"}, {"host", "b"}}), 400);
}

TEST(HeadProblem, IsALengthThatCouldBeReadInTwoWays) {
  for (const char* const length : {"", "+5", "-5", "5,5", "5 5", "0x5", "5.", " 5"}) {
    EXPECT_EQ(status_of("POST", 11, {{"Host", "a"}, {"Content-Length", length}}), 400) << length;
  }
  EXPECT_EQ(status_of("POST", 11, {{"Host", "a"}, {"Content-Length", "5"}, {"Content-Length", "5"}}), 400);
  EXPECT_EQ(status_of("POST", 11, {{"Host", "a"}, {"Content-Length", "5"}, {"Transfer-Encoding", "chunked"}}),
            400);
  EXPECT_EQ(status_of("POST", 11,
                      {{"Host", "a"}, {"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}}),
            400);
  EXPECT_EQ(status_of("POST", 10, {{"Transfer-Encoding", "chunked"}}), 400);
}

TEST(HeadProblem, IsATransferCodingOtherThanChunked) {
  for (const char* const coding :
       {"gzip", "gzip, chunked", "chunked, chunked", "identity", "xchunked", "chunked;q=1", ""}) {
    EXPECT_EQ(status_of("POST", 11, {{"Host", "a"}, {"Transfer-Encoding", coding}}), 501) << coding;
  }
}

TEST(HeadProblem, IsAnExpectationOtherThan100Continue) {
  EXPECT_EQ(status_of("POST", 11, {{"Host", "a"}, {"Expect", "200-ok"}}), 417);
}

TEST(ExpectsContinue, IsForHttp11Alone) {
  EXPECT_TRUE(
      expects_continue({.method = {}, .target = {}, .version = 11, .headers = {{"expect", "100-continue"}}}));
  EXPECT_FALSE(
      expects_continue({.method = {}, .target = {}, .version = 10, .headers = {{"expect", "100-continue"}}}));
  EXPECT_FALSE(expects_continue({.method = {}, .target = {}, .version = 11, .headers = {}}));
}

}  // namespace
}  // namespace monolens

#include "sinks/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sinks/testing/canned_server.h"

namespace monolens {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

HttpCall post(const std::string& url, std::string body = "body") {
  return {"POST", url, {{"Content-Type", "text/plain"}}, std::move(body)};
}

TEST(HttpClient, SendsWhatItIsGivenAndNothingThatItIsNotAskedFor) {
  const CannedServer server([](const std::string&) { return CannedServer::answer(201, "made"); });
  HttpClient client({});
  auto result =
      client.send({"PUT", server.url("/a/../b%20c?d=e"), {{"X-Name", "value"}, {"X-Empty", ""}}, "12345"});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, 201);
  EXPECT_EQ(result->body, "made");
  EXPECT_EQ(server.requests().at(0),
            "PUT /a/../b%20c?d=e HTTP/1.1\r\nHost: " + server.host() +
                "\r\nAccept: */*\r\nX-Name: value\r\nX-Empty:\r\nContent-Length: 5\r\n\r\n12345");
}

TEST(HttpClient, KeepsItsConnectionForTheNextRequest) {
  const CannedServer server([](const std::string&) { return CannedServer::answer(200, "x"); });
  HttpClient client({});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(client.send(post(server.url())));
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpClient, FollowsNoRedirect) {
  const CannedServer other([](const std::string&) { return CannedServer::answer(200); });
  const CannedServer server(
      [&](const std::string&) { return CannedServer::answer(307, "", "Location: " + other.url() + "\r\n"); });
  HttpClient client({});
  auto result = client.send(post(server.url()));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 307);
  EXPECT_TRUE(other.requests().empty());
}

TEST(HttpClient, KeepsTheFirst64KilobytesOfAnAnswerAndItsStatus) {
  const CannedServer server(
      [](const std::string&) { return CannedServer::answer(503, std::string(300'000, 'x')); });
  HttpClient client({});
  for (int i = 0; i < 2; ++i) {
    auto result = client.send(post(server.url()));
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->status, 503);
    EXPECT_EQ(result->body, std::string(65'536, 'x'));
  }
}

TEST(HttpClient, HandsTheBodyOfASuccessOverAsItComes) {
  int status = 200;
  const CannedServer server(
      [&](const std::string&) { return CannedServer::answer(status, std::string(300'000, 'x')); });
  std::string taken;
  HttpClient client({.longest_body = 10, .on_body = [&](std::string_view piece) {
                       taken += piece;
                       return true;
                     }});
  auto result = client.send(post(server.url()));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(taken, std::string(300'000, 'x'));
  EXPECT_EQ(result->body, "");
  status = 503;
  result = client.send(post(server.url()));
  ASSERT_TRUE(result);
  EXPECT_EQ(taken.size(), 300'000U);
  EXPECT_EQ(result->body, "xxxxxxxxxx");
}

TEST(HttpClient, EndsWhenNobodyTakesTheBodyAnyMore) {
  const CannedServer server([](const std::string&) { return CannedServer::answer(200, "x"); });
  HttpClient client({.on_body = [](std::string_view) { return false; }});
  auto result = client.send(post(server.url()));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kInterrupted);
}

TEST(HttpClient, EndsWhenItIsAskedTo) {
  const CannedServer server([](const std::string&) { return std::string(); });
  std::atomic<bool> stop = false;
  HttpClient client({.timeout = 0ms, .stop = &stop});
  const std::jthread stopper([&] {
    std::this_thread::sleep_for(50ms);
    stop = true;
  });
  auto result = client.send(post(server.url()));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kInterrupted);
}

TEST(HttpClient, GivesUpOnASilentServerInTime) {
  const CannedServer server([](const std::string&) { return std::string(); });
  HttpClient client({.timeout = 200ms});
  const auto begin = std::chrono::steady_clock::now();
  auto result = client.send(post(server.url()));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(result.error().message, server.host() + ": no answer in time");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
}

TEST(HttpClient, RecoversAfterAConnectionThatBroke) {
  int asked = 0;
  const CannedServer server([&](const std::string&) {
    return ++asked == 1 ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx" : CannedServer::answer(200);
  });
  HttpClient client({.timeout = 200ms});
  EXPECT_FALSE(client.send(post(server.url())));
  EXPECT_TRUE(client.send(post(server.url())));
}

TEST(HttpClient, ConnectsOnlyToAddressesThatAreAllowed) {
  const CannedServer server([](const std::string&) { return CannedServer::answer(200); });
  std::vector<int> families;
  HttpClient client({.allow_address = [&](const sockaddr* address) {
    families.push_back(address->sa_family);
    return ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr) >> 24 != 127;
  }});
  auto result = client.send(post(server.url()));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kRefused);
  EXPECT_EQ(result.error().message, server.host() + ": its address is not allowed");
  EXPECT_EQ(families, std::vector<int>{AF_INET});
  EXPECT_EQ(server.connections(), 0);
}

TEST(HttpClient, TellsWhyThereIsNoConnection) {
  int port = 0;
  {
    port = CannedServer([](const std::string&) { return std::string(); }).port();
  }
  const std::string host = "127.0.0.1:" + std::to_string(port);
  HttpClient client({});
  auto result = client.send(post("http://user:secret@" + host + "/path?key=secret"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kWrite);
  EXPECT_EQ(result.error().message, host + ": Couldn't connect to server");
}

TEST(HttpClient, RefusesOtherSchemesAndHeadersThatBreakOutOfTheirLine) {
  HttpClient client({});
  for (const char* url : {"file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "", "http://",
                          "http://a b/", "http://host/\r\nX: y"}) {
    auto result = client.send(post(url));
    ASSERT_FALSE(result) << url;
    EXPECT_EQ(result.error().code, ErrorCode::kRefused) << url;
  }
  for (const auto& header : HttpHeaders{{"X", "a\r\nY: b"}, {"X\nY", "a"}, {"", "a"}}) {
    auto result = client.send({"POST", "http://127.0.0.1:1/", {header}, ""});
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().message, HasSubstr("a header holds"));
  }
}

TEST(HttpHost, IsTheHostHeaderOfAnAddress) {
  const struct {
    const char *url, *host;
  } kCases[] = {
      {"https://hooks.example.com/a?b#c", "hooks.example.com"},
      {"https://user:secret@hooks.example.com:443/", "hooks.example.com"},
      {"http://hooks.example.com:443/", "hooks.example.com:443"},
      {"HTTP://[::1]:8080/", "[::1]:8080"},
      {"http://127.0.0.1:80", "127.0.0.1"},
  };
  for (const auto& c : kCases) {
    auto host = http_host(c.url);
    ASSERT_TRUE(host) << c.url;
    EXPECT_EQ(*host, c.host);
  }
}

TEST(HttpPath, IsWhatStandsInTheRequestLine) {
  EXPECT_EQ(http_path("http://host"), "/");
  EXPECT_EQ(http_path("http://host:1/"), "/");
  EXPECT_EQ(http_path("http://host/a//b%20c"), "/a//b%20c");
}

TEST(HttpHost, SaysNothingOfWhatIsNoAddress) {
  for (const char* url : {"secret", "nats://secret:4222", "https://", "//secret/"}) {
    auto host = http_host(url);
    ASSERT_FALSE(host) << url;
    EXPECT_THAT(host.error().message, Not(HasSubstr("secret")));
  }
}

TEST(Accepted, TellsWhatPassesFromWhatIsToBeMendedAndWhatIsMalformed) {
  for (const int status : {200, 201, 202, 204, 299}) EXPECT_TRUE(accepted("h", status)) << status;
  for (const int status : {408, 425, 429, 500, 502, 503, 504}) {
    EXPECT_EQ(accepted("h", status).error().code, ErrorCode::kWrite) << status;
  }
  for (const int status : {101, 301, 307, 401, 403, 404, 405, 407, 409, 410, 415}) {
    EXPECT_EQ(accepted("h", status).error().code, ErrorCode::kRefused) << status;
  }
  for (const int status : {400, 413, 422}) {
    EXPECT_EQ(accepted("h", status).error().code, ErrorCode::kRejected) << status;
  }
  EXPECT_EQ(accepted("h", 307).error().message, "h: answered 307, and redirects are not followed");
}

}  // namespace
}  // namespace monolens

#include "sinks/webhook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sinks/testing/canned_server.h"
#include "sinks/testing/event.h"

namespace monolens {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kCloudEvent =
    R"({"specversion":"1.0","id":"inc-1-open","source":"/monitors/channel%204","type":"monolens.incident.open",)"
    R"("subject":"video.freeze","time":"2026-03-01T12:00:00Z","datacontenttype":"application/json",)"
    R"("data":{"schema":"monolens.event/1","event":"open","at_s":12.40}})";

WallClock at(std::int64_t unix_time) {
  return [unix_time] { return std::chrono::system_clock::time_point(std::chrono::seconds(unix_time)); };
}

TEST(Webhook, WrapsTheEventInACloudEventWithoutTouchingIt) {
  auto text = cloud_event(freeze_event());
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, kCloudEvent);
}

TEST(Webhook, SendsNothingThatIsNoJson) {
  SinkEvent event = freeze_event();
  event.json = "{";
  EXPECT_EQ(cloud_event(event).error().code, ErrorCode::kInternal);
}

// printf '1700000000.{}' | openssl dgst -sha256 -hmac secret
TEST(Webhook, SignsTheTimeAndTheBody) {
  EXPECT_EQ(webhook_signature("secret", 1'700'000'000, "{}"),
            "t=1700000000,v1=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163");
}

TEST(Webhook, PostsTheEventSignedWithItsHeaders) {
  const CannedServer server([](const std::string&) { return CannedServer::answer(204); });
  auto sink = make_webhook({.url = server.url("/hook?key=1"),
                            .secret = "secret",
                            .headers = {{"Authorization", "Bearer b"}},
                            .now = at(1'700'000'000)});
  ASSERT_TRUE(sink);
  ASSERT_TRUE((*sink)->send(freeze_event()));
  const std::string request = server.requests().at(0);
  EXPECT_THAT(request, HasSubstr("POST /hook?key=1 HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nContent-Type: application/cloudevents+json; charset=utf-8\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nAuthorization: Bearer b\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nMonolens-Signature: " +
                                 webhook_signature("secret", 1'700'000'000, kCloudEvent) + "\r\n"));
  EXPECT_THAT(request, HasSubstr(std::string("\r\n\r\n") + kCloudEvent));
}

TEST(Webhook, IsNotSignedWithoutASecret) {
  const CannedServer server([](const std::string&) { return CannedServer::answer(200); });
  auto sink = make_webhook({.url = server.url()});
  ASSERT_TRUE(sink);
  ASSERT_TRUE((*sink)->send(freeze_event()));
  EXPECT_THAT(server.requests().at(0), Not(HasSubstr("Monolens-Signature")));
}

TEST(Webhook, SaysWhetherTryingAgainMayHelp) {
  int status = 503;
  const CannedServer server([&](const std::string&) { return CannedServer::answer(status, "secret"); });
  auto sink = make_webhook({.url = server.url("/secret"), .secret = "secret"});
  ASSERT_TRUE(sink);
  auto busy = (*sink)->send(freeze_event());
  ASSERT_FALSE(busy);
  EXPECT_TRUE(may_pass(busy.error()));
  EXPECT_EQ(busy.error().message, server.host() + ": answered 503");
  for (const int mendable : {401, 403, 404}) {
    status = mendable;
    EXPECT_TRUE(may_pass((*sink)->send(freeze_event()).error())) << mendable;
  }
  status = 422;
  auto refused = (*sink)->send(freeze_event());
  ASSERT_FALSE(refused);
  EXPECT_FALSE(may_pass(refused.error()));
  EXPECT_EQ(refused.error().message, server.host() + ": answered 422");
}

}  // namespace
}  // namespace monolens

#include "sinks/make_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <nlohmann/json.hpp>

#include "base/testing/temporary_folder.h"
#include "sinks/testing/canned_server.h"
#include "sinks/testing/event.h"

namespace monolens {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

constexpr const char* kTopic = "arn:aws:sns:eu-central-1:123456789012:incidents";

TEST(ParseSink, ReadsEveryKeyOfAWebhook) {
  auto options = parse_sink({{"type", "webhook"},
                             {"url", "https://hooks.example.com/a"},
                             {"secret", "s"},
                             {"headers", {{"X-Team", "video"}}},
                             {"timeout_ms", 1500},
                             {"ca_file", "ca.pem"},
                             {"kinds", {"video.*", "audio.hum"}},
                             {"severity", "minor"},
                             {"monitors", {"m1"}}});
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_THAT(options->filter.kinds, ElementsAre("video.*", "audio.hum"));
  EXPECT_EQ(options->filter.least_severity, Severity::kMinor);
  EXPECT_THAT(options->filter.monitors, ElementsAre("m1"));
  const auto& webhook = std::get<WebhookOptions>(options->target);
  EXPECT_EQ(webhook.url, "https://hooks.example.com/a");
  EXPECT_EQ(webhook.secret, "s");
  EXPECT_THAT(webhook.headers, ElementsAre(Pair("X-Team", "video")));
  EXPECT_EQ(webhook.http.timeout, std::chrono::milliseconds(1500));
  EXPECT_EQ(webhook.http.ca_file, "ca.pem");
}

TEST(ParseSink, ReadsEveryKeyOfTheOthers) {
  auto sns = parse_sink({{"type", "sns"},
                         {"topic_arn", kTopic},
                         {"endpoint", "http://e"},
                         {"access_key", "a"},
                         {"secret_key", "s"},
                         {"session_token", "t"},
                         {"timeout_ms", 1},
                         {"ca_file", "ca.pem"}});
  ASSERT_TRUE(sns) << sns.error().message;
  EXPECT_EQ(std::get<SnsOptions>(sns->target).credentials.session_token, "t");
  auto s3 = parse_sink({{"type", "s3"},
                        {"bucket", "b"},
                        {"region", "r"},
                        {"prefix", "p"},
                        {"endpoint", "http://e"},
                        {"path_style", false},
                        {"access_key", "a"},
                        {"secret_key", "s"},
                        {"session_token", "t"},
                        {"timeout_ms", 1},
                        {"ca_file", "ca.pem"}});
  ASSERT_TRUE(s3) << s3.error().message;
  EXPECT_EQ(std::get<S3Options>(s3->target).prefix, "p");
  EXPECT_FALSE(std::get<S3Options>(s3->target).path_style);
  auto nats = parse_sink({{"type", "nats"},
                          {"url", "nats://h"},
                          {"prefix", "p"},
                          {"credentials_file", "c"},
                          {"token", "t"},
                          {"user", "u"},
                          {"password", "p"},
                          {"tls", true},
                          {"tls_hostname", "h"},
                          {"ca_file", "ca.pem"},
                          {"certificate_file", "c"},
                          {"key_file", "k"},
                          {"timeout_ms", 1}});
  ASSERT_TRUE(nats) << nats.error().message;
  EXPECT_TRUE(std::get<NatsOptions>(nats->target).tls);
  auto jsonl = parse_sink({{"type", "jsonl"}, {"path", "f"}, {"fsync", true}});
  ASSERT_TRUE(jsonl) << jsonl.error().message;
  EXPECT_TRUE(std::get<JsonlOptions>(jsonl->target).fsync);
}

TEST(ParseSink, PutsTheBucketIntoThePathOfAnEndpointOfOnesOwn) {
  json s3 = {{"type", "s3"}, {"bucket", "b"}, {"access_key", "a"}, {"secret_key", "s"}};
  EXPECT_FALSE(std::get<S3Options>(parse_sink(s3)->target).path_style);
  s3["endpoint"] = "http://127.0.0.1:9000";
  EXPECT_TRUE(std::get<S3Options>(parse_sink(s3)->target).path_style);
}

TEST(ParseSink, TakesAmazonsKeysFromTheEnvironmentIfNoneAreGiven) {
  const json sns = {{"type", "sns"}, {"topic_arn", kTopic}};
  unsetenv("AWS_ACCESS_KEY_ID");
  EXPECT_EQ(parse_sink(sns).error().message, "sink sns: access_key is missing");
  setenv("AWS_ACCESS_KEY_ID", "a", 1);
  setenv("AWS_SECRET_ACCESS_KEY", "s", 1);
  auto options = parse_sink(sns);
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_EQ(std::get<SnsOptions>(options->target).credentials.secret_key, "s");
  unsetenv("AWS_ACCESS_KEY_ID");
  unsetenv("AWS_SECRET_ACCESS_KEY");
}

TEST(ParseSink, NamesTheKeyThatIsWrong) {
  const struct {
    json description;
    std::string message;
  } kCases[] = {
      {json::array(), "a sink is described by an object"},
      {json::object(), "sink: type is missing"},
      {{{"type", 1}}, "sink: type is no text"},
      {{{"type", "web-hook"}}, "sink: unknown type 'web-hook', did you mean 'webhook'?"},
      {{{"type", "webhook"}}, "sink webhook: url is missing"},
      {{{"type", "webhook"}, {"ulr", "http://h/"}}, "sink webhook: url is missing"},
      {{{"type", "webhook"}, {"url", "http://h/"}, {"secrt", "s"}},
       "sink webhook: unknown key 'secrt', did you mean 'secret'?"},
      {{{"type", "webhook"}, {"url", "http://h/"}, {"secret", 1}}, "sink webhook: secret is no text"},
      {{{"type", "webhook"}, {"url", "http://h/"}, {"timeout_ms", 0}},
       "sink webhook: timeout_ms is no whole number of milliseconds up to 600000"},
      {{{"type", "webhook"}, {"url", "http://h/"}, {"timeout_ms", 1.5}},
       "sink webhook: timeout_ms is no whole number of milliseconds up to 600000"},
      {{{"type", "webhook"}, {"url", "http://h/"}, {"headers", {{"content-TYPE", "a"}}}},
       "sink webhook: headers may not set content-TYPE"},
      {{{"type", "webhook"}, {"url", "http://h/"}, {"headers", {{"X", "a\r\nY: b"}}}},
       "sink webhook: headers has no line of text for X"},
      {{{"type", "webhook"}, {"url", "http://h/"}, {"headers", {{"X Y", "a"}}}},
       "sink webhook: headers has the invalid name 'X Y'"},
      {{{"type", "webhook"}, {"url", "http://h/"}, {"kinds", {"video.frieze"}}},
       "sink webhook: kinds names the unknown 'video.frieze', did you mean 'video.freeze'?"},
      {{{"type", "webhook"}, {"url", "http://h/"}, {"kinds", "video.*"}}, "sink webhook: kinds is no list"},
      {{{"type", "webhook"}, {"url", "http://h/"}, {"severity", "mayor"}},
       "sink webhook: severity is the unknown 'mayor', did you mean 'major'?"},
      {{{"type", "jsonl"}, {"path", "f"}, {"fsync", "yes"}}, "sink jsonl: fsync is neither true nor false"},
      {{{"type", "nats"}, {"url", "nats://h"}, {"key_file", "k"}},
       "sink nats: certificate_file and key_file go together"},
      {{{"type", "s3"}, {"bucket", "b"}, {"access_key", "a"}}, "sink s3: secret_key is missing"},
  };
  for (const auto& c : kCases) {
    auto options = parse_sink(c.description);
    ASSERT_FALSE(options) << c.message;
    EXPECT_EQ(options.error().code, ErrorCode::kUsage);
    EXPECT_EQ(options.error().message, c.message);
  }
}

TEST(MakeSink, ConnectsOnlyWhereThePolicyAllows) {
  const CannedServer server([](const std::string&) { return CannedServer::answer(200); });
  const json descriptions[] = {
      {{"type", "webhook"}, {"url", server.url()}},
      {{"type", "sns"},
       {"topic_arn", kTopic},
       {"endpoint", server.url()},
       {"access_key", "a"},
       {"secret_key", "s"}},
      {{"type", "s3"}, {"bucket", "b"}, {"endpoint", server.url()}, {"access_key", "a"}, {"secret_key", "s"}},
  };
  for (const json& description : descriptions) {
    auto options = parse_sink(description);
    ASSERT_TRUE(options);
    auto sink = make_sink(*options, [](const sockaddr*) { return false; });
    ASSERT_TRUE(sink);
    auto sent = (*sink)->send(freeze_event());
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().message, server.host() + ": its address is not allowed");
  }
  EXPECT_TRUE(server.requests().empty());
}

// Every place that may hold a secret holds this word, and the server sends back all that it was sent.
constexpr const char* kSecret = "hunter2";

std::vector<json> secretive_sinks(const std::string& host, const std::string& base) {
  return {
      {{"type", "webhook"},
       {"url", "http://hunter2:hunter2@" + host + "/hunter2?hunter2"},
       {"secret", kSecret},
       {"headers", {{"Authorization", kSecret}}}},
      {{"type", "sns"},
       {"topic_arn", kTopic},
       {"endpoint", base},
       {"access_key", kSecret},
       {"secret_key", kSecret},
       {"session_token", kSecret}},
      {{"type", "s3"},
       {"bucket", "b"},
       {"endpoint", base},
       {"access_key", kSecret},
       {"secret_key", kSecret},
       {"session_token", kSecret}},
      {{"type", "nats"}, {"url", "nats://hunter2:hunter2@" + host}, {"token", kSecret}, {"timeout_ms", 300}},
      {{"type", "nats"},
       {"url", "nats://" + host},
       {"user", kSecret},
       {"password", kSecret},
       {"timeout_ms", 300}},
  };
}

void expect_no_secret(const std::vector<json>& descriptions, const std::string& when) {
  for (const json& description : descriptions) {
    auto options = parse_sink(description);
    ASSERT_TRUE(options) << options.error().message;
    auto sink = make_sink(*options);
    ASSERT_TRUE(sink) << sink.error().message;
    auto sent = (*sink)->send(freeze_event());
    ASSERT_FALSE(sent) << when << " " << description["type"];
    EXPECT_THAT(sent.error().message, Not(HasSubstr(kSecret))) << when;
  }
}

TEST(MakeSink, TellsNoSecretWhateverGoesWrong) {
  int port = 0;
  {
    int status = 0;
    const CannedServer echo([&](const std::string& request) {
      return CannedServer::answer(status, "<Code>hunter2 " + request + "</Code>",
                                  "Location: http://hunter2/\r\n");
    });
    for (const int s : {301, 400, 403, 500}) {
      status = s;
      expect_no_secret(secretive_sinks(echo.host(), echo.url()), std::to_string(s));
    }
    port = echo.port();
  }
  const std::string nobody = "127.0.0.1:" + std::to_string(port);
  expect_no_secret(secretive_sinks(nobody, "http://" + nobody), "nobody listens");
  expect_no_secret(secretive_sinks("nowhere.invalid", "http://nowhere.invalid"), "no such host");
}

TEST(MakeSink, TellsNoSecretOfADescriptionThatIsWrong) {
  for (json description : secretive_sinks("h", "http://h")) {
    for (const char* key : {"url", "endpoint"}) {
      if (!description.contains(key)) continue;
      for (const char* broken :
           {"hunter2", "ftp://hunter2/", "http://hunter2@", "http://a/\nhunter2", "http:///?hunter2@"}) {
        json wrong = description;
        wrong[key] = broken;
        auto options = parse_sink(wrong);
        ASSERT_TRUE(options);
        auto sink = make_sink(*options);
        if (sink) continue;
        EXPECT_THAT(sink.error().message, Not(HasSubstr(kSecret))) << description["type"] << " " << broken;
      }
    }
    for (const char* key : {"secret", "secret_key", "session_token", "token", "password", "headers"}) {
      if (!description.contains(key)) continue;
      json wrong = description;
      wrong[key] = {kSecret};
      EXPECT_THAT(parse_sink(wrong).error().message, Not(HasSubstr(kSecret)));
    }
  }
}

TEST(MakeSink, MakesAFileOfLines) {
  const TemporaryFolder folder;
  auto options = parse_sink({{"type", "jsonl"}, {"path", folder.at("events.jsonl")}});
  ASSERT_TRUE(options);
  auto sink = make_sink(*options);
  ASSERT_TRUE(sink);
  EXPECT_TRUE((*sink)->send(freeze_event()));
}

}  // namespace
}  // namespace monolens

#include "sinks/sns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sinks/testing/canned_server.h"
#include "sinks/testing/event.h"

namespace monolens {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kTopic = "arn:aws:sns:eu-central-1:123456789012:incidents";
constexpr const char* kReceipt =
    "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>";

TEST(Sns, PublishesTheEventWithAttributesToFilterBy) {
  EXPECT_EQ(
      sns_publish_form(kTopic, freeze_event()),
      "Action=Publish&Version=2010-03-31"
      "&TopicArn=arn%3Aaws%3Asns%3Aeu-central-1%3A123456789012%3Aincidents"
      "&Message=%7B%22schema%22%3A%22monolens.event%2F1%22%2C%22event%22%3A%22open%22%2C%22at_s%22%3A12.40%7D"
      "&MessageAttributes.entry.1.Name=type&MessageAttributes.entry.1.Value.DataType=String"
      "&MessageAttributes.entry.1.Value.StringValue=open"
      "&MessageAttributes.entry.2.Name=kind&MessageAttributes.entry.2.Value.DataType=String"
      "&MessageAttributes.entry.2.Value.StringValue=video.freeze"
      "&MessageAttributes.entry.3.Name=severity&MessageAttributes.entry.3.Value.DataType=String"
      "&MessageAttributes.entry.3.Value.StringValue=critical"
      "&MessageAttributes.entry.4.Name=monitor&MessageAttributes.entry.4.Value.DataType=String"
      "&MessageAttributes.entry.4.Value.StringValue=channel%204");
}

TEST(Sns, OrdersAFifoTopicByMonitorAndDropsRepeatsById) {
  SinkEvent event = freeze_event();
  event.monitor = "channel-4";
  const std::string form = sns_publish_form(std::string(kTopic) + ".fifo", event);
  EXPECT_THAT(form, HasSubstr("&MessageGroupId=channel-4&MessageDeduplicationId=inc-1-open"));
  EXPECT_THAT(sns_publish_form(kTopic, event), Not(HasSubstr("MessageGroupId")));
}

TEST(Sns, StandsAHashInForAFifoIdThatIsNotAllowed) {
  SinkEvent event = freeze_event();
  event.id = std::string(129, 'a');
  const std::string form = sns_publish_form(std::string(kTopic) + ".fifo", event);
  EXPECT_THAT(form,
              testing::ContainsRegex("&MessageGroupId=[0-9a-f]{64}&MessageDeduplicationId=[0-9a-f]{64}$"));
}

TEST(Sns, LeavesOutAnAttributeThatHasNoValue) {
  SinkEvent event = freeze_event();
  event.kind.clear();
  const std::string form = sns_publish_form(kTopic, event);
  EXPECT_THAT(form, HasSubstr("entry.2.Name=severity"));
  EXPECT_THAT(form, Not(HasSubstr("Name=kind")));
}

TEST(Sns, TakesTheRegionFromTheTopic) {
  EXPECT_EQ(*region_of_topic(kTopic), "eu-central-1");
  for (const char* arn :
       {"", "incidents", "arn:aws:sqs:eu-central-1:1:q", "arn:aws:sns::1:t", "arn:aws:sns:r:1:t:s"}) {
    EXPECT_EQ(region_of_topic(arn).error().code, ErrorCode::kUsage) << arn;
    EXPECT_FALSE(make_sns({.topic_arn = arn})) << arn;
  }
}

TEST(Sns, SignsForTheTopicsRegionWithTheSessionsToken) {
  const CannedServer server([](const std::string&) { return CannedServer::answer(200, kReceipt); });
  auto sink =
      make_sns({.topic_arn = kTopic,
                .credentials = {"AKID", "secret", "session"},
                .endpoint = server.url(),
                .now = [] { return std::chrono::system_clock::time_point(std::chrono::seconds(0)); }});
  ASSERT_TRUE(sink);
  ASSERT_TRUE((*sink)->send(freeze_event()));
  const std::string request = server.requests().at(0);
  EXPECT_THAT(request, HasSubstr("POST / HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nX-Amz-Date: 19700101T000000Z\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nX-Amz-Security-Token: session\r\n"));
  EXPECT_THAT(request, HasSubstr("Credential=AKID/19700101/eu-central-1/sns/aws4_request, "
                                 "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "));
  EXPECT_THAT(request, Not(HasSubstr("secret")));
}

TEST(Sns, AsksForAReceiptAndNotOnlyForA200) {
  const CannedServer server(
      [](const std::string&) { return CannedServer::answer(200, "<html>Welcome</html>"); });
  auto sink = make_sns({.topic_arn = kTopic, .endpoint = server.url()});
  ASSERT_TRUE(sink);
  auto sent = (*sink)->send(freeze_event());
  ASSERT_FALSE(sent);
  EXPECT_TRUE(may_pass(sent.error()));
  EXPECT_EQ(sent.error().message, server.host() + ": answered without a message's id");
}

}  // namespace
}  // namespace monolens

#include "cluster/broker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "cluster/testing/nats_server.h"

namespace monolens {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class BrokerTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!server_.is_there()) GTEST_SKIP() << "there is no nats-server";
    auto broker = Broker::connect({.url = server_.url()}, 1);
    ASSERT_TRUE(broker) << broker.error().message;
    broker_ = std::move(*broker);
  }

  NatsServer server_;
  std::unique_ptr<Broker> broker_;
};

TEST_F(BrokerTest, ABucketChangesOnlyWhatIsAsItWasSeen) {
  ASSERT_TRUE(broker_->make_bucket("b"));
  EXPECT_FALSE(*broker_->get("b", "key"));
  ASSERT_TRUE(broker_->put("b", "key", "one", 0));
  auto again = broker_->put("b", "key", "other", 0);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kRejected);
  auto seen = broker_->get("b", "key");
  ASSERT_TRUE(seen && *seen);
  EXPECT_EQ((**seen).data, "one");
  ASSERT_TRUE(broker_->put("b", "key", "two", (**seen).sequence));
  EXPECT_FALSE(broker_->put("b", "key", "three", (**seen).sequence));
  ASSERT_TRUE(broker_->erase("b", "key"));
  EXPECT_FALSE(*broker_->get("b", "key"));
  EXPECT_TRUE(broker_->put("b", "key", "anew", 0));
}

TEST_F(BrokerTest, ABucketIsReadAsALogOfWhatChanged) {
  ASSERT_TRUE(broker_->make_bucket("b"));
  ASSERT_TRUE(broker_->put("b", "x", "1", 0));
  ASSERT_TRUE(broker_->put("b", "y", "2", 0));
  ASSERT_TRUE(broker_->erase("b", "x"));
  std::vector<std::string> seen;
  std::uint64_t at = 0;
  for (;;) {
    auto entry = broker_->bucket_after("b", at);
    ASSERT_TRUE(entry) << entry.error().message;
    if (!*entry) break;
    at = (**entry).sequence;
    seen.push_back((**entry).key + ((**entry).erased ? " erased" : "=" + (**entry).data));
  }
  EXPECT_THAT(seen, ElementsAre("y=2", "x erased"));
}

TEST_F(BrokerTest, ALogDropsRepeatsAndKeepsTheOrder) {
  ASSERT_TRUE(broker_->make_log("log", "t.events.>", std::chrono::hours(1)));
  ASSERT_TRUE(broker_->make_log("log", "t.events.>", std::chrono::hours(1))) << "it is there";
  ASSERT_TRUE(broker_->append("t.events.a", "1", "id1"));
  ASSERT_TRUE(broker_->append("t.events.a", "1", "id1"));
  ASSERT_TRUE(broker_->append("t.events.b", "2", "id2"));
  auto first = broker_->after("log", 0);
  ASSERT_TRUE(first && *first);
  EXPECT_EQ((**first).data, "1");
  auto second = broker_->after("log", (**first).sequence);
  ASSERT_TRUE(second && *second);
  EXPECT_EQ((**second).key, "t.events.b");
  EXPECT_FALSE(*broker_->after("log", (**second).sequence));
}

TEST_F(BrokerTest, AsksAndGetsAnAnswerInParts) {
  auto other = Broker::connect({.url = server_.url()}, 1);
  ASSERT_TRUE(other);
  Broker& answering = **other;
  ASSERT_TRUE(answering.listen("t.ask", [&](const Broker::Message& m) {
    (void)answering.publish(m.reply, m.data + "1", "");
    (void)answering.publish(m.reply, "last", "");
  }));
  const auto is_last = [](const std::string& part) { return part == "last"; };
  auto parts = broker_->ask("t.ask", "x", is_last, milliseconds(2'000));
  ASSERT_TRUE(parts) << parts.error().message;
  EXPECT_THAT(*parts, ElementsAre("x1", "last"));
  EXPECT_FALSE(broker_->ask("t.nobody", "x", is_last, milliseconds(100)));
}

TEST(Broker, NamesItsHostsAndNoLoginWhereNobodyIs) {
  auto none = Broker::connect({.url = "nats://user:secret@127.0.0.1:1", .timeout = milliseconds(500)}, 1);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("127.0.0.1:1"));
  EXPECT_THAT(none.error().message, Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace monolens

#include "http/event_stream.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace monolens {
namespace {

TEST(EventStream, GivesWhatWasPushedInOrderAndOnce) {
  EventStream stream;
  EXPECT_TRUE(stream.push("data: 1\n\n"));
  EXPECT_TRUE(stream.push("data: 2\n\n"));
  EXPECT_EQ(stream.take().text, "data: 1\n\ndata: 2\n\n");
  EXPECT_EQ(stream.take().text, "");
  EXPECT_FALSE(stream.take().ended);
}

TEST(EventStream, WakesTheServerOnceUntilItTakes) {
  EventStream stream;
  int woken = 0;
  stream.attach([&] { ++woken; });
  stream.push("a");
  stream.push("b");
  EXPECT_EQ(woken, 1);
  stream.take();
  stream.push("c");
  EXPECT_EQ(woken, 2);
}

TEST(EventStream, StillGivesWhatWasPushedBeforeItWasClosed) {
  EventStream stream;
  int woken = 0;
  stream.attach([&] { ++woken; });
  stream.push("a");
  stream.take();
  stream.push("b");
  stream.close();
  EXPECT_TRUE(stream.closed());
  EXPECT_FALSE(stream.push("c"));
  const EventStream::Batch batch = stream.take();
  EXPECT_EQ(batch.text, "b");
  EXPECT_TRUE(batch.ended);
  EXPECT_FALSE(stream.too_slow());
  EXPECT_EQ(woken, 2);
}

TEST(EventStream, WakesTheServerToEnd) {
  EventStream stream;
  int woken = 0;
  stream.attach([&] { ++woken; });
  stream.close();
  stream.close();
  EXPECT_EQ(woken, 1);
}

TEST(EventStream, ClosesOnAClientThatLeavesTooMuchUnread) {
  EventStream stream(10);
  int woken = 0;
  stream.attach([&] { ++woken; });
  EXPECT_TRUE(stream.push("123456"));
  stream.take();  // is being sent, which counts
  EXPECT_TRUE(stream.push("7890"));
  EXPECT_EQ(woken, 2);
  EXPECT_FALSE(stream.push("1"));
  EXPECT_TRUE(stream.closed());
  EXPECT_TRUE(stream.too_slow());
  EXPECT_EQ(woken, 3) << "a server that is busy sending must hear of it";
  EXPECT_EQ(stream.take().text, "");
}

TEST(EventStream, HasRoomAgainOnceTheClientHasRead) {
  EventStream stream(10);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(stream.push("1234567890"));
    EXPECT_EQ(stream.take().text.size(), 10u);
    EXPECT_EQ(stream.take().text.size(), 0u);
  }
}

TEST(EventStream, IsNotWokenAfterTheClientHasGone) {
  EventStream stream;
  int woken = 0;
  stream.attach([&] { ++woken; });
  stream.detach();
  EXPECT_FALSE(stream.push("a"));
  EXPECT_TRUE(stream.closed());
  EXPECT_EQ(woken, 0);
}

TEST(EventStream, TakesEventsWholeFromManyThreads) {
  EventStream stream(1 << 20);
  std::string taken;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) stream.push("data: abcdefgh\n\n");
      });
    }
    for (int i = 0; i < 100; ++i) taken += stream.take().text;
  }
  taken += stream.take().text;
  const std::string_view event = "data: abcdefgh\n\n";
  ASSERT_EQ(taken.size(), 2000 * event.size());
  for (std::size_t at = 0; at < taken.size(); at += event.size())
    EXPECT_EQ(taken.substr(at, event.size()), event);
}

}  // namespace
}  // namespace monolens

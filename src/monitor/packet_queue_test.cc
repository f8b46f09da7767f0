#include "monitor/packet_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "media/av.h"

namespace monolens {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

using Clock = QueueItem::Clock;
constexpr Clock::time_point kStart{100s};

QueueItem packet(Clock::time_point arrived, int bytes = 100, int track = 0) {
  Packet made;
  made.data.reset(av_packet_alloc());
  if (av_new_packet(made.data.get(), bytes) != 0) throw std::runtime_error("no packet");
  made.track = track;
  return {.what = std::move(made), .arrived = arrived};
}

template <class Event>
QueueItem event(Event what, Clock::time_point arrived = kStart) {
  return {.what = std::move(what), .arrived = arrived};
}

// "packet 3", "opened", "ended", "failed", "dropped 2"
std::vector<std::string> take_all(PacketQueue& queue) {
  std::vector<std::string> all;
  while (auto item = queue.take()) {
    if (const auto* p = std::get_if<Packet>(&item->what)) all.push_back("packet " + std::to_string(p->track));
    if (std::holds_alternative<SourceOpened>(item->what)) all.emplace_back("opened");
    if (std::holds_alternative<SourceEnded>(item->what)) all.emplace_back("ended");
    if (std::holds_alternative<SourceFailed>(item->what)) all.emplace_back("failed");
    if (const auto* d = std::get_if<PacketsDropped>(&item->what))
      all.push_back("dropped " + std::to_string(d->packets));
  }
  return all;
}

TEST(PacketQueue, GivesBackWhatWasPutInOrder) {
  PacketQueue queue({});
  EXPECT_TRUE(queue.empty());
  queue.put(event(SourceOpened{}));
  queue.put(packet(kStart, 1, 0));
  queue.put(packet(kStart, 1, 1));
  queue.put(event(SourceEnded{}));
  queue.put(event(SourceFailed{}));
  EXPECT_FALSE(queue.empty());
  EXPECT_THAT(take_all(queue), ElementsAre("opened", "packet 0", "packet 1", "ended", "failed"));
  EXPECT_TRUE(queue.empty());
  EXPECT_FALSE(queue.take().has_value());
}

TEST(PacketQueue, HasRoomUntilItsPacketsSpanTheLimit) {
  PacketQueue queue({.span = 2s, .bytes = 1'000'000});
  EXPECT_TRUE(queue.has_room());
  queue.put(packet(kStart));
  queue.put(packet(kStart + 1999ms));
  EXPECT_TRUE(queue.has_room());
  queue.put(packet(kStart + 2s));
  EXPECT_FALSE(queue.has_room());
  queue.take();
  EXPECT_TRUE(queue.has_room()) << "1 ms of packets is left";
}

TEST(PacketQueue, HasRoomUntilItsPacketsHoldTheLimitOfBytes) {
  PacketQueue queue({.span = 1h, .bytes = 1'000});
  queue.put(packet(kStart, 999));
  EXPECT_TRUE(queue.has_room());
  queue.put(packet(kStart, 1));
  EXPECT_FALSE(queue.has_room());
  queue.take();
  EXPECT_TRUE(queue.has_room());
}

TEST(PacketQueue, CountsNoBytesOfAPacketThatOnlyTellsOfDamage) {
  PacketQueue queue({.span = 1h, .bytes = 1});
  queue.put({.what = Packet{}, .arrived = kStart});
  EXPECT_TRUE(queue.has_room());
}

TEST(PacketQueue, DropsPacketsAndKeepsEvents) {
  PacketQueue queue({.span = 1h, .bytes = 250});
  queue.put(event(SourceOpened{}));
  for (int i = 0; i < 3; ++i) queue.put(packet(kStart));
  queue.put(event(SourceEnded{}));
  queue.put(event(SourceFailed{}));
  queue.put(event(SourceOpened{}));
  queue.put(packet(kStart));
  EXPECT_FALSE(queue.has_room());
  EXPECT_EQ(queue.drop_packets(), 4U);
  EXPECT_TRUE(queue.has_room());
  EXPECT_THAT(take_all(queue), ElementsAre("opened", "ended", "failed", "opened"));
}

TEST(PacketQueue, IsNotFullOfAnOldEvent) {
  PacketQueue queue({.span = 2s, .bytes = 1'000});
  queue.put(event(SourceOpened{}, kStart));
  queue.put(packet(kStart + 1min));
  EXPECT_TRUE(queue.has_room()) << "each packet would be dropped for ever";
}

TEST(PacketQueue, KeepsOneDropOfThoseThatNobodyTook) {
  PacketQueue queue({});
  queue.put(packet(kStart));
  queue.put(packet(kStart));
  queue.put(event(PacketsDropped{.pipeline = {}, .packets = queue.drop_packets()}));
  queue.put(packet(kStart));
  queue.put(event(PacketsDropped{.pipeline = {}, .packets = queue.drop_packets()}));
  EXPECT_THAT(take_all(queue), ElementsAre("dropped 3"));
}

TEST(PacketQueue, LagsByTheWaitOfItsOldestItem) {
  PacketQueue queue({});
  EXPECT_EQ(queue.lag(kStart), 0ms);
  queue.put(packet(kStart));
  queue.put(packet(kStart + 300ms));
  EXPECT_EQ(queue.lag(kStart + 500ms), 500ms);
  queue.take();
  EXPECT_EQ(queue.lag(kStart + 500ms), 200ms);
  queue.take();
  EXPECT_EQ(queue.lag(kStart + 500ms), 0ms);
}

}  // namespace
}  // namespace monolens

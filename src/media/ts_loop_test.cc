#include "media/ts_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>

#include "media/media_converter.h"
#include "media/testing/test_media.h"

namespace monolens {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

// A turn of three seconds: 75 pictures, and 125 frames of sound (MPEG-1 layer 2: no priming).
constexpr auto kTurn = 3s;

std::vector<std::uint8_t> turn() {
  const Bytes bytes = TestMedia("mpegts")
                          .add(TestVideo{.frames = 75})
                          .add(TestAudio{.seconds = 125 * 1152 / 48'000.0})
                          .bytes();
  const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
  return {begin, begin + bytes.size()};
}

Bytes turns(int count, std::vector<TsLoop::Next>* dues = nullptr) {
  const auto one = turn();
  TsLoop loop(one, kTurn);
  Bytes bytes;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count) * one.size() / TsLoop::kPacket; ++i) {
    const TsLoop::Next next = loop.next();
    const auto* begin = reinterpret_cast<const std::byte*>(next.packet.data());
    bytes.insert(bytes.end(), begin, begin + next.packet.size());
    if (dues != nullptr) dues->push_back(next);
  }
  return bytes;
}

class Seen final : public MediaSink {
 public:
  void on_frame(int /*track*/, const Frame& frame) override { pictures.push_back(frame.time); }
  void on_audio(int /*track*/, const AudioBlock& block) override { sounds.push_back(block.time); }
  void on_event(const StreamEvent& event) override { events.push_back(event); }

  std::vector<MediaTime> pictures;
  std::vector<MediaTime> sounds;
  std::vector<StreamEvent> events;
};

TEST(TsLoop, IsOneStreamOverItsTurns) {
  const Bytes bytes = turns(4);
  auto source = open_source(bytes);
  ASSERT_TRUE(source) << source.error().message;
  auto converter = MediaConverter::open(**source, {});
  ASSERT_TRUE(converter);
  Seen seen;
  Packet packet;
  while ((*source)->read(packet) == ReadStatus::kPacket) (*converter)->convert(packet, seen);
  (*converter)->flush(seen);
  EXPECT_THAT(seen.events, IsEmpty()) << "nothing is lost, and no clock jumps";
  ASSERT_EQ(seen.pictures.size(), 4U * 75);
  for (std::size_t i = 1; i < seen.pictures.size(); ++i)
    ASSERT_NEAR((seen.pictures[i] - seen.pictures[i - 1]).seconds(), 0.04, 1e-4) << i;
  for (std::size_t i = 1; i < seen.sounds.size(); ++i)
    ASSERT_NEAR((seen.sounds[i] - seen.sounds[i - 1]).seconds(), 0.024, 1e-3) << i;
}

TEST(TsLoop, LeavesTheFirstTurnAsItIs) {
  const auto one = turn();
  TsLoop loop(one, kTurn);
  for (std::size_t at = 0; at < one.size(); at += TsLoop::kPacket) {
    const auto packet = loop.next().packet;
    ASSERT_TRUE(std::equal(packet.begin(), packet.end(), one.begin() + static_cast<std::ptrdiff_t>(at)))
        << at;
  }
}

TEST(TsLoop, SaysWhenEachPacketIsDue) {
  std::vector<TsLoop::Next> all;
  turns(2, &all);
  EXPECT_EQ(all.front().due, 0s);
  for (std::size_t i = 1; i < all.size(); ++i) {
    ASSERT_GE(all[i].due, all[i - 1].due);
    ASSERT_LE(all[i].due - all[i - 1].due, 200ms);
  }
  EXPECT_EQ(all[all.size() / 2].due, kTurn);
}

}  // namespace
}  // namespace monolens

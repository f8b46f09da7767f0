#include "media/avio_tap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>

#include "media/testing/test_media.h"

namespace monolens {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kPacket = 188;
constexpr auto kAll = std::numeric_limits<std::uint64_t>::max();

// A stream of one track without a packet in its middle.
struct Damaged {
  Bytes bytes;
  std::uint64_t at = 0;  // of the first packet after the hole
};

Damaged damaged_stream() {
  Damaged damaged{.bytes = TestMedia("mpegts").add(TestVideo{.frames = 500}).bytes()};
  const auto is_video = [&](std::size_t p) {
    const auto high = std::to_integer<unsigned>(damaged.bytes[p + 1]) & 0x1fU;
    return (high << 8U | std::to_integer<unsigned>(damaged.bytes[p + 2])) == 256;
  };
  std::size_t hole = damaged.bytes.size() / kPacket / 2 * kPacket;
  while (!is_video(hole)) hole += kPacket;
  const auto begin = damaged.bytes.begin() + static_cast<std::ptrdiff_t>(hole);
  damaged.bytes.erase(begin, begin + kPacket);
  while (!is_video(hole)) hole += kPacket;
  damaged.at = hole;
  return damaged;
}

std::vector<std::uint64_t> offsets(AvioTap& tap) {
  std::vector<std::uint64_t> offsets;
  while (const auto event = tap.next_event(kAll)) offsets.push_back(event->byte_offset);
  return offsets;
}

// Reads to the end, or so many bytes.
Bytes read(AvioTap& tap, std::size_t most = std::numeric_limits<std::size_t>::max()) {
  Bytes all;
  Bytes piece(5000);
  while (all.size() < most) {
    const int want = static_cast<int>(std::min(piece.size(), most - all.size()));
    const int n = avio_read(tap.context(), reinterpret_cast<unsigned char*>(piece.data()), want);
    if (n <= 0) break;
    all.insert(all.end(), piece.begin(), piece.begin() + n);
  }
  return all;
}

class Failing final : public ByteStream {
 public:
  int read(std::span<std::byte>) override { return kFailed; }
  std::optional<std::uint64_t> seek(std::uint64_t) override { return std::nullopt; }
  std::optional<std::uint64_t> size() override { return std::nullopt; }
};

TEST(AvioTap, HandsOnTheBytesAndShowsThemToTheInspector) {
  const Damaged damaged = damaged_stream();
  AvioTap tap(memory_stream(damaged.bytes));
  EXPECT_EQ(read(tap), damaged.bytes);
  EXPECT_THAT(offsets(tap), ElementsAre(damaged.at));
}

TEST(AvioTap, TellsDamageNoEarlierThanItsPlaceInTheStream) {
  const Damaged damaged = damaged_stream();
  AvioTap tap(memory_stream(damaged.bytes));
  read(tap);
  EXPECT_FALSE(tap.next_event(damaged.at - 1));
  EXPECT_TRUE(tap.next_event(damaged.at));
}

TEST(AvioTap, ShowsTheInspectorEachByteOnceThoughTheReaderLooksAtTheEndAndComesBack) {
  const Damaged damaged = damaged_stream();
  AvioTap tap(memory_stream(damaged.bytes));
  read(tap, 1000);
  const auto end = static_cast<std::int64_t>(damaged.bytes.size());
  ASSERT_EQ(avio_seek(tap.context(), end - 3000, SEEK_SET), end - 3000);
  read(tap);
  ASSERT_EQ(avio_seek(tap.context(), 500, SEEK_SET), 500);
  read(tap);
  ASSERT_EQ(avio_seek(tap.context(), 0, SEEK_SET), 0);
  EXPECT_EQ(read(tap), damaged.bytes);
  EXPECT_THAT(offsets(tap), ElementsAre(damaged.at));
}

TEST(AvioTap, ShowsTheInspectorOnlyWhatIsNewOfAReadThatOverlaps) {
  const Damaged damaged = damaged_stream();
  ASSERT_GT(damaged.bytes.size(), 200'000U) << "several of the tap's own buffers";
  AvioTap tap(memory_stream(damaged.bytes));
  for (std::int64_t at = 0; at < static_cast<std::int64_t>(damaged.bytes.size()); at += 50'021) {
    ASSERT_EQ(avio_seek(tap.context(), at, SEEK_SET), at);
    avio_flush(tap.context());
    read(tap, 60'000);
  }
  EXPECT_THAT(offsets(tap), ElementsAre(damaged.at));
}

TEST(AvioTap, DoesNotInspectOtherContainers) {
  Bytes bytes(100'000);
  for (std::size_t at = 1; at < bytes.size(); at += kPacket) bytes[at] = std::byte{0x47};
  bytes[kPacket + 1] = std::byte{0};
  AvioTap tap(memory_stream(bytes));
  read(tap);
  EXPECT_THAT(offsets(tap), IsEmpty());
}

TEST(AvioTap, KnowsItsProgressWhereTheSizeIsKnown) {
  const Bytes bytes(200'000);
  AvioTap tap(memory_stream(bytes));
  EXPECT_EQ(tap.progress(), 0.0);
  read(tap, 50'000);
  EXPECT_DOUBLE_EQ(tap.progress().value(), 0.25);
  read(tap);
  EXPECT_EQ(tap.progress(), 1.0);
}

TEST(AvioTap, OfAStreamThatCanNotSeekSaysSo) {
  AvioTap tap(std::make_unique<Failing>());
  EXPECT_EQ(tap.context()->seekable, 0);
  EXPECT_EQ(tap.progress(), std::nullopt);
  EXPECT_LT(avio_seek(tap.context(), 100, SEEK_SET), 0);
  EXPECT_LT(avio_size(tap.context()), 0);
}

TEST(AvioTap, RemembersThatTheStreamFailed) {
  AvioTap tap(std::make_unique<Failing>());
  EXPECT_FALSE(tap.failed());
  EXPECT_THAT(read(tap), IsEmpty());
  EXPECT_TRUE(tap.failed());
}

}  // namespace
}  // namespace monolens

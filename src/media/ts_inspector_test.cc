#include "media/ts_inspector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <climits>
#include <cstdint>
#include <limits>
#include <optional>
#include <ostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace monolens {

bool operator==(const TsEvent& a, const TsEvent& b) {
  return a.kind == b.kind && a.byte_offset == b.byte_offset && a.pid == b.pid &&
         a.lost_packets_at_least == b.lost_packets_at_least;
}
void PrintTo(const TsEvent& e, std::ostream* out) {
  *out << "kind " << static_cast<int>(e.kind) << " at " << e.byte_offset << " pid " << e.pid << " lost "
       << e.lost_packets_at_least;
}

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Bytes = std::vector<std::uint8_t>;
using Kind = TsEvent::Kind;

constexpr std::uint64_t kEnd = std::numeric_limits<std::uint64_t>::max();
constexpr int kVideo = 256;
constexpr int kAudio = 257;

struct PacketSpec {
  int pid = kVideo;
  int counter = 0;
  bool payload = true;
  bool error = false;
  bool announced = false;  // discontinuity_indicator
  std::optional<double> pcr_ms = {};
  std::optional<Bytes> section = {};
};

Bytes packet(const PacketSpec& spec) {
  Bytes bytes(188, 0xff);
  const bool adaptation = spec.announced || spec.pcr_ms || !spec.payload;
  bytes[0] = 0x47;
  bytes[1] = static_cast<std::uint8_t>((spec.error ? 0x80 : 0) | (spec.section ? 0x40 : 0) | spec.pid >> 8);
  bytes[2] = static_cast<std::uint8_t>(spec.pid);
  bytes[3] =
      static_cast<std::uint8_t>((adaptation ? 0x20 : 0) | (spec.payload ? 0x10 : 0) | spec.counter % 16);
  std::size_t at = 4;
  if (adaptation) {
    bytes[4] = spec.payload ? 7 : 183;
    bytes[5] = static_cast<std::uint8_t>((spec.announced ? 0x80 : 0) | (spec.pcr_ms ? 0x10 : 0));
    if (spec.pcr_ms) {
      const auto pcr = static_cast<std::uint64_t>(*spec.pcr_ms * 27'000);
      const std::uint64_t base = pcr / 300;
      const std::uint64_t extension = pcr % 300;
      for (int i = 0; i < 4; ++i)
        bytes[static_cast<std::size_t>(6 + i)] = static_cast<std::uint8_t>(base >> (25 - 8 * i));
      bytes[10] = static_cast<std::uint8_t>((base & 1) << 7 | 0x7e | extension >> 8);
      bytes[11] = static_cast<std::uint8_t>(extension);
    }
    at = 12;
  }
  if (spec.section) {
    bytes[at++] = 0;
    std::copy(spec.section->begin(), spec.section->end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return bytes;
}

Bytes section(int table, Bytes body) {
  const auto length = body.size() + 9;
  Bytes bytes = {static_cast<std::uint8_t>(table),
                 static_cast<std::uint8_t>(0xb0 | length >> 8),
                 static_cast<std::uint8_t>(length),
                 0,
                 1,
                 0xc1,
                 0,
                 0};
  bytes.resize(8 + body.size());
  std::copy(body.begin(), body.end(), bytes.begin() + 8);
  std::uint32_t crc = 0xffffffff;
  for (const std::uint8_t byte : bytes) {
    for (int bit = 7; bit >= 0; --bit) {
      const bool high = ((crc >> 31) ^ (byte >> bit & 1U)) != 0;
      crc = crc << 1 ^ (high ? 0x04c11db7U : 0U);
    }
  }
  for (int i = 3; i >= 0; --i) bytes.push_back(static_cast<std::uint8_t>(crc >> (8 * i)));
  return bytes;
}

std::uint8_t high(int pid) { return static_cast<std::uint8_t>(0xe0 | pid >> 8); }
std::uint8_t low(int pid) { return static_cast<std::uint8_t>(pid); }

Bytes association(int map_pid) { return section(0, {0, 0, 0xe0, 16, 0, 1, high(map_pid), low(map_pid)}); }

// A map whose program_info takes `info` bytes, so that it spans packets if asked to.
Bytes map_of(const std::vector<int>& pids, std::size_t info = 0) {
  Bytes body = {high(pids[0]), low(pids[0]), static_cast<std::uint8_t>(0xf0 | info >> 8),
                static_cast<std::uint8_t>(info)};
  body.insert(body.end(), info, 0x05);
  for (const int pid : pids) body.insert(body.end(), {0x1b, high(pid), low(pid), 0xf0, 0});
  return section(2, body);
}

void operator+=(Bytes& stream, const Bytes& more) { stream.insert(stream.end(), more.begin(), more.end()); }

Bytes stream_of(const std::vector<PacketSpec>& specs) {
  Bytes stream;
  for (const PacketSpec& spec : specs) stream += packet(spec);
  return stream;
}

std::vector<TsEvent> drain(TsInspector& inspector, std::uint64_t up_to = kEnd) {
  std::vector<TsEvent> events;
  while (const auto event = inspector.next_event(up_to)) events.push_back(*event);
  return events;
}

std::vector<TsEvent> inspect(const Bytes& stream, std::size_t chunk = SIZE_MAX) {
  TsInspector inspector;
  auto rest = std::as_bytes(std::span(stream));
  while (!rest.empty()) {
    const auto part = rest.first(std::min(chunk, rest.size()));
    inspector.feed(part);
    rest = rest.subspan(part.size());
  }
  return drain(inspector);
}

TsEvent continuity(int packet_number, int lost, int pid = kVideo) {
  return {Kind::kContinuity, static_cast<std::uint64_t>(packet_number) * 188, static_cast<std::uint16_t>(pid),
          lost};
}
TsEvent pcr_step(int packet_number) {
  return {Kind::kPcr, static_cast<std::uint64_t>(packet_number) * 188, kVideo, 0};
}

std::vector<PacketSpec> counters(const std::vector<int>& values) {
  std::vector<PacketSpec> specs;
  for (const int value : values) specs.push_back({.counter = value});
  return specs;
}

TEST(TsInspector, FollowsContinuityCounters) {
  const struct {
    std::string name;
    std::vector<PacketSpec> packets;
    std::vector<TsEvent> events;
  } rows[] = {
      {"counts through 15", counters({13, 14, 15, 0, 1}), {}},
      {"one packet lost", counters({1, 2, 4, 5}), {continuity(2, 1)}},
      {"lost over the wrap", counters({14, 15, 3, 4}), {continuity(2, 3)}},
      {"sent twice", counters({1, 2, 2, 3}), {}},
      {"sent three times", counters({1, 2, 2, 2, 3}), {continuity(3, 0)}},
      {"tables for ever under one number", {{.pid = 0}, {.pid = 0}, {.pid = 0}, {.pid = 0}}, {}},
      {"sent twice, then one lost", counters({1, 2, 2, 4}), {continuity(3, 1)}},
      {"each sent twice", counters({1, 1, 2, 2, 3, 3}), {}},
      {"announced", {{.counter = 1}, {.counter = 2}, {.counter = 9, .announced = true}, {.counter = 10}}, {}},
      {"without payload the counter stands",
       {{.counter = 1}, {.counter = 1, .payload = false}, {.counter = 2}},
       {}},
      {"loss is seen past packets without payload",
       {{.counter = 1}, {.counter = 2, .payload = false}, {.counter = 3}},
       {continuity(2, 1)}},
      {"null packets have none",
       {{.pid = 8191, .counter = 1}, {.pid = 8191, .counter = 9}, {.pid = 8191}},
       {}},
      {"each PID counts alone",
       {{.counter = 1}, {.pid = kAudio, .counter = 7}, {.counter = 2}, {.pid = kAudio, .counter = 9}},
       {continuity(3, 1, kAudio)}},
      {"the transport says so",
       {{.counter = 1}, {.counter = 9, .error = true}, {.counter = 3}, {.counter = 4}},
       {{Kind::kTransportError, 188, kVideo, 0}}},
  };
  for (const auto& row : rows) {
    std::vector<PacketSpec> packets = row.packets;
    for (int i = 0; i < 3; ++i) packets.push_back({.pid = 8191});
    EXPECT_EQ(inspect(stream_of(packets)), row.events) << row.name;
  }
}

TEST(TsInspector, ReportsStepsOfTheClock) {
  constexpr double kRange = 8589934592.0 / 90;  // ms until the PCR wraps
  const struct {
    std::string name;
    std::vector<double> pcr_ms;
    std::vector<TsEvent> events;
    int announced = -1;
  } rows[] = {
      {"steady", {0, 40, 80, 120}, {}},
      {"100 ms are allowed", {0, 40, 80, 180, 220}, {}},
      {"more are not", {0, 40, 80, 181, 221}, {pcr_step(3)}},
      {"back", {1000, 1040, 1039, 1079}, {pcr_step(2)}},
      {"back by an hour", {4e6, 4e6 + 40, 400'000, 400'040}, {pcr_step(2)}},
      {"ahead by an hour", {0, 40, 4e6, 4e6 + 40}, {pcr_step(2)}},
      {"announced", {0, 40, 4e6, 4e6 + 40}, {}, 2},
      {"wraps", {kRange - 60, kRange - 20, 20, 60}, {}},
      {"seldom, but steadily", {0, 500, 1000, 1400, 2000}, {}},
      {"seldom, with a hole", {0, 500, 1000, 2600, 3100}, {pcr_step(3)}},
      {"from frequent to seldom", {0, 40, 80, 580, 1080, 1580, 2080}, {pcr_step(3), pcr_step(4)}},
  };
  for (const auto& row : rows) {
    std::vector<PacketSpec> packets;
    for (std::size_t i = 0; i < row.pcr_ms.size(); ++i) {
      packets.push_back({.counter = static_cast<int>(i),
                         .announced = static_cast<int>(i) == row.announced,
                         .pcr_ms = row.pcr_ms[i]});
    }
    EXPECT_EQ(inspect(stream_of(packets)), row.events) << row.name;
  }
}

// Tables, then one packet lost on the video, the audio and a PID that nothing names.
std::vector<PacketSpec> after_tables(const Bytes& pat, const Bytes& pmt) {
  return {{.pid = 0, .section = pat},    {.pid = 100, .section = pmt}, {.pid = kVideo, .counter = 0},
          {.pid = kAudio, .counter = 0}, {.pid = 300, .counter = 0},   {.pid = kVideo, .counter = 2},
          {.pid = kAudio, .counter = 2}, {.pid = 300, .counter = 2}};
}

TEST(TsInspector, ReportsOnlyThePidsOfTheProgrammesOnceTheMapIsKnown) {
  EXPECT_THAT(inspect(stream_of(after_tables(association(100), map_of({kVideo, kAudio})))),
              ElementsAre(continuity(5, 1), continuity(6, 1, kAudio)));
}

TEST(TsInspector, ReportsEveryPidWhileNoMapIsKnown) {
  Bytes damaged = map_of({kVideo, kAudio});
  damaged.back() ^= 1;
  const auto lost = [](const Bytes& pat, const Bytes& pmt) {
    auto events = inspect(stream_of(after_tables(pat, pmt)));
    std::erase_if(events, [](const TsEvent& e) { return e.kind == Kind::kTableCrc; });
    return events;
  };
  EXPECT_THAT(lost(association(99), map_of({kVideo, kAudio})), SizeIs(3));
  EXPECT_THAT(lost(association(100), damaged), SizeIs(3));
}

TEST(TsInspector, ReportsTheTablesPidsToo) {
  auto packets = after_tables(association(100), map_of({kVideo, kAudio}));
  packets.push_back({.pid = 100, .counter = 5});
  packets.push_back({.pid = 0, .counter = 5});
  EXPECT_THAT(inspect(stream_of(packets)), ElementsAre(continuity(5, 1), continuity(6, 1, kAudio),
                                                       continuity(8, 4, 100), continuity(9, 4, 0)));
}

TEST(TsInspector, ReadsAMapThatSpansPackets) {
  const Bytes map = map_of({kVideo, kAudio}, 400);
  auto packets = after_tables(association(100), Bytes(map.begin(), map.begin() + 183));
  Bytes stream = stream_of({packets[0], packets[1]});
  for (std::size_t at = 183, counter = 1; at < map.size(); at += 184, ++counter) {
    Bytes more = packet({.pid = 100, .counter = static_cast<int>(counter)});
    std::copy_n(map.begin() + static_cast<std::ptrdiff_t>(at), std::min<std::size_t>(184, map.size() - at),
                more.begin() + 4);
    stream += more;
  }
  packets.erase(packets.begin(), packets.begin() + 2);
  stream += stream_of(packets);
  EXPECT_THAT(inspect(stream), SizeIs(2));
}

TEST(TsInspector, ReportsWrongChecksumsOfTables) {
  Bytes pat = association(100);
  Bytes pmt = map_of({kVideo});
  pat[9] ^= 1;
  pmt[12] ^= 1;
  const std::vector<PacketSpec> good = {{.pid = 0, .section = association(100)},
                                        {.pid = 100, .section = map_of({kVideo})}};
  auto packets = good;
  packets.push_back({.pid = 0, .counter = 1, .section = pat});
  packets.push_back({.pid = 100, .counter = 1, .section = pmt});
  for (int i = 0; i < 3; ++i) packets.push_back({.pid = 8191});
  EXPECT_THAT(inspect(stream_of(packets)), ElementsAre(TsEvent{Kind::kTableCrc, 2 * 188, 0, 0},
                                                       TsEvent{Kind::kTableCrc, 3 * 188, 100, 0}));
}

TEST(TsInspector, ReportsTablesWhereTheyDoNotBelong) {
  const std::vector<PacketSpec> packets = {
      {.pid = 0, .section = map_of({kVideo})},
      {.pid = 1, .section = association(100)},
      {.pid = 1, .counter = 1, .section = section(1, {9, 4, 0, 1, 0xe0, 50})},
      {.pid = 8191},
      {.pid = 8191}};
  EXPECT_THAT(inspect(stream_of(packets)),
              ElementsAre(TsEvent{Kind::kTableWrong, 0, 0, 0}, TsEvent{Kind::kTableWrong, 188, 1, 0}));
}

// A programme's tables every `tables_ms`, its clock and time stamps every 40 ms, for as long as they are on.
struct Programme {
  double seconds = 10;
  int tables_ms = 120;
  int pat_until_ms = INT_MAX;
  int map_until_ms = INT_MAX;
  int pts_until_ms = INT_MAX;
  int audio_until_ms = INT_MAX;
  int audio_from_ms = 0;
  int pts_every_ms = 40;
  bool scrambled = false;
  bool cat = false;
};

Bytes stream_of(const Programme& p) {
  Bytes stream;
  int tables = 0;
  for (int n = 0; n * 40 < p.seconds * 1000; ++n) {
    const int ms = n * 40;
    if (ms % p.tables_ms == 0) {
      if (ms < p.pat_until_ms) stream += packet({.pid = 0, .counter = tables, .section = association(100)});
      if (ms < p.map_until_ms)
        stream += packet({.pid = 100, .counter = tables, .section = map_of({kVideo, kAudio})});
      if (p.cat)
        stream += packet({.pid = 1, .counter = tables, .section = section(1, {9, 4, 0, 1, 0xe0, 50})});
      ++tables;
    }
    Bytes video = packet({.counter = n, .pcr_ms = ms});
    if (ms < p.pts_until_ms && ms % p.pts_every_ms == 0) {
      const Bytes head = {0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 5, 0x21, 0, 1, 0, 1};
      std::copy(head.begin(), head.end(), video.begin() + 12);
      video[1] |= 0x40;
    }
    if (p.scrambled) video[3] |= 0x80;
    stream += video;
    if (ms >= p.audio_from_ms && ms < p.audio_until_ms)
      stream += packet({.pid = kAudio, .counter = n - p.audio_from_ms / 40});
  }
  return stream;
}

// What is reported, and when by the stream's clock.
std::vector<std::pair<Kind, int>> told(const Programme& p) {
  const Bytes stream = stream_of(p);
  std::vector<std::pair<Kind, int>> out;
  for (const TsEvent& e : inspect(stream)) out.emplace_back(e.kind, e.pid);
  return out;
}

TEST(TsInspector, ReportsWhatDoesNotComeAgain) {
  using Told = std::pair<Kind, int>;
  EXPECT_THAT(told({}), IsEmpty());
  EXPECT_THAT(told({.pat_until_ms = 5'000}), ElementsAre(Told(Kind::kTableLate, 0)));
  EXPECT_THAT(told({.map_until_ms = 5'000}), ElementsAre(Told(Kind::kTableLate, 100)));
  EXPECT_THAT(told({.pts_until_ms = 5'000}), ElementsAre(Told(Kind::kPts, kVideo)));
  EXPECT_THAT(told({.audio_until_ms = 4'000}), ElementsAre(Told(Kind::kPidMissing, kAudio)));
  EXPECT_THAT(told({.audio_from_ms = 20'000}), ElementsAre(Told(Kind::kPidMissing, kAudio)));
  EXPECT_THAT(told({.scrambled = true}), ElementsAre(Told(Kind::kTableLate, 1)));
  EXPECT_THAT(told({.scrambled = true, .cat = true}), IsEmpty());
}

TEST(TsInspector, ForgivesWhatIsAStreamsHabit) {
  EXPECT_THAT(told({.tables_ms = 2'000}), IsEmpty());
  EXPECT_THAT(told({.pts_every_ms = 1'000}), IsEmpty());
  EXPECT_THAT(told({.tables_ms = 100'000}), IsEmpty());  // one table at the beginning
  EXPECT_THAT(told({.audio_until_ms = 6'000}), IsEmpty());
}

TEST(TsInspector, DoesNotMeasureRepetitionAcrossAJumpOfTheClock) {
  Bytes stream = stream_of(Programme{.seconds = 3});
  for (int n = 0; n < 10; ++n)
    stream += packet({.counter = 75 + n, .announced = n == 0, .pcr_ms = 4e6 + n * 40});
  EXPECT_THAT(inspect(stream), IsEmpty());
}

TEST(TsInspector, FollowsAnotherProgrammeThatTakesTheFirstOnesPlace) {
  Bytes stream = stream_of(Programme{.seconds = 6});
  for (int n = 0; n < 200; ++n) {
    if (n % 3 == 0) {
      stream += packet({.pid = 0, .counter = 50 + n / 3, .section = association(101)});
      stream += packet({.pid = 101, .counter = n / 3, .section = map_of({400})});
    }
    stream += packet({.pid = 400, .counter = n, .pcr_ms = 6'000 + n * 40});
  }
  EXPECT_THAT(inspect(stream), IsEmpty());
}

Bytes steady(int count) {
  Bytes stream;
  for (int i = 0; i < count; ++i) stream += packet({.counter = i});
  return stream;
}

TEST(TsInspector, ReportsLostSyncOnceAndGoesOn) {
  Bytes stream = steady(10);
  stream.erase(stream.begin() + 188 * 4 + 50, stream.begin() + 188 * 4 + 100);  // the fifth packet is cut
  EXPECT_THAT(inspect(stream), ElementsAre(TsEvent{Kind::kSyncLoss, 188 * 5, 0, 0}));
}

TEST(TsInspector, ChecksContinuityAgainAfterSyncCameBack) {
  Bytes stream = steady(5);
  stream += Bytes(1000, 0);
  stream += stream_of(counters({3, 4, 5, 7}));
  stream += stream_of({{.pid = 8191}, {.pid = 8191}});
  EXPECT_THAT(inspect(stream), ElementsAre(TsEvent{Kind::kSyncLoss, 188 * 5, 0, 0},
                                           TsEvent{Kind::kContinuity, 188 * 8 + 1000, kVideo, 1}));
}

TEST(TsInspector, FindsPacketsBehindOtherBytes) {
  Bytes stream = {0x47, 1, 2, 0x47, 3};
  stream += stream_of(counters({1, 2, 4, 5}));
  EXPECT_THAT(inspect(stream), ElementsAre(TsEvent{Kind::kContinuity, 5 + 2 * 188, kVideo, 1}));
}

// Packets of 188 bytes with others before and behind each.
Bytes wrapped(const Bytes& stream, std::size_t before, std::size_t behind) {
  Bytes out;
  for (std::size_t at = 0; at < stream.size(); at += 188) {
    out += Bytes(before, 0x11);
    out += Bytes(stream.begin() + static_cast<std::ptrdiff_t>(at),
                 stream.begin() + static_cast<std::ptrdiff_t>(at + 188));
    out += Bytes(behind, 0x22);
  }
  return out;
}

TEST(TsInspector, KnowsPacketsWithTimeStampsAndWithReedSolomonBytes) {
  const Bytes stream = stream_of(counters({1, 2, 4, 5, 7}));
  EXPECT_THAT(inspect(wrapped(stream, 4, 0)),
              ElementsAre(TsEvent{Kind::kContinuity, 2 * 192 + 4, kVideo, 1},
                          TsEvent{Kind::kContinuity, 4 * 192 + 4, kVideo, 1}));
  EXPECT_THAT(inspect(wrapped(stream, 0, 16)), ElementsAre(TsEvent{Kind::kContinuity, 2 * 204, kVideo, 1},
                                                           TsEvent{Kind::kContinuity, 4 * 204, kVideo, 1}));
}

TEST(TsInspector, SaysNothingOfBytesThatAreNoTransportStream) {
  EXPECT_THAT(inspect(Bytes(100'000, 0)), IsEmpty());
  EXPECT_THAT(inspect(Bytes(300, 0x47)), IsEmpty());
  EXPECT_THAT(inspect({}), IsEmpty());
}

TEST(TsInspector, GivesEventsInOrderUpToAnOffset) {
  const Bytes stream = stream_of({{.counter = 1, .pcr_ms = 0},
                                  {.counter = 2, .pcr_ms = 40},
                                  {.counter = 4, .pcr_ms = 900},
                                  {.counter = 6},
                                  {.pid = 8191}});
  TsInspector inspector;
  inspector.feed(std::as_bytes(std::span(stream)));
  EXPECT_THAT(drain(inspector, 2 * 188 - 1), IsEmpty());
  EXPECT_THAT(drain(inspector, 2 * 188), ElementsAre(continuity(2, 1), pcr_step(2)));
  EXPECT_THAT(drain(inspector, kEnd), ElementsAre(continuity(3, 1)));
}

TEST(TsInspector, MergesWhatNobodyTakes) {
  Bytes stream;
  for (int i = 0; i < 1001; ++i) stream += packet({.counter = 2 * i});
  stream += stream_of({{.pid = 8191}, {.pid = 8191}});
  const auto events = inspect(stream);
  ASSERT_THAT(events, SizeIs(256));
  int lost = 0;
  for (const TsEvent& event : events) lost += event.lost_packets_at_least;
  EXPECT_EQ(lost, 1000);
}

Bytes random_stream(unsigned seed) {
  std::mt19937 random(seed);
  Bytes stream = stream_of(after_tables(association(100), map_of({kVideo, kAudio})));
  for (int i = 0; i < 200; ++i) {
    Bytes next =
        packet({.pid = static_cast<int>(random() % 8192),
                .counter = i,
                .payload = random() % 8 != 0,
                .error = random() % 16 == 0,
                .announced = random() % 8 == 0,
                .pcr_ms = random() % 3 == 0 ? std::optional(static_cast<double>(random() % 1'000'000))
                                            : std::nullopt});
    if (random() % 4 == 0) next[random() % 188] = static_cast<std::uint8_t>(random());
    if (random() % 16 == 0) next.resize(random() % 600, static_cast<std::uint8_t>(random()));
    stream += next;
  }
  return stream;
}

TEST(TsInspector, FindsTheSameHoweverTheBytesAreCut) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    const Bytes stream = random_stream(seed);
    const auto whole = inspect(stream);
    EXPECT_THAT(whole, testing::Not(IsEmpty()));
    for (const std::size_t chunk : {1U, 2U, 7U, 187U, 188U, 189U, 376U, 409U, 1316U, 4096U}) {
      ASSERT_EQ(inspect(stream, chunk), whole) << "seed " << seed << ", pieces of " << chunk;
    }
  }
}

TEST(TsInspector, SurvivesTablesThatLie) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    std::mt19937 random(seed);
    Bytes body(random() % 170, 0);
    for (std::uint8_t& byte : body) byte = static_cast<std::uint8_t>(random());
    Bytes stream = stream_of({{.pid = 0, .section = association(100)},
                              {.pid = 100, .section = section(2, body)},
                              {.pid = 0, .counter = 1, .section = section(0, body)},
                              {.pid = 100, .counter = 1, .section = body},
                              {.pid = 0, .counter = 2, .section = body}});
    stream[188 + 4] = static_cast<std::uint8_t>(random() % 4 == 0 ? random() : 0);
    stream += steady(4);
    inspect(stream);
  }
}

}  // namespace
}  // namespace monolens

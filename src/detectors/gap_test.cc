#include <optional>
#include <string>
#include <utility>

#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using Type = StreamEvent::Type;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr int kVideoTrack = 0;
constexpr int kAudioTrack = 1;
constexpr auto kInstant = MediaDuration::milliseconds(1);

TEST(Gap, IsToldOfEachKindOfDamage) {
  const struct {
    std::string_view what;
    StreamEvent event;
    std::string_view measure;
    double value;
    std::optional<MediaTime> end;  // none: it goes on
  } cases[] = {
      {"samples missing",
       {.type = Type::kTimestampGap, .time = 5_s, .length = 2_for_s, .track = kVideoTrack},
       "missing_s",
       2,
       7_s},
      {"timestamps ahead",
       {.type = Type::kTimestampJump, .time = 5_s, .length = 3600_for_s, .track = kVideoTrack},
       "jump_s",
       3600,
       5_s + kInstant},
      {"timestamps back",
       {.type = Type::kTimestampJump, .time = 5_s, .length = -3600_for_s, .track = kVideoTrack},
       "jump_s",
       -3600,
       5_s + kInstant},
      {"continuity", {.type = Type::kContinuity, .time = 5_s, .count = 3}, "lost_packets", 3, 5_s + kInstant},
      {"transport error",
       {.type = Type::kTransportError, .time = 5_s, .count = 2},
       "corrupt_packets",
       2,
       5_s + kInstant},
      {"sync loss", {.type = Type::kSyncLoss, .time = 5_s}, "corrupt_packets", 1, 5_s + kInstant},
      {"corrupt packet", {.type = Type::kCorruptPacket, .time = 5_s}, "corrupt_packets", 1, 5_s + kInstant},
      {"clock", {.type = Type::kPcr, .time = 5_s}, "pcr_errors", 1, 5_s + kInstant},
      {"audio bitstream",
       {.type = Type::kDecodeError, .time = 5_s, .track = kAudioTrack, .count = 4},
       "audio_errors",
       4,
       5_s + kInstant},
      {"table", {.type = Type::kTable, .time = 5_s, .detail = "d"}, "table_errors", 1, 5_s + kInstant},
      {"checksum", {.type = Type::kTableCrc, .time = 5_s, .detail = "d"}, "table_errors", 1, 5_s + kInstant},
      {"PID", {.type = Type::kPidMissing, .time = 5_s, .detail = "d"}, "missing_pids", 1, 5_s + kInstant},
      {"time stamps", {.type = Type::kPts, .time = 5_s, .detail = "d"}, "pts_errors", 1, 5_s + kInstant},
      {"segment",
       {.type = Type::kSegmentMissing, .time = 5_s, .detail = "d"},
       "missing_segments",
       1,
       5_s + kInstant},
      {"sequence",
       {.type = Type::kPlaylistJump, .time = 5_s, .count = 9, .detail = "d"},
       "playlist_jumps",
       1,
       5_s + kInstant},
      {"discontinuity sequence",
       {.type = Type::kDiscontinuitySequence, .time = 5_s, .detail = "d"},
       "playlist_jumps",
       1,
       5_s + kInstant},
      {"slow segment",
       {.type = Type::kSegmentFetched, .time = 5_s, .length = 4_for_s, .span = 2_for_s, .detail = "d"},
       "slow_segments",
       1,
       std::nullopt},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("gap");
    run.pass(4_s);
    run.event(c.event);
    EXPECT_THAT(run.findings(), ElementsAre(FoundOpen("transport.gap", 5_s)));
    run.pass(20_s);
    if (c.end) {
      EXPECT_THAT(run.findings(), ElementsAre(Found("transport.gap", 5_s, *c.end)));
    } else {
      EXPECT_THAT(run.findings(), ElementsAre(FoundOpen("transport.gap", 5_s)));
    }
    EXPECT_DOUBLE_EQ(run.findings().at(0).measure(c.measure), c.value);
  }
}

TEST(Gap, LeavesOtherTroubleToOthers) {
  const struct {
    std::string_view what;
    StreamEvent event;
  } cases[] = {
      {"video bitstream", {.type = Type::kDecodeError, .time = 5_s, .track = kVideoTrack}},
      {"a decoder's error without a track", {.type = Type::kDecodeError, .time = 5_s}},
      {"broken source", {.type = Type::kReadError, .time = 5_s}},
      {"stalled source", {.type = Type::kStalled, .time = 5_s}},
      {"stale playlist", {.type = Type::kPlaylistStale, .time = 5_s}},
      {"playlist that grows", {.type = Type::kPlaylistGrew, .time = 5_s}},
      {"a segment", {.type = Type::kSegmentFetched, .time = 5_s, .length = 1_for_s, .span = 2_for_s}},
      {"a slow segment", {.type = Type::kSegmentFetched, .time = 5_s, .length = 3_for_s, .span = 2_for_s}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("gap");
    run.event(c.event);
    run.pass(10_s);
    EXPECT_THAT(run.finish(), IsEmpty());
  }
}

TEST(Gap, IsOneWhileTheQuietBetweenIsShort) {
  DetectorRunner run("gap", {{"quiet_s", 1}});
  for (const MediaTime at : {5_s, 5.9_s, 6.8_s}) {
    run.pass(at);
    run.event({.type = Type::kContinuity, .time = at, .count = 2});
  }
  run.pass(10_s);
  ASSERT_THAT(run.finish(), ElementsAre(Found("transport.gap", 5_s, 6.8_s + kInstant)));
  EXPECT_EQ(run.findings()[0].measure("lost_packets"), 6);
}

TEST(Gap, IsTwoWhenTheQuietBetweenIsLong) {
  DetectorRunner run("gap", {{"quiet_s", 1}});
  for (const MediaTime at : {5_s, 6.2_s}) {
    run.pass(at);
    run.event({.type = Type::kContinuity, .time = at, .count = 2});
  }
  run.pass(10_s);
  ASSERT_THAT(run.finish(), ElementsAre(Found("transport.gap", 5_s, 5_s + kInstant),
                                        Found("transport.gap", 6.2_s, 6.2_s + kInstant)));
  EXPECT_EQ(run.findings()[1].measure("lost_packets"), 2);
}

TEST(Gap, CountsTheQuietFromTheEndOfAHole) {
  DetectorRunner run("gap", {{"quiet_s", 1}});
  run.event({.type = Type::kTimestampGap, .time = 5_s, .length = 4_for_s, .track = kVideoTrack});
  run.pass(9.5_s);
  run.event({.type = Type::kContinuity, .time = 9.5_s});
  run.pass(12_s);
  EXPECT_THAT(run.finish(), ElementsAre(Found("transport.gap", 5_s, 9.5_s + kInstant)));
}

TEST(Gap, OfTwoTracksIsOne) {
  DetectorRunner run("gap");
  run.pass(4_s);
  run.event({.type = Type::kTimestampGap, .time = 5_s, .length = 2_for_s, .track = kVideoTrack});
  run.event({.type = Type::kTimestampGap, .time = 4.9_s, .length = 1_for_s, .track = kAudioTrack});
  run.pass(10_s);
  EXPECT_THAT(run.finish(), ElementsAre(Found("transport.gap", 5_s, 7_s)));
}

TEST(Gap, EndsWithTheLastDamageWhenTheInputEndsSoonAfter) {
  DetectorRunner run("gap");
  run.event({.type = Type::kContinuity, .time = 5_s});
  run.pass(5.5_s);
  EXPECT_THAT(run.finish(), ElementsAre(Found("transport.gap", 5_s, 5_s + kInstant)));
}

TEST(Gap, LetsAJoinedStreamBeginRagged) {
  const struct {
    Type type;
    MediaTime at;
    bool found;
  } cases[] = {
      {Type::kTimestampGap, 0.2_s, false},
      {Type::kTimestampGap, 0.5_s, true},
      {Type::kContinuity, 0.2_s, true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.at.seconds());
    DetectorRunner run("gap", {{"settle_s", 0.5}});
    run.event({.type = c.type, .time = c.at, .length = 0.2_for_s, .track = kVideoTrack});
    EXPECT_EQ(run.finish(5_s).size(), c.found ? 1U : 0U);
  }
}

StreamEvent fetched(MediaTime time, MediaDuration took, std::string name = "s.ts") {
  return {.type = Type::kSegmentFetched,
          .time = time,
          .length = took,
          .span = 2_for_s,
          .detail = std::move(name)};
}

TEST(Gap, IsToldOnceSlowSegmentsLagByAWholeOne) {
  DetectorRunner run("gap");
  for (int n = 0; n < 5; ++n) {
    run.pass(MediaTime::seconds(2 * n));
    run.event(fetched(MediaTime::seconds(2 * n), 2.6_for_s, "s" + std::to_string(n) + ".ts"));
  }
  run.pass(10_s);
  run.event(fetched(10_s, 1_for_s));
  run.pass(20_s);
  ASSERT_THAT(run.finish(), ElementsAre(Found("transport.gap", 6_s, 10_s)));
  EXPECT_EQ(run.findings()[0].measure("slow_segments"), 2);
  EXPECT_EQ(run.findings()[0].finding.note, "segment s3.ts takes 2.6 s to fetch and 2.0 s to play");
}

TEST(Gap, IsOneWhileSegmentsStaySlowThoughTheStreamSkipsSome) {
  DetectorRunner run("gap");
  for (int n = 0; n < 10; ++n) {
    run.pass(MediaTime::seconds(6 * n));
    run.event(fetched(MediaTime::seconds(6 * n), 6_for_s));
  }
  run.event(fetched(60_s, 1_for_s));
  run.pass(70_s);
  EXPECT_THAT(run.finish(), ElementsAre(Found("transport.gap", 0_s, 60_s)));
}

TEST(Gap, ForgivesSlowSegmentsWithQuickOnesBetween) {
  DetectorRunner run("gap");
  for (int n = 0; n < 20; ++n)
    run.event(fetched(MediaTime::seconds(2 * n), n % 2 == 0 ? 3.5_for_s : 0.5_for_s));
  EXPECT_THAT(run.finish(), IsEmpty());
}

TEST(Gap, NamesTheSegmentThatIsMissing) {
  DetectorRunner run("gap");
  run.event(
      {.type = Type::kSegmentMissing, .time = 5_s, .detail = "segment a.ts: Server returned 404 Not Found"});
  run.event({.type = Type::kTimestampGap, .time = 5_s, .length = 2_for_s, .track = kVideoTrack});
  ASSERT_THAT(run.finish(), ElementsAre(Found("transport.gap", 5_s, 7_s)));
  EXPECT_EQ(run.findings()[0].finding.note, "segment a.ts: Server returned 404 Not Found");
  EXPECT_EQ(run.findings()[0].measure("missing_s"), 2);
}

TEST(Gap, SaysFirstWhatWeighsMost) {
  DetectorRunner lost("gap");
  lost.event({.type = Type::kPcr, .time = 5_s});
  lost.event({.type = Type::kContinuity, .time = 5_s});
  EXPECT_EQ(lost.finish().at(0).finding.note, "packets of the transport stream are missing");

  DetectorRunner back("gap");
  back.event({.type = Type::kTimestampJump, .time = 5_s, .length = -3_for_s});
  EXPECT_EQ(back.finish().at(0).finding.note, "timestamps jump back");
}

}  // namespace
}  // namespace monolens

#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using Type = StreamEvent::Type;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Stalled, IsToldOfASourceThatBreaksOffOrDeliversNothing) {
  for (const Type type : {Type::kStalled, Type::kReadError}) {
    DetectorRunner run("stalled");
    run.event({.type = type, .time = 12.5_s});
    EXPECT_THAT(run.finish(), ElementsAre(FoundOpen("transport.stalled", 12.5_s)));
  }
}

TEST(Stalled, IsNotToldOfDamage) {
  for (const Type type :
       {Type::kDecodeError, Type::kCorruptPacket, Type::kTimestampGap, Type::kTimestampJump,
        Type::kContinuity, Type::kTransportError, Type::kSyncLoss, Type::kPcr, Type::kSegmentMissing,
        Type::kSegmentFetched, Type::kPlaylistJump, Type::kDiscontinuitySequence, Type::kPlaylistGrew}) {
    DetectorRunner run("stalled");
    run.event({.type = type, .time = 1_s});
    EXPECT_THAT(run.finish(), IsEmpty());
  }
}

TEST(Stalled, IsAPlaylistThatDoesNotGrowUntilItDoes) {
  DetectorRunner run("stalled");
  run.event({.type = Type::kPlaylistStale, .time = 12_s, .length = 3_for_s, .detail = "it has not changed"});
  EXPECT_THAT(run.findings(), ElementsAre(FoundOpen("transport.stalled", 12_s)));
  run.event({.type = Type::kPlaylistGrew, .time = 12.5_s});
  EXPECT_THAT(run.finish(), ElementsAre(Found("transport.stalled", 12_s, 12.5_s)));
  EXPECT_EQ(run.findings()[0].finding.note, "it has not changed");
}

TEST(Stalled, IsOneThoughTheSourceGivesUpOnAPlaylist) {
  DetectorRunner run("stalled");
  run.event({.type = Type::kPlaylistStale, .time = 12_s, .detail = "it has not changed"});
  run.event({.type = Type::kStalled, .time = 12_s});
  EXPECT_THAT(run.finish(), ElementsAre(FoundOpen("transport.stalled", 12_s)));
}

TEST(Stalled, SaysWhichOfTheTwoItWas) {
  DetectorRunner stalled("stalled");
  stalled.event({.type = Type::kStalled, .time = 1_s});
  DetectorRunner broken("stalled");
  broken.event({.type = Type::kReadError, .time = 1_s});
  EXPECT_NE(stalled.finish().at(0).finding.note, broken.finish().at(0).finding.note);
}

}  // namespace
}  // namespace monolens

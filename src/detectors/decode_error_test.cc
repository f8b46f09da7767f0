#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

StreamEvent error(MediaTime at, std::uint32_t count = 1) {
  return {.type = StreamEvent::Type::kDecodeError, .time = at, .track = 0, .count = count};
}

TEST(DecodeError, BeginsWithTheDamagedPictureAndEndsWithTheNextGoodOne) {
  DetectorRunner run("decode_error");
  run.pictures({.from = 0_s, .to = 5_s});
  run.event(error(5_s));
  run.pictures({.from = 5_s, .to = 8_s});
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.decode_error", 5_s, 5.04_s)));
}

TEST(DecodeError, IsToldAtOnce) {
  DetectorRunner run("decode_error");
  run.event(error(5_s));
  EXPECT_THAT(run.findings(), ElementsAre(FoundOpen("video.decode_error", 5_s)));
}

TEST(DecodeError, ToldAheadOfThePicturesBeforeItStaysWhereItIs) {
  DetectorRunner run("decode_error");
  run.pictures({.from = 0_s, .to = 4.8_s});
  run.event(error(5_s));
  run.pictures({.from = 4.8_s, .to = 8_s});
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.decode_error", 5_s, 5.04_s)));
}

TEST(DecodeError, OfPicturesLessThanTheQuietApartIsOne) {
  DetectorRunner run("decode_error", {{"quiet_s", 1}});
  run.pictures({.from = 0_s, .to = 5_s});
  run.event(error(5_s));
  run.pictures({.from = 5_s, .to = 5.8_s});
  run.event(error(5.8_s, 3));
  run.pictures({.from = 5.8_s, .to = 9_s});
  ASSERT_THAT(run.finish(), ElementsAre(Found("video.decode_error", 5_s, 5.84_s)));
  EXPECT_EQ(run.findings()[0].measure("errors"), 4);
  EXPECT_EQ(run.findings()[0].measure("damaged_pictures"), 2);
}

TEST(DecodeError, OfPicturesMoreThanTheQuietApartIsTwo) {
  DetectorRunner run("decode_error", {{"quiet_s", 1}});
  run.event(error(0_s));
  run.pictures({.from = 0_s, .to = 2_s});
  run.event(error(2_s));
  run.pictures({.from = 2_s, .to = 4_s});
  ASSERT_THAT(run.finish(), ElementsAre(Found("video.decode_error", 0_s, 0.04_s),
                                        Found("video.decode_error", 2_s, 2.04_s)));
  EXPECT_EQ(run.findings()[1].measure("errors"), 1);
}

TEST(DecodeError, LastsToTheEndOfTheLastDamagedPicture) {
  DetectorRunner run("decode_error");
  run.pictures({.from = 0_s, .to = 4.96_s});
  run.event(error(4.96_s));
  run.pictures({.from = 4.96_s, .to = 5_s});
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.decode_error", 4.96_s, 5_s)));
}

TEST(DecodeError, EndsWhenNoPicturesFollow) {
  DetectorRunner run("decode_error", {{"quiet_s", 1}});
  run.pictures({.from = 0_s, .to = 5_s});
  run.event(error(5_s));
  run.pass(7_s);
  ASSERT_EQ(run.findings().size(), 1U);
  EXPECT_TRUE(run.findings()[0].end.has_value());
}

TEST(DecodeError, WeighsAsManyPicturesAsItDamages) {
  const struct {
    std::string_view what;
    int errors;
    double apart_s;
    Severity severity;
  } cases[] = {
      {"one", 1, 0.04, Severity::kMinor},
      {"several, far apart", 10, 0.8, Severity::kMajor},
      {"a few at once", 4, 0.04, Severity::kMajor},
      {"every picture", 25, 0.04, Severity::kCritical},
      {"every fourth picture", 25, 0.16, Severity::kCritical},
      {"every sixth picture", 25, 0.24, Severity::kMajor},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("decode_error", {{"quiet_s", 1}, {"critical_rate", 5}});
    for (int i = 0; i < c.errors; ++i) {
      const MediaTime at = MediaTime::seconds(i * c.apart_s);
      run.event(error(at));
      run.pictures({.from = at, .to = at + MediaDuration::seconds(c.apart_s)});
    }
    const MediaTime clean = MediaTime::seconds(c.errors * c.apart_s);
    run.pictures({.from = clean, .to = clean + 2_for_s});
    ASSERT_EQ(run.finish().size(), 1U);
    EXPECT_EQ(run.findings()[0].finding.severity, c.severity);
  }
}

TEST(DecodeError, CountsAPictureWithSeveralErrorsOnce) {
  DetectorRunner run("decode_error");
  run.event(error(5_s, 7));
  run.event(error(5_s, 2));
  run.pass(7_s);
  EXPECT_EQ(run.finish().at(0).measure("damaged_pictures"), 1);
  EXPECT_EQ(run.findings()[0].measure("errors"), 9);
  EXPECT_EQ(run.findings()[0].finding.severity, Severity::kMinor);
}

TEST(DecodeError, IsNotToldOfOtherEvents) {
  using Type = StreamEvent::Type;
  for (const Type type :
       {Type::kCorruptPacket, Type::kTimestampGap, Type::kTimestampJump, Type::kContinuity,
        Type::kTransportError, Type::kSyncLoss, Type::kPcr, Type::kReadError, Type::kStalled}) {
    DetectorRunner run("decode_error");
    run.event({.type = type, .time = 1_s, .track = 0});
    run.pictures({.from = 0_s, .to = 3_s});
    EXPECT_THAT(run.finish(), IsEmpty());
  }
}

}  // namespace
}  // namespace monolens

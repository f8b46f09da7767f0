#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Missing, IsAHoleInTheTimeline) {
  DetectorRunner run("missing");
  run.pictures({.from = 0_s, .to = 5_s});
  run.pictures({.from = 8_s, .to = 10_s});
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.missing", 5_s, 8_s)));
}

TEST(Missing, IsToldOfSoundTooUnderAKindOfItsOwn) {
  DetectorRunner run("missing", {}, TrackType::kAudio);
  run.sound({.from = 0_s, .to = 5_s});
  run.sound({.from = 8_s, .to = 10_s});
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.missing", 5_s, 8_s)));
}

TEST(Missing, DependsOnHowLongTheHoleIs) {
  const struct {
    std::string_view what;
    double fps;
    MediaTime again;  // after 6 s
    bool found;
  } cases[] = {
      {"long", 25, 60_s, true},
      {"exactly the duration", 25, 7_s, true},
      {"one picture shorter", 25, 6.96_s, false},
      {"a dropped picture", 25, 6.04_s, false},
      {"three pictures of a slow stream", 1, 9_s, true},
      {"two pictures of a slow stream", 1, 8_s, false},
      {"none in a slow stream", 1, 6_s, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DetectorRunner run("missing", {{"duration_s", 1}});
    run.pictures({.from = 0_s, .to = 6_s, .fps = c.fps});
    run.pass(c.again);
    run.pictures({.from = c.again, .to = c.again + 2_for_s, .fps = c.fps});
    if (c.found) {
      EXPECT_THAT(run.finish(), ElementsAre(Found("video.missing", 6_s, c.again)));
    } else {
      EXPECT_THAT(run.finish(), IsEmpty());
    }
  }
}

TEST(Missing, IsToldWhileTheOtherTracksGoOn) {
  DetectorRunner run("missing", {{"duration_s", 1}});
  run.pictures({.from = 0_s, .to = 5_s});
  run.pass(5.9_s);
  EXPECT_THAT(run.findings(), IsEmpty());
  run.pass(6.1_s);
  ASSERT_THAT(run.findings(), ElementsAre(FoundOpen("video.missing", 5_s)));
  run.pass(8_s);
  run.pictures({.from = 8_s, .to = 9_s});
  EXPECT_THAT(run.findings(), ElementsAre(Found("video.missing", 5_s, 8_s)));
}

TEST(Missing, IsToldOnceOfATrackThatIsLateInTheContainerAndNotAgain) {
  DetectorRunner run("missing", {{"duration_s", 1}});
  run.pictures({.from = 0_s, .to = 5_s});
  for (MediaTime t = 5_s; t < 8_s; t = t + 1_for_s) {
    run.pass(t + 4_for_s);
    run.pictures({.from = t, .to = t + 1_for_s});
  }
  ASSERT_THAT(run.findings(), ElementsAre(Found("video.missing", 5_s, 5_s)));
  run.pass(12.9_s);
  EXPECT_EQ(run.findings().size(), 1U);
  run.pass(13.1_s);
  EXPECT_EQ(run.findings().size(), 2U) << "what is later still is missing";
}

TEST(Missing, IsALateBeginning) {
  DetectorRunner run("missing", {}, TrackType::kAudio, 3_s);
  run.pass(2_s);
  EXPECT_THAT(run.findings(), ElementsAre(FoundOpen("audio.missing", 0_s)));
  run.pass(3_s);
  run.sound({.from = 3_s, .to = 5_s});
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.missing", 0_s, 3_s)));
}

TEST(Missing, IsNotAnAlmostPunctualBeginning) {
  DetectorRunner run("missing", {{"duration_s", 1}}, TrackType::kAudio, 0.99_s);
  run.pass(0.9_s);
  run.sound({.from = 0.99_s, .to = 5_s});
  EXPECT_THAT(run.finish(), IsEmpty());
}

TEST(Missing, IsNotTheWaitForAKeyFrameAfterJoining) {
  DetectorRunner run("missing");
  run.pass(4_s);
  run.pictures({.from = 4_s, .to = 6_s});
  EXPECT_THAT(run.finish(), IsEmpty());
}

TEST(Missing, IsATrackOfWhichNothingEverComes) {
  for (const auto type : {TrackType::kVideo, TrackType::kAudio}) {
    const char* kind = type == TrackType::kVideo ? "video.missing" : "audio.missing";
    DetectorRunner run("missing", {}, type);
    run.pass(9.9_s);
    EXPECT_THAT(run.findings(), IsEmpty());
    run.pass(10_s);
    EXPECT_THAT(run.findings(), ElementsAre(FoundOpen(kind, 0_s)));
    EXPECT_THAT(run.finish(15_s), ElementsAre(Found(kind, 0_s, 15_s)));
  }
}

TEST(Missing, IsATrackOfWhichNothingHasComeAtTheEnd) {
  DetectorRunner run("missing");
  EXPECT_THAT(run.finish(12_s), ElementsAre(Found("video.missing", 0_s, 12_s)));
}

TEST(Missing, EndsWithAFirstPictureThatWasWaitedForTooLong) {
  DetectorRunner run("missing");
  run.pass(11_s);
  run.pictures({.from = 12_s, .to = 14_s});
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.missing", 0_s, 12_s)));
}

TEST(Missing, IsAnEarlyEnd) {
  DetectorRunner run("missing");
  run.pictures({.from = 0_s, .to = 5_s});
  EXPECT_THAT(run.finish(9_s), ElementsAre(Found("video.missing", 5_s, 9_s)));
}

TEST(Missing, IsAnEarlyEndThatWasToldBefore) {
  DetectorRunner run("missing");
  run.pictures({.from = 0_s, .to = 5_s});
  run.pass(8_s);
  EXPECT_THAT(run.findings(), ElementsAre(FoundOpen("video.missing", 5_s)));
  EXPECT_THAT(run.finish(9_s), ElementsAre(Found("video.missing", 5_s, 9_s)));
}

TEST(Missing, IsNotAnEndALittleEarly) {
  DetectorRunner run("missing", {{"duration_s", 1}});
  run.pictures({.from = 0_s, .to = 5_s});
  EXPECT_THAT(run.finish(5.96_s), IsEmpty());
}

TEST(Missing, IsAHoleThatTheContainerStretchedAPictureOver) {
  DetectorRunner run("missing");
  run.pictures({.from = 0_s, .to = 5_s});
  run.pictures({.from = 5_s, .to = 8_s, .fps = 1.0 / 3});
  run.pictures({.from = 8_s, .to = 10_s});
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.missing", 5.04_s, 8_s)));
}

TEST(Missing, IsNotASlideThatIsShownForLong) {
  DetectorRunner run("missing");
  MediaTime at;
  for (const double seconds : {2.0, 1.0, 7.0, 4.0, 1.0}) {
    const MediaTime next = at + MediaDuration::seconds(seconds);
    run.pictures({.from = at, .to = next, .fps = 1 / seconds});
    at = next;
  }
  EXPECT_THAT(run.finish(), IsEmpty());
}

TEST(Missing, IsToldOfEachHole) {
  DetectorRunner run("missing");
  run.pictures({.from = 0_s, .to = 2_s});
  run.pictures({.from = 4_s, .to = 6_s});
  run.pictures({.from = 9_s, .to = 11_s});
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.missing", 2_s, 4_s), Found("video.missing", 6_s, 9_s)));
}

TEST(Missing, IsNotAShortTimeWithoutASinglePictureThatTheContainerLetBeginAtTheStart) {
  DetectorRunner run("missing");
  run.event({.type = StreamEvent::Type::kDecodeError, .time = 1_s});
  EXPECT_THAT(run.finish(2_s), IsEmpty());
}

}  // namespace
}  // namespace monolens

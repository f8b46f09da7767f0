#include "media/timeline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace monolens {
namespace {

constexpr double kNoRaw = -1e300;
constexpr double kWrapSeconds = 8589934592.0 / 90000.0;

MediaDuration ms(double value) { return MediaDuration::nanoseconds(static_cast<std::int64_t>(value * 1e6)); }
double to_ms(MediaDuration d) { return static_cast<double>(d.ns()) / 1e6; }

Timeline transport() { return Timeline({.may_jump = true}); }
Timeline file() { return Timeline({.may_jump = false}); }

// Feeds one track and compares each sample with what it should become.
struct Row {
  double raw_ms;  // or kNoRaw
  double duration_ms;
  double time_ms;
  TimelineEvent event = TimelineEvent::kNone;
  double delta_ms = 0;
};

void expect_rows(Timeline& timeline, int track, const std::vector<Row>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SCOPED_TRACE("sample " + std::to_string(i));
    const Row& row = rows[i];
    const auto raw = row.raw_ms == kNoRaw ? std::nullopt : std::optional(ms(row.raw_ms));
    const Placement got = timeline.place(track, raw, ms(row.duration_ms));
    EXPECT_NEAR(to_ms(got.time.since_start()), row.time_ms, 0.001);
    EXPECT_EQ(got.event, row.event);
    EXPECT_NEAR(to_ms(got.delta), row.delta_ms, 0.001);
  }
}

// Places `count` samples `step` apart from `from`, all of which must be without an event; returns the last.
Placement steady(Timeline& timeline, int track, double from_ms, double step_ms, int count) {
  Placement last;
  for (int i = 0; i < count; ++i) {
    last = timeline.place(track, ms(from_ms + i * step_ms), ms(step_ms));
    EXPECT_EQ(last.event, TimelineEvent::kNone) << "sample " << i;
  }
  return last;
}

TEST(Timeline, StartsAtTheFirstSamplePlaced) {
  Timeline timeline = file();
  const int video = timeline.add_track(TrackType::kVideo);
  expect_rows(timeline, video, {{1400, 40, 0}, {1440, 40, 40}, {1480, 40, 80}});
}

TEST(Timeline, StartsAtTheGivenOriginSoThatALateTrackStaysLate) {
  Timeline timeline({.origin = ms(1400)});
  const int video = timeline.add_track(TrackType::kVideo);
  const int audio = timeline.add_track(TrackType::kAudio);
  expect_rows(timeline, video, {{1500, 40, 100}});
  expect_rows(timeline, audio, {{1400, 20, 0}, {1420, 20, 20}});
}

TEST(Timeline, GivesATrackThatBeginsBeforeTheFirstPlacedSampleANegativeTime) {
  Timeline timeline = transport();
  const int video = timeline.add_track(TrackType::kVideo);
  const int audio = timeline.add_track(TrackType::kAudio);
  expect_rows(timeline, video, {{5000, 40, 0}});
  expect_rows(timeline, audio, {{4900, 20, -100}, {4920, 20, -80}});
}

TEST(Timeline, PlacesSamplesWithoutTimestampsOneAfterTheOther) {
  Timeline timeline = file();
  const int audio = timeline.add_track(TrackType::kAudio);
  expect_rows(timeline, audio,
              {{0, 20, 0}, {kNoRaw, 20, 20}, {kNoRaw, 30, 40}, {70, 20, 70}, {kNoRaw, 20, 90}});
}

TEST(Timeline, StartsWithoutTimestampsAndGoesOnWithThem) {
  Timeline timeline = file();
  const int video = timeline.add_track(TrackType::kVideo);
  expect_rows(timeline, video, {{kNoRaw, 40, 0}, {kNoRaw, 40, 40}, {9080, 40, 80}, {9120, 40, 120}});
}

TEST(Timeline, EstimatesUnknownDurationsFromTheMedianInterval) {
  Timeline timeline = file();
  const int video = timeline.add_track(TrackType::kVideo);
  EXPECT_EQ(timeline.place(video, ms(0), ms(0)).duration, ms(0));
  timeline.place(video, ms(40), ms(0));
  timeline.place(video, ms(80), ms(0));
  timeline.place(video, ms(180), ms(0));
  const Placement placed = timeline.place(video, ms(220), ms(-5));
  EXPECT_EQ(placed.duration, ms(40));
  EXPECT_EQ(timeline.place(video, std::nullopt, ms(0)).time.since_start(), ms(260));
}

TEST(Timeline, ReportsAnAudioGapBeyondFiftyMillisecondsOnly) {
  Timeline timeline = file();
  const int audio = timeline.add_track(TrackType::kAudio);
  expect_rows(timeline, audio,
              {{0, 20, 0},
               {70, 20, 70},  // exactly 50 ms is tolerated
               {141, 20, 141, TimelineEvent::kGap, 51},
               {161, 20, 161}});
}

TEST(Timeline, KeepsForwardStepsUpToTheLimitAsRealTimeInTransportFormats) {
  Timeline timeline = transport();
  const int audio = timeline.add_track(TrackType::kAudio);
  expect_rows(timeline, audio, {{0, 20, 0}, {10'020, 20, 10'020, TimelineEvent::kGap, 10'000}});
}

TEST(Timeline, JoinsTheTimelineAcrossAForwardJumpInTransportFormats) {
  Timeline timeline = transport();
  const int audio = timeline.add_track(TrackType::kAudio);
  expect_rows(timeline, audio,
              {{0, 20, 0}, {10'021, 20, 20, TimelineEvent::kJumpForward, 10'001}, {10'041, 20, 40}});
}

TEST(Timeline, KeepsForwardStepsOfAnyLengthInFiles) {
  Timeline timeline = file();
  const int audio = timeline.add_track(TrackType::kAudio);
  expect_rows(timeline, audio, {{0, 20, 0}, {3'600'020, 20, 3'600'020, TimelineEvent::kGap, 3'600'000}});
}

TEST(Timeline, JoinsTheTimelineAcrossABackwardJumpInAnyFormat) {
  for (const bool may_jump : {false, true}) {
    SCOPED_TRACE(may_jump);
    Timeline timeline({.may_jump = may_jump});
    const int video = timeline.add_track(TrackType::kVideo);
    expect_rows(
        timeline, video,
        {{5000, 40, 0}, {5040, 40, 40}, {1000, 40, 80, TimelineEvent::kJumpBack, -4080}, {1040, 40, 120}});
  }
}

TEST(Timeline, ReportsAJumpOnceAndLetsTheSecondTrackAdoptItExactly) {
  for (const double jump : {-3'600'000.0, -2'000.0, 11'000.0, 3'600'000.0}) {
    SCOPED_TRACE(jump);
    Timeline timeline = transport();
    const int video = timeline.add_track(TrackType::kVideo);
    const int audio = timeline.add_track(TrackType::kAudio);
    steady(timeline, video, 10'000'000, 40, 50);   // to 2000 ms
    steady(timeline, audio, 10'000'010, 20, 135);  // to 2710 ms: the audio's own jump comes later

    const Placement first = timeline.place(video, ms(10'002'000 + jump), ms(40));
    EXPECT_EQ(first.event, jump > 0 ? TimelineEvent::kJumpForward : TimelineEvent::kJumpBack);
    EXPECT_EQ(first.delta, ms(jump));
    EXPECT_EQ(first.time.since_start(), ms(2000));
    steady(timeline, video, 10'002'040 + jump, 40, 25);

    // 7 ms more than the jump alone: a new epoch would close the hole, the adopted one keeps it.
    const Placement second = timeline.place(audio, ms(10'002'717 + jump), ms(20));
    EXPECT_EQ(second.event, TimelineEvent::kNone);
    EXPECT_EQ(second.time.since_start(), ms(2717));
  }
}

TEST(Timeline, ReturnsToAFormerEpochAfterOneStrayTimestamp) {
  Timeline timeline = transport();
  const int video = timeline.add_track(TrackType::kVideo);
  expect_rows(timeline, video,
              {{1000, 40, 0},
               {1040, 40, 40},
               {900'000, 40, 80, TimelineEvent::kJumpForward, 898'920},
               {1120, 40, 120},
               {1160, 40, 160}});
}

TEST(Timeline, HoldsTimeWhereAnAdoptedEpochLandsAShortWayBack) {
  Timeline timeline = transport();
  const int video = timeline.add_track(TrackType::kVideo);
  const int audio = timeline.add_track(TrackType::kAudio);
  steady(timeline, video, 0, 40, 50);   // to 2000 ms
  steady(timeline, audio, 0, 20, 145);  // to 2900 ms: the audio before the splice was longer by 900 ms
  EXPECT_EQ(timeline.place(video, ms(502'000), ms(40)).event, TimelineEvent::kJumpForward);
  for (int i = 0; i < 100; ++i) {
    const Placement placed = timeline.place(audio, ms(502'000 + i * 20), ms(20));
    EXPECT_EQ(placed.event, TimelineEvent::kNone);
    EXPECT_EQ(placed.time.since_start(), ms(std::max(2880, 2000 + i * 20)));
  }
}

TEST(Timeline, ReportsNoGapWhileTimeIsHeld) {
  Timeline timeline = transport();
  const int video = timeline.add_track(TrackType::kVideo);
  const int other = timeline.add_track(TrackType::kVideo);
  steady(timeline, other, 0, 40, 50);  // to 2000 ms
  steady(timeline, video, 0, 40, 72);  // to 2880 ms
  EXPECT_EQ(timeline.place(other, ms(502'000), ms(40)).event, TimelineEvent::kJumpForward);
  expect_rows(timeline, video, {{502'000, 40, 2840}, {502'400, 40, 2840}, {502'440, 40, 2840}});
}

TEST(Timeline, CountsOnThroughAWrapOf33BitsWithTwoTracksInterleaved) {
  Timeline timeline = transport();
  const int video = timeline.add_track(TrackType::kVideo);
  const int audio = timeline.add_track(TrackType::kAudio);
  const auto wrapped = [](double seconds, double wraps_at) {
    const double raw = kWrapSeconds - 3 + seconds;
    return MediaDuration::seconds(seconds >= wraps_at ? raw - kWrapSeconds : raw);
  };
  int audio_placed = 0;
  for (int frame = 0; frame < 250; ++frame) {  // the audio wraps 0.7 s after the video
    const double video_s = frame * 0.04;
    const Placement v = timeline.place(video, wrapped(video_s, 3.0), ms(40));
    EXPECT_EQ(v.event, TimelineEvent::kNone) << video_s;
    EXPECT_NEAR(v.time.seconds(), video_s, 1e-6);
    for (; audio_placed * 0.02 < video_s; ++audio_placed) {
      const double audio_s = audio_placed * 0.02;
      const Placement a = timeline.place(audio, wrapped(audio_s, 3.7), ms(20));
      EXPECT_EQ(a.event, TimelineEvent::kNone) << audio_s;
      EXPECT_NEAR(a.time.seconds(), audio_s, 1e-6);
    }
  }
}

TEST(Timeline, CountsOnThroughAWrapThatLiesBetweenTheFirstSamplesOfTwoTracks) {
  Timeline timeline = transport();
  const int video = timeline.add_track(TrackType::kVideo);
  const int audio = timeline.add_track(TrackType::kAudio);
  const Placement v = timeline.place(video, MediaDuration::seconds(0.1), ms(40));
  const Placement a = timeline.place(audio, MediaDuration::seconds(kWrapSeconds - 0.2), ms(20));
  EXPECT_EQ(v.time.since_start(), ms(0));
  EXPECT_NEAR(a.time.seconds(), -0.3, 1e-6);
  EXPECT_EQ(a.event, TimelineEvent::kNone);
}

TEST(Timeline, KeepsAHoleAtAWrap) {
  Timeline timeline = transport();
  const int video = timeline.add_track(TrackType::kVideo);
  timeline.place(video, MediaDuration::seconds(kWrapSeconds - 0.04), ms(40));
  const Placement placed = timeline.place(video, MediaDuration::seconds(0.6), ms(40));
  EXPECT_EQ(placed.event, TimelineEvent::kNone);
  EXPECT_NEAR(placed.time.seconds(), 0.64, 1e-6);
}

TEST(Timeline, AnchorsATrackWhoseClockHasNothingToDoWithTheOthers) {
  Timeline timeline = transport();
  const int video = timeline.add_track(TrackType::kVideo);
  const int audio = timeline.add_track(TrackType::kAudio);
  expect_rows(timeline, video, {{7'000'000, 40, 0}});
  expect_rows(timeline, audio, {{1000, 20, 40, TimelineEvent::kJumpBack, -6'999'040}, {1020, 20, 60}});
}

TEST(Timeline, TakesALongAbsenceOfOneTrackForAGapWhenTheOtherWentOn) {
  Timeline timeline = transport();
  const int video = timeline.add_track(TrackType::kVideo);
  const int audio = timeline.add_track(TrackType::kAudio);
  steady(timeline, audio, 0, 20, 50);   // to 1000 ms
  steady(timeline, video, 0, 40, 500);  // to 20 s
  expect_rows(timeline, audio, {{19'500, 20, 19'500, TimelineEvent::kGap, 18'500}, {19'520, 20, 19'520}});
}

TEST(Timeline, TakesALongAbsenceForAGapAlsoWhenTheOtherTrackJumpedMeanwhile) {
  Timeline timeline = transport();
  const int video = timeline.add_track(TrackType::kVideo);
  const int audio = timeline.add_track(TrackType::kAudio);
  steady(timeline, audio, 100'000, 20, 50);   // to 1000 ms
  steady(timeline, video, 100'000, 40, 100);  // to 4000 ms
  EXPECT_EQ(timeline.place(video, ms(50'000), ms(40)).event, TimelineEvent::kJumpBack);
  steady(timeline, video, 50'040, 40, 100);  // to 8040 ms
  expect_rows(timeline, audio, {{54'000, 20, 8000, TimelineEvent::kGap, 7000}});
}

TEST(Timeline, ReportsAVideoGapBeyondTwoAndAHalfFramesInATrackThatWasRegular) {
  Timeline timeline = file();
  const int first = timeline.add_track(TrackType::kVideo);
  const int second = timeline.add_track(TrackType::kVideo);
  steady(timeline, first, 0, 100, 9);  // the last at 800 ms
  steady(timeline, second, 0, 100, 9);
  expect_rows(timeline, first, {{1050, 100, 1050}});
  expect_rows(timeline, second, {{1051, 100, 1051, TimelineEvent::kGap, 151}});
}

TEST(Timeline, ReportsNoVideoGapOfLessThan150Milliseconds) {
  Timeline timeline = file();
  const int video = timeline.add_track(TrackType::kVideo);
  steady(timeline, video, 0, 20, 17);  // the last at 320 ms
  expect_rows(timeline, video, {{470, 20, 470}});
  steady(timeline, video, 490, 20, 17);  // the last at 810 ms
  expect_rows(timeline, video, {{961, 20, 961, TimelineEvent::kGap, 131}});
}

TEST(Timeline, NeedsEightIntervalsBeforeItReportsAVideoGap) {
  Timeline timeline = file();
  const int video = timeline.add_track(TrackType::kVideo);
  steady(timeline, video, 0, 40, 8);
  expect_rows(timeline, video, {{1000, 40, 1000}});
}

TEST(Timeline, NeverReportsAGapInVideoOfVaryingRate) {
  Timeline timeline = file();
  const int video = timeline.add_track(TrackType::kVideo);
  std::mt19937 random(7);
  double raw = 0;
  for (int i = 0; i < 500; ++i) {
    EXPECT_EQ(timeline.place(video, ms(raw), ms(16)).event, TimelineEvent::kNone) << i;
    raw += std::uniform_int_distribution(1, 60)(random) * 16.0;
  }
}

TEST(Timeline, TakesALongPictureForNoGapWhenItsDurationSaysSo) {
  Timeline timeline = file();
  const int video = timeline.add_track(TrackType::kVideo);
  steady(timeline, video, 0, 40, 20);  // to 800 ms
  expect_rows(timeline, video, {{800, 20'000, 800}, {20'800, 40, 20'800}});
}

TEST(Timeline, ReportsAtMostTwoGapsWhereTheFrameRateFalls) {
  Timeline timeline = file();
  const int video = timeline.add_track(TrackType::kVideo);
  steady(timeline, video, 0, 20, 20);
  int gaps = 0;
  for (int i = 0; i < 50; ++i) {
    gaps += timeline.place(video, ms(600 + i * 200), ms(20)).event == TimelineEvent::kGap ? 1 : 0;
  }
  EXPECT_EQ(gaps, 2);
}

TEST(Timeline, AcceptsTheMillisecondRoundingOfFlv) {
  Timeline timeline = transport();
  const int audio = timeline.add_track(TrackType::kAudio);
  const int video = timeline.add_track(TrackType::kVideo);
  for (int i = 0; i < 20'000; ++i) {
    const double audio_ms = i * 1024 / 44.1;
    const Placement a = timeline.place(audio, ms(std::floor(audio_ms)), ms(1024 / 44.1));
    const Placement v = timeline.place(video, ms(std::floor(i * 1001 / 60.0)), ms(0));
    ASSERT_EQ(a.event, TimelineEvent::kNone) << i;
    ASSERT_EQ(v.event, TimelineEvent::kNone) << i;
    ASSERT_NEAR(to_ms(a.time.since_start()), audio_ms, 1.0);
  }
}

TEST(Timeline, ReportsARepeatedTimestampOnceAndHoldsTime) {
  for (const TrackType type : {TrackType::kVideo, TrackType::kAudio}) {
    Timeline timeline = file();
    const int track = timeline.add_track(type);
    expect_rows(timeline, track,
                {{0, 40, 0},
                 {40, 40, 40},
                 {40, 40, 40, TimelineEvent::kOverlap, -40},
                 {40, 40, 40},
                 {80, 40, 80},
                 {120, 40, 120}});
  }
}

TEST(Timeline, HoldsTimeThroughASmallStepBackAndReportsItOnce) {
  Timeline timeline = file();
  const int audio = timeline.add_track(TrackType::kAudio);
  expect_rows(timeline, audio,
              {{0, 20, 0},
               {20, 20, 20},
               {40, 20, 40},
               {10, 20, 40, TimelineEvent::kOverlap, -50},
               {30, 20, 40},
               {50, 20, 50},
               {70, 20, 70}});
}

TEST(Timeline, IgnoresAnOverlapOfLessThanHalfASample) {
  Timeline timeline = file();
  const int audio = timeline.add_track(TrackType::kAudio);
  expect_rows(timeline, audio, {{0, 20, 0}, {11, 20, 11}, {31, 20, 31}});
}

TEST(Timeline, CorrectsADurationThatIsFarTooLongByTheNextTimestamp) {
  Timeline timeline = transport();
  const int video = timeline.add_track(TrackType::kVideo);
  expect_rows(timeline, video, {{0, 40, 0}, {40, 1e12, 40}, {80, 40, 80}, {120, 40, 120}});
}

TEST(Timeline, DoesNotStandStillWhenTimestampsCreepBackwards) {
  Timeline timeline = transport();
  const int video = timeline.add_track(TrackType::kVideo);
  Placement placed;
  for (int i = 0; i < 1000; ++i) placed = timeline.place(video, ms(100'000 - i * 30), ms(40));
  EXPECT_GT(placed.time.seconds(), 1.0);
}

TEST(Timeline, SurvivesHostileValues) {
  std::mt19937_64 random(1);
  const std::int64_t extremes[] = {0,
                                   1,
                                   -1,
                                   std::int64_t{1} << 62,
                                   -(std::int64_t{1} << 62),
                                   std::numeric_limits<std::int64_t>::max(),
                                   std::numeric_limits<std::int64_t>::min()};
  for (const bool may_jump : {false, true}) {
    Timeline timeline({.may_jump = may_jump, .origin = MediaDuration::nanoseconds(extremes[6])});
    for (int i = 0; i < 3; ++i) timeline.add_track(i == 0 ? TrackType::kVideo : TrackType::kAudio);
    MediaTime last[3];
    bool started[3] = {};
    for (int i = 0; i < 20'000; ++i) {
      const auto track = static_cast<int>(random() % 3);
      const auto value = [&] { return MediaDuration::nanoseconds(extremes[random() % 7]); };
      const auto raw = random() % 5 == 0 ? std::nullopt : std::optional(value());
      const Placement placed = timeline.place(track, raw, value());
      if (started[track]) {
        ASSERT_GE(placed.time, last[track]);
      }
      ASSERT_GE(placed.duration.ns(), 0);
      ASSERT_GE((placed.time + placed.duration).since_start().ns(), placed.time.since_start().ns());
      last[track] = placed.time;
      started[track] = true;
    }
  }
}

TEST(Timeline, NeverDecreasesOnRandomSequences) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    Timeline timeline({.may_jump = seed % 2 == 0});
    timeline.add_track(TrackType::kVideo);
    timeline.add_track(TrackType::kAudio);
    double raw[2] = {};
    MediaTime last[2];
    for (int i = 0; i < 500; ++i) {
      const int track = static_cast<int>(random() % 2);
      const double steps[] = {20, 20, 20, 40, 0, -300, -700, 200, 9'000, 20'000, -5'000, -95'443'717};
      raw[track] += steps[random() % (random() % 20 == 0 ? 12 : 4)];
      const Placement placed = timeline.place(track, ms(raw[track]), ms(random() % 3 == 0 ? 0 : 20));
      if (i > 50) {
        ASSERT_GE(placed.time, last[track]) << "seed " << seed;
      }
      last[track] = placed.time;
    }
  }
}

TEST(Timeline, KeepsSoundAndPictureTogetherAcrossCommonJumps) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    const auto uniform = [&](double low, double high) {
      return std::uniform_real_distribution<double>(low, high)(random);
    };
    // The raw clock is ahead of the presentation by shift_at(presentation time).
    std::vector<std::pair<double, double>> splices = {{-1e9, 1e6}};
    for (double at = 0; splices.size() < 6;) {
      at += uniform(2'000, 6'000);
      const double jump = uniform(0, 1) < 0.5 ? uniform(16'000, 1e6) : uniform(-9e5, -1'000);
      const double shift = splices.back().second + jump;
      // A clock that returns to within a second of a former one is taken for the former one.
      const bool returns = std::any_of(splices.begin(), splices.end(),
                                       [&](const auto& s) { return std::abs(s.second - shift) < 1'100; });
      if (!returns) splices.emplace_back(std::ceil(at / 40) * 40, shift);
    }
    const auto shift_at = [&](double t) {
      double shift = 0;
      for (const auto& [at, value] : splices) shift = t >= at ? value : shift;
      return shift;
    };

    Timeline timeline = transport();
    const int video = timeline.add_track(TrackType::kVideo);
    const int audio = timeline.add_track(TrackType::kAudio);
    const double audio_arrives_late_by = uniform(0, 700);
    const double audio_starts_at = uniform(0, 40);
    double sound = audio_starts_at;
    int jumps = 0;
    for (double picture = 0; picture < 36'000; picture += 40) {
      const Placement v = timeline.place(video, ms(picture + shift_at(picture)), ms(40));
      ASSERT_NEAR(to_ms(v.time.since_start()), picture, 0.01) << seed;
      jumps += v.event != TimelineEvent::kNone ? 1 : 0;
      for (; sound + audio_arrives_late_by < picture; sound += 21.25) {
        const Placement a = timeline.place(audio, ms(sound + shift_at(sound)), ms(21.25));
        ASSERT_NEAR(to_ms(a.time.since_start()), sound, 0.01) << seed;
        ASSERT_EQ(a.event, TimelineEvent::kNone) << seed;
      }
    }
    EXPECT_EQ(jumps, 5) << seed;
  }
}

}  // namespace
}  // namespace monolens

#include "detectors/lip_offset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <optional>
#include <vector>

#include "detectors/test_speech.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::Ge;
using testing::SizeIs;

constexpr double kNear = 60;  // ms

// A talk, as pictures and sound of it come one after the other.
struct Talk {
  double from = 0;  // s
  double to = 12;
  double offset_ms = 0;  // positive = sound late
  double fps = 25;
  double ahead = 0;  // s by which pictures come before the sound of their time
  int face_s = 0;    // seconds after which another face is seen; 0 = never
  unsigned seen = 1;
  unsigned heard = 1;  // another one is of other words
};

class Listener {
 public:
  void follow(const Talk& talk) {
    const TestSpeech seen(talk.seen);
    const TestSpeech heard(talk.heard);
    int shown = static_cast<int>(std::ceil(talk.from * talk.fps));
    const int hops = static_cast<int>(std::lround(talk.to * 100));
    for (int hop = static_cast<int>(std::lround(talk.from * 100)); hop < hops; ++hop) {
      const double now = hop * 0.01;
      for (; shown / talk.fps < std::min(talk.to, now + talk.ahead + 0.01); ++shown) {
        const double t = shown / talk.fps;
        lips_.see(MediaTime::seconds(t), mouth_of(seen.open(t), talk.face_s > 0 ? shown / talk.face_s : 1));
        collect();
      }
      lips_.hear(MediaTime::seconds(now), 0.01_for_s, heard.level(now - talk.offset_ms / 1000));
      heard_to_ = MediaTime::seconds(now + 0.01);
      collect();
    }
  }

  std::optional<LipOffset::Result> finish() { return lips_.next_at_end(); }

  LipOffset& lips() { return lips_; }
  const std::vector<LipOffset::Result>& told() const { return told_; }

 private:
  void collect() {
    while (const auto result = lips_.next()) {
      EXPECT_GE(heard_to_ - result->to, 0.8_for_s) << "the sound around it is not known yet";
      told_.push_back(*result);
    }
  }

  LipOffset lips_;
  MediaTime heard_to_;
  std::vector<LipOffset::Result> told_;
};

std::optional<LipOffset::Result> at_end_of(const Talk& talk) {
  Listener listener;
  listener.follow(talk);
  return listener.finish();
}

TEST(LipOffset, IsHowFarTheSoundIsFromTheLips) {
  for (const double fps : {25.0, 24000.0 / 1001, 50.0}) {
    for (const double ms : {-600.0, -240.0, -80.0, 0.0, 40.0, 160.0, 320.0, 500.0}) {
      SCOPED_TRACE(testing::Message() << ms << " ms at " << fps << " pictures a second");
      const auto result = at_end_of({.offset_ms = ms, .fps = fps});
      ASSERT_TRUE(result);
      EXPECT_NEAR(result->offset_ms, ms, kNear);
      EXPECT_GT(result->confidence, 0.5);
      EXPECT_LE(result->confidence, 1);
      EXPECT_LT(result->from, 0.05_s);
      EXPECT_GT(result->to, 11.9_s);
      EXPECT_LE(result->to, 12_s);
    }
  }
}

TEST(LipOffset, IsUnknownWhereOtherWordsAreHeard) {
  for (unsigned other = 2; other < 22; ++other) {
    SCOPED_TRACE(other);
    EXPECT_FALSE(at_end_of({.heard = other}));
  }
}

TEST(LipOffset, IsUnknownWhereNothingMovesOrNothingIsHeard) {
  const TestSpeech speech(1);
  for (const bool silent : {true, false}) {
    SCOPED_TRACE(silent ? "silence" : "a still face");
    LipOffset lips;
    for (int i = 0; i < 1200; ++i) {
      const double open = speech.open(i * 0.01);
      if (i % 4 == 0) lips.see(MediaTime::seconds(i * 0.01), mouth_of(silent ? open : 0.5));
      lips.hear(MediaTime::seconds(i * 0.01), 0.01_for_s, silent ? 0 : open);
    }
    EXPECT_FALSE(lips.next_at_end());
  }
}

TEST(LipOffset, IsUnknownWhereAllSyllablesAreAlike) {
  LipOffset lips;
  for (int i = 0; i < 1200; ++i) {
    const double open = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * i / 50);
    if (i % 4 == 0) lips.see(MediaTime::seconds(i * 0.01), mouth_of(open));
    lips.hear(MediaTime::seconds(i * 0.01), 0.01_for_s, open);
  }
  EXPECT_FALSE(lips.next_at_end());
}

TEST(LipOffset, IsUnknownBeyondWhatIsLookedFor) {
  EXPECT_FALSE(at_end_of({.offset_ms = -900}));
  EXPECT_FALSE(at_end_of({.offset_ms = 900}));
}

TEST(LipOffset, IsUnknownWhereOnlyOneHalfOfTheTimeTellsIt) {
  Listener right;
  right.follow({.to = 10});
  right.follow({.from = 10, .to = 18});
  EXPECT_TRUE(right.finish());
  Listener half;
  half.follow({.to = 10});
  half.follow({.from = 10, .to = 20, .heard = 2});
  EXPECT_FALSE(half.finish());
}

TEST(LipOffset, NeedsSomeSecondsOfFaces) {
  EXPECT_FALSE(at_end_of({.to = 4.8}));
  EXPECT_TRUE(at_end_of({.to = 6}));
}

TEST(LipOffset, GathersTheTimesOfSeveralFaces) {
  const auto result = at_end_of({.offset_ms = 200, .face_s = 50});
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->offset_ms, 200, kNear);
  EXPECT_FALSE(at_end_of({.offset_ms = 200, .face_s = 10})) << "each too short to tell anything";
}

TEST(LipOffset, IsToldAfter5SecondsAndEvery4WhileAFaceSpeaks) {
  for (const double ahead : {0.0, 0.5, 2.0, -0.5}) {
    SCOPED_TRACE(testing::Message() << "pictures come " << ahead << " s before their sound");
    Listener listener;
    listener.follow({.to = 45, .offset_ms = 200, .ahead = ahead, .seen = 2, .heard = 2});
    EXPECT_THAT(listener.told(), SizeIs(Ge(9U)));
    EXPECT_LT(listener.told().front().to, 5.2_s);
    MediaTime before;
    for (const LipOffset::Result& result : listener.told()) {
      EXPECT_NEAR(result.offset_ms, 200, kNear);
      EXPECT_GE(result.to - before, 4_for_s - MediaDuration::milliseconds(1));
      EXPECT_LE(result.to - result.from, 20.1_for_s);
      before = result.to;
    }
  }
}

TEST(LipOffset, FollowsAChange) {
  Listener listener;
  listener.follow({.to = 30});
  listener.follow({.from = 30, .to = 60, .offset_ms = -300});
  ASSERT_FALSE(listener.told().empty());
  EXPECT_NEAR(listener.told().front().offset_ms, 0, kNear);
  EXPECT_NEAR(listener.told().back().offset_ms, -300, kNear);
}

TEST(LipOffset, ForgetsWhatWasSeenBeforeARestart) {
  Listener listener;
  listener.follow({.to = 10});
  listener.lips().restart();
  EXPECT_FALSE(listener.finish());
  listener.follow({.from = 10, .to = 17, .offset_ms = 300});
  const auto result = listener.finish();
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->offset_ms, 300, kNear);
  EXPECT_GE(result->from, 10_s);
}

TEST(LipOffset, LeavesOutFacesWhoseSoundIsNotKnown) {
  Listener listener;
  listener.follow({.to = 9, .heard = 2});
  listener.follow({.from = 60, .to = 68, .offset_ms = 100});
  const auto after_a_hole = listener.finish();
  ASSERT_TRUE(after_a_hole);
  EXPECT_NEAR(after_a_hole->offset_ms, 100, kNear);
  EXPECT_GE(after_a_hole->from, 60_s);

  Listener longer;
  longer.follow({.to = 8});
  for (int i = 800; i < 1600; ++i) {
    if (i % 4 == 0) longer.lips().see(MediaTime::seconds(i * 0.01), mouth_of(i % 3));
  }
  const auto before_the_end = longer.finish();
  ASSERT_TRUE(before_the_end);
  EXPECT_LE(before_the_end->to, 8.9_s);
}

TEST(LipOffset, TakesBrokenLevelsForSilence) {
  const TestSpeech speech(1);
  LipOffset lips;
  for (int i = 0; i < 1200; ++i) {
    const double level = speech.level(i * 0.01);
    const double broken = i % 2 == 0 ? std::numeric_limits<double>::quiet_NaN() : -1;
    if (i % 4 == 0) lips.see(MediaTime::seconds(i * 0.01), mouth_of(speech.open(i * 0.01)));
    lips.hear(MediaTime::seconds(i * 0.01), 0.01_for_s, level > 0 ? level : broken);
  }
  EXPECT_TRUE(lips.next_at_end());
}

TEST(LipOffset, SurvivesAnyTimesAndLevels) {
  Listener listener;
  LipOffset& lips = listener.lips();
  const auto years = MediaDuration::nanoseconds(std::int64_t{1} << 61);
  MediaTime time = MediaTime() - years;
  for (int i = 0; i < 400; ++i) {
    lips.hear(time, i % 50 == 0 ? years : 0.01_for_s, i % 2 == 0 ? 1e300 : 0);
    lips.see(time, mouth_of(i % 2));
    EXPECT_FALSE(lips.next());
    time = time + (i % 50 == 0 ? MediaDuration::seconds(29.0 * i) : 29_for_s);
  }
  EXPECT_FALSE(lips.next_at_end());
  listener.follow({.from = 0, .to = 12});
  EXPECT_TRUE(listener.finish());
}

}  // namespace
}  // namespace monolens

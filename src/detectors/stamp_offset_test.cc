#include "detectors/stamp_offset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string_view>
#include <vector>

namespace monolens {

void PrintTo(const StampOffset::Change& change, std::ostream* out) {
  *out << change.offset_ms << " ms from " << change.since.seconds() << " s, cause "
       << static_cast<int>(change.cause);
}

namespace {

using namespace time_literals;
using Cause = StampOffset::Cause;
using Type = StreamEvent::Type;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr bool kPictures = true;
constexpr bool kSound = false;
constexpr auto kPicture = MediaDuration::milliseconds(40);

MediaDuration milliseconds(double n) { return MediaDuration::seconds(n / 1000); }

MATCHER_P3(Moved, cause, since, offset_ms, "") {
  return arg.cause == cause && std::abs((arg.since - since).seconds()) < 0.0005 &&
         std::abs(arg.offset_ms - offset_ms) < 0.1;
}

// Sound in hops of 10 ms and pictures of 40 ms, one after the other as a container has them.
class Tape {
 public:
  explicit Tape(double drift_ms_per_s = 1) : stamps_(drift_ms_per_s) {}

  // Both go on to where `seconds` of content have been played.
  void play(double seconds) {
    for (; content_ + 0.0005 < seconds; content_ += 0.01, ++hops_) {
      if (hops_ % 4 == 0 && pictures_play_) picture();
      if (sound_plays_) hop();
    }
  }

  // What follows has timestamps that stand so much elsewhere; only a hole is known to the container.
  void move_sound(double ms) { sound_shift_ms_ += ms; }
  void hole(bool pictures, double ms, bool whole = false) {
    const MediaTime at = stamp(pictures ? picture_shift_ms_ : sound_shift_ms_);
    (pictures ? picture_shift_ms_ : sound_shift_ms_) += ms;
    note({.type = Type::kTimestampGap, .time = at, .length = milliseconds(ms), .whole = whole}, pictures);
  }
  void jump(bool pictures, MediaDuration epoch) {
    note({.type = Type::kTimestampEpoch, .time = stamp(0), .length = epoch}, pictures);
  }
  void drift_sound(double ms_per_s) { drift_ms_per_s_ = ms_per_s; }
  void cut() { cut_ = true; }
  void stop(bool pictures) { (pictures ? pictures_play_ : sound_plays_) = false; }
  void resume(bool pictures) { (pictures ? pictures_play_ : sound_plays_) = true; }

  void note(const StreamEvent& event, std::optional<bool> pictures = std::nullopt) {
    stamps_.note(event, pictures);
    collect();
  }

  const std::vector<StampOffset::Change>& changes() const { return changes_; }
  const std::vector<StampOffset::Change>& finish() {
    while (const auto change = stamps_.next_at_end()) changes_.push_back(*change);
    return changes_;
  }

  StampOffset& stamps() { return stamps_; }

 private:
  MediaTime stamp(double shift_ms) const { return MediaTime::seconds(content_ + shift_ms / 1000); }

  void picture() {
    stamps_.see(stamp(picture_shift_ms_), kPicture, cut_);
    cut_ = false;
    collect();
  }

  void hop() {
    stamps_.hear(stamp(sound_shift_ms_), 0.01_for_s);
    sound_shift_ms_ += drift_ms_per_s_ * 0.01;
    collect();
  }

  void collect() {
    while (const auto change = stamps_.next()) changes_.push_back(*change);
  }

  StampOffset stamps_;
  double content_ = 0;  // s
  int hops_ = 0;
  double sound_shift_ms_ = 0;
  double picture_shift_ms_ = 0;
  double drift_ms_per_s_ = 0;
  bool cut_ = false;
  bool pictures_play_ = true;
  bool sound_plays_ = true;
  std::vector<StampOffset::Change> changes_;
};

TEST(StampOffset, IsNoneWhileTimestampsFitTheirSamples) {
  Tape tape;
  tape.play(20);
  EXPECT_THAT(tape.finish(), IsEmpty());
  EXPECT_EQ(tape.stamps().drift_ms_per_s(), 0);
}

TEST(StampOffset, StepsByAHoleThatLostSamplesDoNotExplainOrByAnOverlap) {
  Tape late;
  late.play(3);
  late.hole(kSound, 300);
  late.play(10);
  EXPECT_THAT(late.finish(), ElementsAre(Moved(Cause::kStep, 3.3_s, 300)));

  Tape early;
  early.play(3);
  early.move_sound(-80);
  early.play(10);
  EXPECT_THAT(early.finish(), ElementsAre(Moved(Cause::kStep, 2.92_s, -80)));

  Tape pictures_late;
  pictures_late.play(3);
  pictures_late.hole(kPictures, 400);
  pictures_late.play(10);
  EXPECT_THAT(pictures_late.finish(), ElementsAre(Moved(Cause::kStep, 3.4_s, -400)));
}

TEST(StampOffset, IsNoneAfterLostSamples) {
  const struct {
    std::string_view what;
    void (*happen)(Tape&);
  } cases[] = {
      {"whole frames of sound", [](Tape& t) { t.hole(kSound, 320, true); }},
      {"whole pictures", [](Tape& t) { t.hole(kPictures, 400, true); }},
      {"a hole too short for the container to tell", [](Tape& t) { t.move_sound(40); }},
      {"an overlap as small as rounding", [](Tape& t) { t.move_sound(-10); }},
      {"sound that is away for long", [](Tape& t) { t.hole(kSound, 5100); }},
      {"sound that is away in pieces",
       [](Tape& t) {
         t.hole(kSound, 300);
         t.play(3.5);
         t.hole(kSound, 4900);
       }},
      {"pictures that are away for long", [](Tape& t) { t.hole(kPictures, 5100); }},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Tape tape;
    tape.play(3);
    c.happen(tape);
    tape.play(15);
    EXPECT_THAT(tape.finish(), IsEmpty());
  }
}

TEST(StampOffset, IsNoneWhereBothHaveHoles) {
  const struct {
    std::string_view what;
    double sound_at, sound_ms, pictures_at, pictures_ms;
  } cases[] = {
      {"at once", 3, 300, 3, 320},
      {"the sound first", 3, 300, 3.8, 320},
      {"the pictures first", 3.8, 300, 3, 320},
      {"a short one within a long one", 3, 200, 3, 4000},
      {"pictures away for longer than a step", 3, 4500, 3, 5500},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Tape tape;
    tape.play(std::min(c.sound_at, c.pictures_at));
    const bool first = c.sound_at <= c.pictures_at ? kSound : kPictures;
    tape.hole(first, first == kSound ? c.sound_ms : c.pictures_ms);
    tape.play(std::max(c.sound_at, c.pictures_at));
    tape.hole(!first, first == kSound ? c.pictures_ms : c.sound_ms);
    tape.play(20);
    EXPECT_THAT(tape.finish(), IsEmpty());
  }
  Tape apart;
  apart.play(3);
  apart.hole(kSound, 300);
  apart.play(6);
  apart.hole(kPictures, 320);
  apart.play(10);
  EXPECT_THAT(apart.finish(), ElementsAre(Moved(Cause::kStep, 3.3_s, 300), Moved(Cause::kStep, 6.32_s, -20)));
}

TEST(StampOffset, IsNoneWhereDamageExplainsTheHole) {
  const struct {
    std::string_view what;
    StreamEvent event;
    std::optional<bool> pictures;
    bool explains;
  } cases[] = {
      {"lost packets", {.type = Type::kContinuity, .time = 3_s}, std::nullopt, true},
      {"just before", {.type = Type::kContinuity, .time = 2.1_s}, std::nullopt, true},
      {"just after", {.type = Type::kContinuity, .time = 4.2_s}, std::nullopt, true},
      {"long before", {.type = Type::kContinuity, .time = 1.9_s}, std::nullopt, false},
      {"long after", {.type = Type::kContinuity, .time = 4.4_s}, std::nullopt, false},
      {"a corrupt packet", {.type = Type::kCorruptPacket, .time = 3_s}, kPictures, true},
      {"a transport error", {.type = Type::kTransportError, .time = 3_s}, std::nullopt, true},
      {"lost sync", {.type = Type::kSyncLoss, .time = 3_s}, std::nullopt, true},
      {"broken sound", {.type = Type::kDecodeError, .time = 3_s}, kSound, true},
      {"broken pictures", {.type = Type::kDecodeError, .time = 3_s}, kPictures, false},
      {"a clock that jumps", {.type = Type::kPcr, .time = 3_s}, std::nullopt, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    for (const bool track : {kSound, kPictures}) {
      Tape tape;
      tape.play(3);
      tape.note(c.event, c.pictures);
      tape.hole(track, 300);
      tape.play(10);
      EXPECT_THAT(tape.finish(), SizeIs(c.explains ? 0 : 1));
    }
    Tape overlapping;
    overlapping.play(3);
    overlapping.note(c.event, c.pictures);
    overlapping.move_sound(-300);
    overlapping.play(10);
    EXPECT_THAT(overlapping.finish(), SizeIs(1)) << "no loss leaves more samples than there is time for";
  }
}

TEST(StampOffset, RemembersDamageThroughMoreOfIt) {
  Tape tape;
  tape.play(3);
  tape.note({.type = Type::kContinuity, .time = 3_s});
  tape.hole(kSound, 300);
  for (int hop = 300; hop < 800; ++hop) {
    const double t = hop * 0.01;
    if (t > 4.4) tape.note({.type = Type::kContinuity, .time = MediaTime::seconds(t)});
    if (t > 3.2) tape.note({.type = Type::kContinuity, .time = MediaTime::seconds(t + 1.2)});
    tape.play(t);
  }
  EXPECT_THAT(tape.finish(), IsEmpty());
}

TEST(StampOffset, IsNoneWhereAnotherProgrammeBeginsWithACut) {
  Tape splice;
  splice.play(3);
  splice.hole(kSound, 320);
  splice.hole(kPictures, 320);
  splice.cut();
  splice.play(10);
  EXPECT_THAT(splice.finish(), IsEmpty());

  for (const bool with_cut : {true, false}) {
    SCOPED_TRACE(with_cut);
    Tape sound_only;
    sound_only.play(3);
    sound_only.hole(kSound, 320);
    sound_only.play(3.32);
    if (with_cut) sound_only.cut();
    sound_only.play(10);
    EXPECT_THAT(sound_only.finish(), SizeIs(with_cut ? 0 : 1));
  }

  Tape cut_elsewhere;
  cut_elsewhere.play(3);
  cut_elsewhere.hole(kSound, 320);
  cut_elsewhere.play(3.44);
  cut_elsewhere.cut();
  cut_elsewhere.play(10);
  EXPECT_THAT(cut_elsewhere.finish(), SizeIs(1));
}

TEST(StampOffset, LetsAJoinedStreamBeginRagged) {
  for (const bool track : {kSound, kPictures}) {
    Tape tape;
    tape.play(0.4);
    tape.hole(track, 300);
    tape.play(5);
    EXPECT_THAT(tape.finish(), IsEmpty());
    Tape later;
    later.play(0.6);
    later.hole(track, 300);
    later.play(5);
    EXPECT_THAT(later.finish(), SizeIs(1));
  }
}

TEST(StampOffset, WaitsForWhatMayExplainAStep) {
  Tape tape;
  tape.play(3);
  tape.hole(kSound, 300);
  tape.play(4.2);
  EXPECT_THAT(tape.changes(), IsEmpty());
  tape.play(4.4);
  EXPECT_THAT(tape.changes(), SizeIs(1));

  Tape pictures_lag;
  pictures_lag.play(3);
  pictures_lag.hole(kSound, 300);
  pictures_lag.stop(kPictures);
  pictures_lag.play(6);
  EXPECT_THAT(pictures_lag.changes(), IsEmpty());
  pictures_lag.resume(kPictures);
  pictures_lag.play(6.1);
  EXPECT_THAT(pictures_lag.changes(), SizeIs(1));

  Tape cut_short;
  cut_short.play(3);
  cut_short.hole(kSound, 300);
  cut_short.play(3.6);
  EXPECT_THAT(cut_short.changes(), IsEmpty());
  EXPECT_THAT(cut_short.finish(), SizeIs(1));
}

TEST(StampOffset, IsNoneOnceTheOtherTrackHasEnded) {
  for (const bool track : {kSound, kPictures}) {
    SCOPED_TRACE(track == kSound ? "sound" : "pictures");
    Tape tape;
    tape.play(3);
    tape.stop(!track);
    tape.play(6);
    tape.hole(track, 300);
    tape.play(10);
    EXPECT_THAT(tape.finish(), IsEmpty());
    Tape alone;
    alone.stop(!track);
    alone.play(3);
    alone.hole(track, 300);
    alone.play(10);
    EXPECT_THAT(alone.finish(), IsEmpty());
  }
}

TEST(StampOffset, AddsUpSteps) {
  Tape tape;
  tape.play(3);
  tape.hole(kSound, 200);
  tape.play(6);
  tape.hole(kSound, 100);
  tape.play(6.5);
  tape.move_sound(-50);
  tape.play(9);
  tape.move_sound(-250);
  tape.play(12);
  tape.move_sound(40);  // no hole is told here
  tape.play(15);
  EXPECT_THAT(tape.finish(), ElementsAre(Moved(Cause::kStep, 3.2_s, 200), Moved(Cause::kStep, 6.8_s, 250),
                                         Moved(Cause::kStep, 9_s, 0)));
}

TEST(StampOffset, IsToldOfStepsThatNeverCease) {
  Tape tape;
  for (int n = 2; n < 50; ++n) {
    tape.play(n * 0.5);
    tape.move_sound(-15);
  }
  ASSERT_THAT(tape.changes(), SizeIs(2));
  EXPECT_LT(tape.changes()[0].offset_ms, -250);
  EXPECT_LT(tape.changes()[1].offset_ms, tape.changes()[0].offset_ms - 250);
}

TEST(StampOffset, DriftsWhereTimestampsRunAtAnotherRate) {
  for (const double rate : {20.0, -20.0}) {
    SCOPED_TRACE(rate);
    Tape tape;
    tape.play(3);
    tape.drift_sound(rate);
    tape.play(15);
    tape.drift_sound(0);
    tape.play(25);
    ASSERT_FALSE(tape.finish().empty());
    for (const auto& change : tape.changes()) {
      EXPECT_EQ(change.cause, Cause::kDrift);
      const double since_3_s = std::min(12.0, (change.since - 3_s).seconds());
      EXPECT_NEAR(change.offset_ms, rate * since_3_s, 8);
    }
    EXPECT_LT(tape.changes().front().since, 9_s);
    EXPECT_NEAR(tape.changes().back().offset_ms, rate * 12, 8);
    EXPECT_LT(tape.changes().back().since, 21_s);
    EXPECT_FALSE(tape.stamps().displacement_ms());
  }
}

TEST(StampOffset, TakesSlowDriftForTheToleranceOfClocks) {
  const struct {
    double limit, rate;
    bool drifts;
  } cases[] = {{1, 0.93, false}, {1, -0.93, false}, {1, 1.1, true},  {1, -1.1, true}, {0.2, 0.25, true},
               {10, 9, false},   {10, -9, false},   {10, -11, true}, {10, 11, true}};
  for (const auto& c : cases) {
    SCOPED_TRACE(testing::Message() << c.rate << " where the limit is " << c.limit);
    Tape tape(c.limit);
    tape.drift_sound(c.rate);
    tape.play(20);
    tape.finish();
    EXPECT_EQ(!tape.changes().empty(), c.drifts);
    EXPECT_NEAR(tape.stamps().drift_ms_per_s(), c.drifts ? c.rate : 0, 0.03 * std::abs(c.rate));
  }
}

TEST(StampOffset, TakesAStaggerForNoDrift) {
  Tape once;
  once.play(8);
  once.move_sound(10);
  once.play(20);
  EXPECT_THAT(once.finish(), IsEmpty()) << "2 ms/s over the 5 s around it, but all at once";

  StampOffset rounded(1);
  for (int i = 0; i < 1000; ++i) {
    const double ms = i * 1024 / 48.0;
    rounded.see(MediaTime::seconds(i * 0.04), kPicture, false);
    rounded.hear(MediaTime() + milliseconds(std::round(ms)), milliseconds(1024 / 48.0));
    EXPECT_FALSE(rounded.next());
  }
}

TEST(StampOffset, MeasuresNoDriftAcrossAStep) {
  Tape tape;
  tape.drift_sound(20);
  tape.play(8);
  tape.hole(kSound, 64, true);
  const std::size_t before = tape.changes().size();
  tape.play(12.8);
  EXPECT_THAT(tape.changes(), SizeIs(before));
  tape.play(14);
  EXPECT_GT(tape.changes().size(), before);
}

TEST(StampOffset, AddsUpDrifts) {
  Tape tape;
  tape.drift_sound(20);
  tape.play(8);
  tape.drift_sound(0);
  tape.play(16);
  tape.drift_sound(20);
  tape.play(24);
  ASSERT_FALSE(tape.finish().empty());
  EXPECT_NEAR(tape.changes().back().offset_ms, 320, 8);
}

TEST(StampOffset, IsWhatOneTrackJumpsAndTheOtherDoesNot) {
  const struct {
    std::string_view what;
    bool track;
    double jump_s;
    std::vector<double> offsets_ms;
  } cases[] = {
      {"sound ahead", kSound, 2, {2000}},
      {"sound back", kSound, -0.6, {-600}},
      {"pictures ahead", kPictures, 2, {-2000}},
      {"farther than an offset can be", kSound, 3600, {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Tape tape;
    tape.play(5);
    tape.jump(c.track, MediaDuration::seconds(c.jump_s));
    tape.play(9.9);
    EXPECT_THAT(tape.changes(), IsEmpty()) << "the other track may follow";
    tape.play(20);
    ASSERT_THAT(tape.finish(), SizeIs(c.offsets_ms.size()));
    if (!c.offsets_ms.empty()) {
      EXPECT_THAT(tape.changes()[0], Moved(Cause::kJump, 5_s, c.offsets_ms[0]));
    }
  }
}

TEST(StampOffset, IsNoneWhereTheOtherTrackFollowsTheJump) {
  Tape soon;
  soon.play(5);
  soon.jump(kSound, 100_for_s);
  soon.play(9);
  soon.jump(kPictures, 100_for_s);
  soon.play(30);
  EXPECT_THAT(soon.finish(), IsEmpty());

  Tape late;
  late.play(5);
  late.jump(kSound, 2_for_s);
  late.play(15);
  late.jump(kPictures, 2_for_s);
  late.play(30);
  EXPECT_THAT(late.finish(), ElementsAre(Moved(Cause::kJump, 5_s, 2000), Moved(Cause::kJump, 15_s, 0)));
}

TEST(StampOffset, IsNotChangedByAJumpOfBothTracks) {
  Tape tape;
  tape.play(5);
  tape.jump(kSound, 0.3_for_s);
  tape.play(15);
  const auto far = MediaDuration::nanoseconds(51'234'567'890'123'457);
  tape.jump(kPictures, far);
  tape.jump(kSound, far + 0.3_for_s);
  tape.play(30);
  EXPECT_THAT(tape.finish(), ElementsAre(Moved(Cause::kJump, 5_s, 300)));
}

TEST(StampOffset, NeedsToSeeSomeOfTheJumpAtTheEnd) {
  for (const double rest : {1.3, 1.6}) {
    SCOPED_TRACE(rest);
    Tape tape;
    tape.play(5);
    tape.jump(kSound, 2_for_s);
    tape.play(5 + rest);
    EXPECT_THAT(tape.finish(), SizeIs(rest > 1.5 ? 1 : 0));
  }
}

TEST(StampOffset, KnowsADisplacedTrackByItsBeginningAndItsEnd) {
  const struct {
    std::string_view what;
    double sound_from, sound_to, pictures_from, pictures_to;
    std::optional<double> ms;
  } cases[] = {
      {"late", 0.3, 10.3, 0, 10, 300},
      {"early", 0, 10, 0.2, 10.2, -200},
      {"before the input's zero", -0.2, 9.8, 0, 10, -200},
      {"ended by the input's zero", -9.7, 0.1, -10, -0.2, 300},
      {"a late beginning", 0.3, 10, 0, 10, std::nullopt},
      {"a longer end", 0, 10.3, 0, 10, std::nullopt},
      {"both as long as each other", 0, 10, 0, 10, 0},
      {"a frame of sound less", 0.3, 10.26, 0, 10, 300},
      {"too short", 0.3, 2.7, 0, 2.4, std::nullopt},
      {"no sound", 0, 0, 0, 10, std::nullopt},
      {"no pictures", 0, 10, 0, 0, std::nullopt},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    StampOffset stamps(1);
    const auto hops = std::lround((c.sound_to - c.sound_from) * 100);
    const auto pictures = std::lround((c.pictures_to - c.pictures_from) * 25);
    for (std::int64_t i = 0; i < hops; ++i)
      stamps.hear(MediaTime::seconds(c.sound_from) + MediaDuration::milliseconds(10 * i), 0.01_for_s);
    for (std::int64_t i = 0; i < pictures; ++i)
      stamps.see(MediaTime::seconds(c.pictures_from) + kPicture * i, kPicture, false);
    EXPECT_FALSE(stamps.next_at_end());
    ASSERT_EQ(stamps.displacement_ms().has_value(), c.ms.has_value());
    if (c.ms) {
      EXPECT_NEAR(*stamps.displacement_ms(), *c.ms, 1e-6);
    }
  }
}

TEST(StampOffset, LeavesTheWholeTrackToWhatWasToldOfIt) {
  Tape tape;
  tape.move_sound(300);
  tape.play(5);
  EXPECT_NEAR(tape.stamps().displacement_ms().value_or(0), 300, 1e-6);
  tape.move_sound(-40);
  tape.play(10);
  EXPECT_THAT(tape.finish(), SizeIs(1));
  EXPECT_FALSE(tape.stamps().displacement_ms());
}

TEST(StampOffset, IsNotLedAstrayByAPictureOfWrongLength) {
  Tape tape;
  tape.play(3);
  tape.stamps().see(3_s, MediaDuration::nanoseconds(std::int64_t{1} << 61), false);
  tape.play(12);
  tape.stop(kPictures);
  tape.hole(kSound, 300);
  tape.play(15);
  EXPECT_THAT(tape.changes(), IsEmpty()) << "the pictures may still explain it";
  tape.resume(kPictures);
  tape.play(16);
  EXPECT_THAT(tape.finish(), ElementsAre(Moved(Cause::kStep, 12.3_s, 300)));
}

TEST(StampOffset, SurvivesAnyTimes) {
  const auto years = MediaDuration::nanoseconds(std::int64_t{1} << 61);
  Tape tape;
  StampOffset& stamps = tape.stamps();
  for (const MediaTime time : {MediaTime() - years, MediaTime(), MediaTime() + years, 0_s}) {
    for (const Type type : {Type::kTimestampGap, Type::kTimestampEpoch, Type::kContinuity}) {
      for (const bool track : {kSound, kPictures})
        tape.note({.type = type, .time = time, .length = time.since_start()}, track);
    }
    stamps.see(time, years, true);
    stamps.hear(time, 0.01_for_s);
    while (const auto change = stamps.next()) EXPECT_TRUE(std::isfinite(change->offset_ms));
  }
  for (const auto& change : tape.finish()) EXPECT_TRUE(std::isfinite(change.offset_ms));
}

}  // namespace
}  // namespace monolens

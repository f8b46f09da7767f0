#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detectors/detector_runner.h"
#include "detectors/test_speech.h"

namespace monolens {
namespace {

using namespace time_literals;
using Type = StreamEvent::Type;
using testing::AllOf;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

constexpr int kPictures = 0;  // tracks
constexpr int kSound = 1;
constexpr int kOtherSound = 2;
constexpr int kStamps = 0;  // parts of the findings
constexpr int kLips = 1;

// A programme whose sound and pictures come in turn, and what is told of it.
class Programme {
 public:
  explicit Programme(DetectorRunner::Settings settings = {}, std::string format = "mpegts") {
    const DetectorInfo& info = *find_detector("sync").value();
    Options options(info.options);
    for (const auto& [name, value] : settings) EXPECT_TRUE(options.set(name, value).ok()) << name;
    input_.format = std::move(format);
    input_.tracks.resize(3);
    for (const int track : {kSound, kOtherSound})
      input_.tracks.at(static_cast<std::size_t>(track)).type = TrackType::kAudio;
    input_.tracks[kOtherSound].index = 1;
    detector_ = info.make(options);
    EXPECT_TRUE(detector_->open({.input = &input_}).ok());
  }

  // All goes on to where `seconds` of content have been played.
  void play(double seconds) {
    for (; content_ + 0.0005 < seconds; content_ += 0.01, ++hops_) {
      if (hops_ % 4 == 0) picture();
      hop();
    }
  }

  // What follows has timestamps that stand so much elsewhere; only a hole is known to the container.
  void move(int track, double ms) { shift_ms_[track] += ms; }
  void hole(int track, double ms, bool whole = false) {
    const StreamEvent event{.type = Type::kTimestampGap,
                            .time = stamp(shift_ms_[track]),
                            .length = MediaDuration::seconds(ms / 1000),
                            .track = track,
                            .whole = whole};
    shift_ms_[track] += ms;
    tell(event);
  }
  void jump(int track, double ms) {
    tell({.type = Type::kTimestampEpoch,
          .time = stamp(0),
          .length = MediaDuration::seconds(ms / 1000),
          .track = track});
  }
  void drift(double ms_per_s) { drift_ms_per_s_ = ms_per_s; }
  void change_of_scene(double once, std::optional<double> usual = std::nullopt) {
    scene_change_ = once;
    usual_change_ = usual.value_or(usual_change_);
  }

  // A face speaks from here on; what is heard are its words, `late_ms` later than it says them, or others.
  void speak(double late_ms, bool other_words = false) {
    late_ms_ = late_ms;
    heard_ = &(other_words ? other_words_ : words_);
  }

  void tell(const StreamEvent& event) { observe({.time = event.time, .event = &event}); }

  const std::vector<Stretch>& finish() {
    detector_->finish(stamp(0), findings_);
    collect();
    return told_;
  }

  // As told so far.
  const std::vector<Stretch>& told() const { return told_; }

  std::optional<double> av_offset_ms() const {
    for (const auto& [name, value] : detector_->measures()) {
      if (name == "av_offset_ms") return value;
    }
    return std::nullopt;
  }

 private:
  MediaTime stamp(double shift_ms) const { return MediaTime::seconds(content_ + shift_ms / 1000); }

  void picture() {
    VideoFeatures f;
    f.time = stamp(shift_ms_[kPictures]);
    f.duration = 0.04_for_s;
    f.scene_change = std::exchange(scene_change_, usual_change_);
    if (heard_ != nullptr) f.mouth = mouth_of(words_.open(content_));
    observe({.time = f.time, .video = &f});
  }

  void hop() {
    AudioFeatures f;
    f.time = stamp(shift_ms_[kSound]);
    f.duration = 0.01_for_s;
    f.sample_rate = 48'000;
    f.samples = 480;
    if (heard_ != nullptr) f.speech = heard_->level(content_ - late_ms_ / 1000) * f.samples;
    observe({.time = f.time, .audio = &f});
    shift_ms_[kSound] += drift_ms_per_s_ * 0.01;
  }

  void observe(const Measured& measured) {
    detector_->observe(measured, findings_);
    collect();
  }

  void collect() {
    for (const Finding& f : findings_) {
      EXPECT_EQ(f.kind, "av.sync");
      const auto open = std::find_if(told_.begin(), told_.end(),
                                     [&](const Stretch& s) { return !s.end && s.finding.part == f.part; });
      if (f.phase == Finding::Phase::kBegan) {
        EXPECT_EQ(open, told_.end()) << "began twice";
        told_.push_back({.finding = f, .told = stamp(0)});
        continue;
      }
      ASSERT_NE(open, told_.end()) << "told of before it began";
      EXPECT_EQ(f.start, open->finding.start);
      open->finding = f;
      if (f.phase != Finding::Phase::kEnded) continue;
      EXPECT_GE(f.end, f.start);
      open->end = f.end;
      open->closed = stamp(0);
    }
    findings_.clear();
  }

  InputInfo input_;
  std::unique_ptr<Detector> detector_;
  double content_ = 0;  // s
  int hops_ = 0;
  double shift_ms_[3] = {};  // of each track
  double drift_ms_per_s_ = 0;
  double usual_change_ = 2;
  double scene_change_ = 2;
  TestSpeech words_{1};
  TestSpeech other_words_{2};
  const TestSpeech* heard_ = nullptr;
  double late_ms_ = 0;
  Findings findings_;
  std::vector<Stretch> told_;
};

MATCHER_P(Part, part, "") { return arg.finding.part == part; }
MATCHER_P(Late, ms, "") { return std::abs(arg.measure("offset_ms") - ms) < 0.5; }

TEST(Sync, IsSilentWhereTimestampsFitTheirSamples) {
  Programme programme;
  programme.play(20);
  EXPECT_THAT(programme.finish(), IsEmpty());
  EXPECT_FALSE(programme.av_offset_ms());
}

TEST(Sync, IsToldFromWhereTheSoundIsShiftedBeyondALimit) {
  const struct {
    double ms;
    DetectorRunner::Settings settings;
    bool found;
  } cases[] = {
      {130, {}, true}, {120, {}, false}, {300, {{"late_ms", 310}}, false},  {60, {{"late_ms", 50}}, true},
      {-50, {}, true}, {-40, {}, false}, {-80, {{"early_ms", 100}}, false}, {-40, {{"early_ms", 30}}, true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(testing::Message() << c.ms << " ms");
    Programme programme(c.settings);
    programme.play(3);
    if (c.ms > 0) {
      programme.hole(kSound, c.ms);
    } else {
      programme.move(kSound, c.ms);
    }
    programme.play(10);
    programme.finish();
    if (!c.found) {
      EXPECT_THAT(programme.told(), IsEmpty());
      continue;
    }
    EXPECT_THAT(programme.told(),
                ElementsAre(AllOf(Found("av.sync", 3_s + MediaDuration::seconds(c.ms / 1000), 10_s),
                                  Late(c.ms), Part(kStamps))));
    EXPECT_THAT(programme.told().at(0).finding.note, HasSubstr(c.ms > 0 ? "ms late" : "ms early"));
    EXPECT_THAT(programme.av_offset_ms().value_or(0), DoubleNear(c.ms, 0.1));
  }
}

TEST(Sync, IsToldOfPicturesThatAreShifted) {
  Programme programme;
  programme.play(3);
  programme.hole(kPictures, 300);
  programme.play(10);
  EXPECT_THAT(programme.finish(), ElementsAre(AllOf(Found("av.sync", 3.3_s, 10_s), Late(-300))));
}

TEST(Sync, EndsWhereTheTimestampsComeBack) {
  Programme programme;
  programme.play(3);
  programme.hole(kSound, 300);
  programme.play(8);
  programme.move(kSound, -250);
  programme.play(15);
  EXPECT_THAT(programme.told(), ElementsAre(AllOf(Found("av.sync", 3.3_s, 8.05_s), Late(300))));
  EXPECT_THAT(programme.finish(), SizeIs(1));
}

TEST(Sync, TellsOfEachErrorItsOwnOffset) {
  Programme programme;
  programme.play(3);
  programme.hole(kSound, 300);
  programme.play(8);
  programme.move(kSound, -300);
  programme.play(13);
  programme.move(kSound, -100);
  programme.play(18);
  programme.finish();
  ASSERT_THAT(programme.told(), ElementsAre(Late(300), Late(-100)));
  EXPECT_THAT(programme.told()[1].finding.note, HasSubstr("100 ms early"));
  EXPECT_THAT(programme.av_offset_ms().value_or(0), DoubleNear(300, 0.1)) << "the worst of all";
}

TEST(Sync, IsToldWhereDriftPassesALimit) {
  for (const double rate : {30.0, -30.0}) {
    SCOPED_TRACE(rate);
    Programme programme;
    programme.drift(rate);
    programme.play(20);
    programme.finish();
    ASSERT_THAT(programme.told(), SizeIs(1));
    const Stretch& found = programme.told()[0];
    const double limit_s = rate > 0 ? 125 / rate : -45 / rate;
    EXPECT_NEAR(found.finding.start.seconds(), std::max(5.0, limit_s), 1) << "a rate takes 5 s to measure";
    EXPECT_EQ(found.end, 20_s);
    EXPECT_NEAR(found.measure("offset_ms"), rate * 20, 10);
    EXPECT_NEAR(found.measure("drift_ms_per_s"), rate, 1);
    EXPECT_THAT(found.finding.note, HasSubstr("drift"));
  }
}

TEST(Sync, TakesSlowDriftForTheToleranceOfClocks) {
  Programme slow({{"late_ms", 10}});
  slow.drift(0.8);
  slow.play(30);
  EXPECT_THAT(slow.finish(), IsEmpty());
  Programme strict({{"late_ms", 10}, {"drift_ms_per_s", 0.5}});
  strict.drift(0.8);
  strict.play(30);
  EXPECT_THAT(strict.finish(), SizeIs(1));
}

TEST(Sync, TellsADriftOfTheErrorThatItIsPartOf) {
  Programme programme;
  programme.drift(20);
  programme.play(10);
  programme.drift(0);
  programme.play(14);
  programme.move(kSound, -200);
  programme.play(18);
  programme.move(kSound, -100);
  programme.play(22);
  programme.finish();
  ASSERT_THAT(programme.told(), SizeIs(2));
  EXPECT_GT(programme.told()[0].measure("drift_ms_per_s"), 1);
  EXPECT_NEAR(programme.told()[1].measure("offset_ms"), -100, 8);
  EXPECT_EQ(programme.told()[1].measure("drift_ms_per_s"), 0);
}

TEST(Sync, IsAJumpOfOneTrackThatTheOtherDoesNotFollow) {
  Programme alone;
  alone.play(5);
  alone.jump(kSound, 700);
  alone.play(20);
  EXPECT_THAT(alone.finish(), ElementsAre(AllOf(Found("av.sync", 5_s, 20_s), Late(700))));

  Programme both;
  both.play(5);
  both.jump(kSound, 700);
  both.play(8);
  both.jump(kPictures, 700);
  both.play(20);
  EXPECT_THAT(both.finish(), IsEmpty());
}

TEST(Sync, IsSilentWhereAHoleIsExplained) {
  const struct {
    std::string_view what;
    void (*happen)(Programme&);
  } cases[] = {
      {"lost frames of sound", [](Programme& p) { p.hole(kSound, 320, true); }},
      {"lost pictures", [](Programme& p) { p.hole(kPictures, 320, true); }},
      {"holes in both",
       [](Programme& p) {
         p.hole(kSound, 300);
         p.hole(kPictures, 310);
       }},
      {"damage",
       [](Programme& p) {
         p.tell({.type = Type::kContinuity, .time = 3.1_s});
         p.hole(kSound, 300);
       }},
      {"broken sound",
       [](Programme& p) {
         p.tell({.type = Type::kDecodeError, .time = 3.1_s, .track = kSound});
         p.hole(kSound, 300);
       }},
      {"another programme that begins with a cut",
       [](Programme& p) {
         p.hole(kSound, 320);
         p.play(3.32);
         p.change_of_scene(30);
       }},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Programme programme;
    programme.play(3);
    c.happen(programme);
    programme.play(10);
    EXPECT_THAT(programme.finish(), IsEmpty());
  }
}

TEST(Sync, TakesNeitherMovementNorASmallChangeForACut) {
  for (const auto& [once, usual] : {std::pair{30.0, 30.0}, std::pair{9.0, 1.0}}) {
    SCOPED_TRACE(testing::Message() << once << " among " << usual);
    Programme programme;
    programme.change_of_scene(usual, usual);
    programme.play(3);
    programme.hole(kSound, 320);
    programme.play(3.32);
    programme.change_of_scene(once);
    programme.play(3.36);
    programme.change_of_scene(1, 1);
    programme.play(10);
    EXPECT_THAT(programme.finish(), SizeIs(1));
  }
}

TEST(Sync, TellsOnceWhatLipsAndADisplacedTrackAgreeOn) {
  const struct {
    std::string_view read;
    double s;
    int part;
  } cases[] = {{"once, at the end", 9.3, 0}, {"often", 30, kLips}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.read);
    Programme programme({}, "matroska,webm");
    programme.move(kSound, 300);
    programme.speak(0);
    programme.play(c.s);
    EXPECT_THAT(programme.told(), SizeIs(c.part == kLips ? 1 : 0));
    programme.finish();
    ASSERT_THAT(programme.told(), ElementsAre(Part(c.part)));
    EXPECT_NEAR(programme.told()[0].measure("offset_ms"), 300, 0.1);
    EXPECT_EQ(programme.told()[0].finding.confidence, 1);
    EXPECT_NEAR(programme.av_offset_ms().value_or(0), 300, 0.1);
  }
}

TEST(Sync, IsNotAboutOtherTracksOfSound) {
  Programme programme;
  programme.play(3);
  programme.hole(kOtherSound, 300);
  programme.jump(kOtherSound, 700);
  programme.move(kSound, 40);  // a hole that no event tells of
  programme.play(12);
  EXPECT_THAT(programme.told(), IsEmpty());
  programme.tell({.type = Type::kContinuity, .time = 12_s, .track = kOtherSound});
  programme.hole(kSound, 300);
  programme.play(20);
  EXPECT_THAT(programme.finish(), SizeIs(1)) << "nor does their damage explain anything";
}

TEST(Sync, TellsOfAFileWhoseWholeTrackIsDisplacedAtItsEnd) {
  const struct {
    std::string_view format;
    double ms;
    bool found;
  } cases[] = {
      {"mov,mp4,m4a,3gp,3g2,mj2", 300, true},
      {"matroska,webm", -100, true},
      {"matroska,webm", 100, false},
      {"mpegts", 300, false},
      {"", 300, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(testing::Message() << c.format << " by " << c.ms << " ms");
    Programme programme({}, std::string(c.format));
    programme.move(kSound, c.ms);
    programme.play(10);
    EXPECT_THAT(programme.told(), IsEmpty());
    programme.finish();
    ASSERT_THAT(programme.told(), SizeIs(c.found ? 1 : 0));
    EXPECT_THAT(programme.av_offset_ms().value_or(0), DoubleNear(c.found ? c.ms : 0, 0.1));
    if (c.found) {
      EXPECT_THAT(programme.told(), ElementsAre(AllOf(Found("av.sync", 0_s, 10_s), Late(c.ms))));
    }
  }
}

TEST(Sync, ReadsLipsWhereTimestampsTellNothing) {
  for (const double ms : {300.0, -300.0}) {
    SCOPED_TRACE(ms);
    Programme programme;
    programme.speak(ms);
    programme.play(40);
    ASSERT_THAT(programme.told(), ElementsAre(AllOf(FoundOpen("av.sync", 0_s), Part(kLips))));
    EXPECT_LT(programme.told()[0].told, 20_s);
    programme.finish();
    const Stretch& found = programme.told()[0];
    EXPECT_EQ(found.end, 40_s);
    EXPECT_NEAR(found.measure("offset_ms"), ms, 60);
    EXPECT_THAT(found.finding.confidence, AllOf(Ge(0.5), Le(0.95)));
    EXPECT_THAT(found.finding.note, HasSubstr(ms > 0 ? "ms late" : "ms early"));
    EXPECT_NEAR(programme.av_offset_ms().value_or(0), ms, 60);
  }
}

TEST(Sync, TellsOfLipsOnlyWhatIsSurelyBeyondTheLimits) {
  for (const double ms : {0.0, 70.0, -70.0}) {
    SCOPED_TRACE(ms);
    Programme programme({{"late_ms", 10}, {"early_ms", 10}});
    programme.speak(ms);
    programme.play(30);
    EXPECT_THAT(programme.finish(), IsEmpty());
    EXPECT_NEAR(programme.av_offset_ms().value_or(1000), ms, 60) << "it is measured all the same";
  }
  Programme other;
  other.speak(0, true);
  other.play(30);
  EXPECT_THAT(other.finish(), IsEmpty());
  EXPECT_FALSE(other.av_offset_ms());
}

TEST(Sync, OfLipsEndsWhereTheyAgreeAgainAndIsToldAsItWas) {
  Programme programme;
  programme.speak(300);
  programme.play(40);
  programme.speak(0);
  programme.play(90);
  ASSERT_THAT(programme.told(), SizeIs(1));
  const Stretch& found = programme.told()[0];
  ASSERT_TRUE(found.end);
  EXPECT_GE(*found.end, 30_s);
  EXPECT_LE(*found.end, 50_s);
  EXPECT_NEAR(found.measure("offset_ms"), 300, 60);
  EXPECT_THAT(found.finding.note, HasSubstr("ms late"));
  EXPECT_THAT(programme.finish(), SizeIs(1));
}

TEST(Sync, WaitsForAReadingOfLipsToBeBorneOut) {
  Programme programme;
  programme.speak(300);
  programme.play(10);
  EXPECT_NEAR(programme.av_offset_ms().value_or(0), 300, 60) << "it has been read once";
  programme.hole(kSound, 60);  // from here on they stand otherwise
  programme.speak(0);
  programme.play(30);
  EXPECT_THAT(programme.finish(), IsEmpty());
}

TEST(Sync, TellsASingleReadingOfLipsAtTheEnd) {
  Programme programme;
  programme.speak(300);
  programme.play(11);
  EXPECT_THAT(programme.told(), IsEmpty());
  EXPECT_THAT(programme.finish(), ElementsAre(AllOf(Found("av.sync", 0_s, 11_s), Part(kLips))));
}

TEST(Sync, TellsOnceWhatTimestampsAndLipsAgreeOn) {
  Programme programme;
  programme.speak(0);
  programme.play(20);
  programme.hole(kSound, 300);
  programme.play(60);
  EXPECT_THAT(programme.finish(), ElementsAre(AllOf(Found("av.sync", 20.3_s, 60_s), Part(kStamps))));
}

TEST(Sync, ForgetsLipsThatWereReadBeforeTimestampsToldAnError) {
  Programme programme;
  programme.speak(0);
  programme.play(20);
  EXPECT_NEAR(programme.av_offset_ms().value_or(1000), 0, 60);
  programme.hole(kSound, 300);
  programme.play(23);
  programme.finish();
  EXPECT_THAT(programme.av_offset_ms().value_or(0), DoubleNear(300, 0.1));
}

TEST(Sync, TakesInputsOfOneTrackOrNone) {
  Programme none;
  EXPECT_THAT(none.finish(), IsEmpty());
  EXPECT_FALSE(none.av_offset_ms());
  Programme events_only;
  events_only.hole(kSound, 300);
  events_only.jump(kPictures, 300);
  EXPECT_THAT(events_only.finish(), IsEmpty());
}

}  // namespace
}  // namespace monolens

#include "incidents/incident_tracker.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kDetector = "gap";
constexpr std::string_view kKind = "transport.gap";  // merges stretches 1 s apart
constexpr std::string_view kUnmerged = "transport.stalled";

Finding began(MediaTime start, std::string_view kind = kKind) {
  Finding f;
  f.phase = Finding::Phase::kBegan;
  f.kind = kind;
  f.start = start;
  return f;
}

Finding updated(MediaTime start) {
  Finding f = began(start);
  f.phase = Finding::Phase::kUpdated;
  return f;
}

Finding ended(MediaTime start, MediaTime end, std::string_view kind = kKind) {
  Finding f = began(start, kind);
  f.phase = Finding::Phase::kEnded;
  f.end = end;
  return f;
}

// A tracker whose events are written down as "open 5", "update 6", "close 8": the type and `at` in seconds.
class IncidentTrackerTest : public testing::Test {
 protected:
  std::unique_ptr<IncidentTracker> track(std::string input) {
    return std::make_unique<IncidentTracker>(
        std::move(input),
        [this](const IncidentEvent& e) {
          const std::string_view type = e.type == IncidentEvent::Type::kOpen     ? "open"
                                        : e.type == IncidentEvent::Type::kUpdate ? "update"
                                                                                 : "close";
          events_.push_back(fmt::format("{} {:g}", type, e.at.seconds()));
          told_.push_back(*e.incident);
        },
        [this] {
          ++snapshots_;
          return std::vector<std::uint8_t>{static_cast<std::uint8_t>(snapshots_)};
        });
  }

  std::string id_of(std::string input, std::string_view kind, int on_track, int part, MediaTime start) {
    auto tracker = track(std::move(input));
    Finding f = began(start, kind);
    f.part = part;
    tracker->take(kDetector, on_track, f, start);
    return tracker->incidents().at(0).id;
  }

  std::vector<std::string> events_;
  std::vector<Incident> told_;
  int snapshots_ = 0;
  std::unique_ptr<IncidentTracker> tracker_ = track("a.ts");
};

TEST_F(IncidentTrackerTest, OpensWhenItIsToldAndClosesWhenTheMergeTimeHasPassed) {
  tracker_->take(kDetector, 2, began(5_s), 7_s);
  tracker_->take(kDetector, 2, ended(5_s, 9_s), 9.5_s);
  tracker_->advance(9.9_s);
  EXPECT_THAT(events_, ElementsAre("open 7"));
  tracker_->advance(10.1_s);
  EXPECT_THAT(events_, ElementsAre("open 7", "close 10.1"));

  ASSERT_EQ(tracker_->incidents().size(), 1U);
  const Incident& i = tracker_->incidents()[0];
  EXPECT_EQ(i.kind, kKind);
  EXPECT_EQ(i.detector, kDetector);
  EXPECT_EQ(i.track, 2);
  EXPECT_EQ(i.start, 5_s);
  EXPECT_EQ(i.end, 9_s);
  EXPECT_FALSE(told_[0].end.has_value());
  EXPECT_EQ(told_[1].end, 9_s);
}

TEST_F(IncidentTrackerTest, MakesOneIncidentOfStretchesWithinTheMergeTime) {
  tracker_->take(kDetector, 0, began(5_s), 5_s);
  tracker_->take(kDetector, 0, ended(5_s, 6_s), 6_s);
  tracker_->advance(6.8_s);
  tracker_->take(kDetector, 0, began(6.9_s), 6.9_s);
  tracker_->advance(8.5_s);
  tracker_->take(kDetector, 0, ended(6.9_s, 9_s), 9_s);
  tracker_->finish(20_s);
  EXPECT_THAT(events_, ElementsAre("open 5", "update 6.9", "close 20"));
  ASSERT_EQ(tracker_->incidents().size(), 1U);
  EXPECT_EQ(tracker_->incidents()[0].start, 5_s);
  EXPECT_EQ(tracker_->incidents()[0].end, 9_s);
}

TEST_F(IncidentTrackerTest, MakesTwoOfStretchesFurtherApart) {
  tracker_->take(kDetector, 0, began(5_s), 5_s);
  tracker_->take(kDetector, 0, ended(5_s, 6_s), 6_s);
  tracker_->take(kDetector, 0, began(7.1_s), 7.2_s);
  EXPECT_THAT(events_, ElementsAre("open 5", "close 7.2", "open 7.2"));
  tracker_->finish(9_s);
  ASSERT_EQ(tracker_->incidents().size(), 2U);
  EXPECT_EQ(tracker_->incidents()[0].end, 6_s);
  EXPECT_EQ(tracker_->incidents()[1].start, 7.1_s);
  EXPECT_EQ(tracker_->incidents()[1].end, 9_s);
  EXPECT_NE(tracker_->incidents()[0].id, tracker_->incidents()[1].id);
}

TEST_F(IncidentTrackerTest, MergesNothingThatIsNotToBeMerged) {
  tracker_->take("stalled", -1, began(5_s, kUnmerged), 5_s);
  tracker_->take("stalled", -1, ended(5_s, 6_s, kUnmerged), 6_s);
  tracker_->take("stalled", -1, began(6.01_s, kUnmerged), 6.01_s);
  EXPECT_EQ(tracker_->incidents().size(), 2U);
}

TEST_F(IncidentTrackerTest, KeepsDetectorsTracksKindsAndPartsApart) {
  tracker_->take(kDetector, 0, began(5_s), 5_s);
  tracker_->take(kDetector, 1, began(5_s), 5_s);
  tracker_->take(kDetector, 0, began(5_s, "video.decode_error"), 5_s);
  tracker_->take("another", 0, began(5_s), 5_s);
  Finding part = began(5_s);
  part.part = 1;
  tracker_->take(kDetector, 0, part, 5_s);
  ASSERT_EQ(tracker_->incidents().size(), 5U);

  tracker_->take(kDetector, 1, ended(5_s, 6_s), 6_s);
  tracker_->advance(8_s);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(tracker_->incidents()[i].end.has_value(), i == 1) << i;
}

TEST_F(IncidentTrackerTest, ListsIncidentsInTheOrderTheyOpened) {
  tracker_->take(kDetector, 0, began(7_s), 8_s);
  tracker_->take(kDetector, 1, began(5_s), 9_s);
  tracker_->take(kDetector, 1, ended(5_s, 10_s), 10_s);
  tracker_->finish(12_s);
  EXPECT_EQ(tracker_->incidents()[0].start, 7_s);
  EXPECT_EQ(tracker_->incidents()[1].start, 5_s);
}

TEST_F(IncidentTrackerTest, TellsThatAnIncidentGoesOnEveryFiveSeconds) {
  tracker_->take(kDetector, 0, began(5_s), 5_s);
  for (int s = 6; s <= 16; ++s) tracker_->advance(MediaTime::seconds(s));
  EXPECT_THAT(events_, ElementsAre("open 5", "update 10", "update 15"));
}

TEST_F(IncidentTrackerTest, TellsNothingMoreOfWhatHasEnded) {
  tracker_->take("stalled", -1, began(5_s, kUnmerged), 5_s);
  tracker_->take("stalled", -1, ended(5_s, 6_s, kUnmerged), 6_s);
  for (int s = 7; s <= 20; ++s) tracker_->advance(MediaTime::seconds(s));
  tracker_->finish(20_s);
  EXPECT_THAT(events_, ElementsAre("open 5", "close 7"));
}

TEST_F(IncidentTrackerTest, OpensAndClosesWhatIsToldOnlyOnceItHasEnded) {
  tracker_->take(kDetector, 0, ended(5_s, 6_s), 8_s);
  tracker_->advance(8_s);
  EXPECT_THAT(events_, ElementsAre("open 8", "close 8"));
  EXPECT_EQ(tracker_->incidents().at(0).end, 6_s);
}

TEST_F(IncidentTrackerTest, IgnoresNewsOfWhatNeverBegan) {
  tracker_->take(kDetector, 0, updated(5_s), 6_s);
  EXPECT_THAT(events_, IsEmpty());
  EXPECT_THAT(tracker_->incidents(), IsEmpty());
}

TEST_F(IncidentTrackerTest, TakesOverWhatIsKnownBetter) {
  Finding f = began(5_s);
  f.confidence = 0.5;
  f.measures = {{"lost_packets", 1}};
  f.note = "first";
  tracker_->take(kDetector, 0, f, 5_s);
  Finding better = updated(5_s);
  better.confidence = 0.9;
  better.measures = {{"lost_packets", 7}};
  better.note = "second";
  tracker_->take(kDetector, 0, better, 6_s);
  EXPECT_THAT(events_, ElementsAre("open 5", "update 6"));
  EXPECT_EQ(told_[1].confidence, 0.9);
  EXPECT_THAT(told_[1].measures, ElementsAre(testing::Pair("lost_packets", 7.0)));
  EXPECT_EQ(told_[1].evidence.note, "second");
}

TEST_F(IncidentTrackerTest, KeepsMeasuresAndNoteThatAreNotToldAgain) {
  Finding f = began(5_s);
  f.measures = {{"lost_packets", 1}};
  f.note = "first";
  tracker_->take(kDetector, 0, f, 5_s);
  tracker_->take(kDetector, 0, ended(5_s, 6_s), 6_s);
  tracker_->finish(6_s);
  EXPECT_THAT(tracker_->incidents()[0].measures, ElementsAre(testing::Pair("lost_packets", 1.0)));
  EXPECT_EQ(tracker_->incidents()[0].evidence.note, "first");
}

TEST_F(IncidentTrackerTest, HasTheKindsSeverityUnlessTheFindingSaysAnother) {
  tracker_->take(kDetector, 0, began(5_s), 5_s);
  EXPECT_EQ(tracker_->incidents()[0].severity, kind_info(kKind).severity);
  Finding minor = began(5_s);
  minor.severity = Severity::kMinor;
  tracker_->take(kDetector, 1, minor, 5_s);
  EXPECT_EQ(tracker_->incidents()[1].severity, Severity::kMinor);
}

TEST_F(IncidentTrackerTest, NeverLetsTheSeveritySink) {
  const auto weighing = [](Finding f, Severity severity) {
    f.severity = severity;
    return f;
  };
  tracker_->take(kDetector, 0, weighing(began(5_s), Severity::kMinor), 5_s);
  tracker_->take(kDetector, 0, weighing(updated(5_s), Severity::kCritical), 6_s);
  EXPECT_EQ(told_.back().severity, Severity::kCritical);
  tracker_->take(kDetector, 0, weighing(ended(5_s, 7_s), Severity::kMinor), 7_s);
  tracker_->take(kDetector, 0, weighing(began(7.5_s), Severity::kMinor), 7.5_s);
  tracker_->finish(9_s);
  ASSERT_EQ(tracker_->incidents().size(), 1U);
  EXPECT_EQ(tracker_->incidents()[0].severity, Severity::kCritical);
}

TEST_F(IncidentTrackerTest, ClosesEverythingAtTheEnd) {
  tracker_->take(kDetector, 0, began(5_s), 5_s);
  tracker_->take(kDetector, 1, began(6_s), 6_s);
  tracker_->take(kDetector, 1, ended(6_s, 7_s), 7_s);
  tracker_->finish(8_s);
  EXPECT_THAT(events_, ElementsAre("open 5", "open 6", "close 8", "close 8"));
  EXPECT_EQ(tracker_->incidents()[0].end, 8_s);
  EXPECT_EQ(tracker_->incidents()[1].end, 7_s);
}

TEST_F(IncidentTrackerTest, NeverEndsAnIncidentBeforeItBegan) {
  tracker_->take(kDetector, 0, began(5_s), 5_s);
  tracker_->finish(4_s);
  EXPECT_EQ(tracker_->incidents()[0].end, 5_s);
}

TEST_F(IncidentTrackerTest, TakesASnapshotWhenAnIncidentOpensAndOnlyThen) {
  tracker_->take(kDetector, 0, began(5_s), 5_s);
  EXPECT_THAT(told_[0].evidence.jpeg, ElementsAre(1));
  tracker_->advance(11_s);
  tracker_->take(kDetector, 0, ended(5_s, 12_s), 12_s);
  tracker_->take(kDetector, 0, began(12.5_s), 12.5_s);
  tracker_->finish(14_s);
  EXPECT_EQ(snapshots_, 1);
  EXPECT_THAT(tracker_->incidents()[0].evidence.jpeg, ElementsAre(1));
}

TEST_F(IncidentTrackerTest, NeedsNeitherAListenerNorASnapshot) {
  IncidentTracker tracker("a.ts", nullptr, nullptr);
  tracker.take(kDetector, 0, began(5_s), 5_s);
  tracker.finish(6_s);
  EXPECT_THAT(tracker.incidents().at(0).evidence.jpeg, IsEmpty());
}

TEST_F(IncidentTrackerTest, ForgetsWhatHasClosedAndGoesOnWithWhatIsOpen) {
  tracker_->take(kDetector, 0, began(5_s), 5_s);
  tracker_->take(kDetector, 1, began(5_s), 5_s);
  tracker_->take(kDetector, 2, began(6_s), 6_s);
  const std::string id = tracker_->incidents()[1].id;
  tracker_->take(kDetector, 0, ended(5_s, 6_s), 6_s);
  tracker_->take(kDetector, 2, ended(6_s, 7_s), 7_s);
  tracker_->advance(7.1_s);
  tracker_->forget_closed();
  ASSERT_EQ(tracker_->incidents().size(), 2U) << "the last still waits for the merge time to pass";
  EXPECT_EQ(tracker_->incidents()[0].id, id);

  tracker_->take(kDetector, 1, ended(5_s, 8_s), 8_s);
  tracker_->take(kDetector, 2, began(7.5_s), 8_s);
  tracker_->take(kDetector, 3, began(8_s), 8_s);
  tracker_->finish(10_s);
  EXPECT_THAT(events_, ElementsAre("open 5", "open 5", "open 6", "close 7.1", "update 8", "open 8",
                                   "close 10", "close 10", "close 10"));
  EXPECT_EQ(told_[6].id, id);
  EXPECT_EQ(told_[6].end, 8_s);
  EXPECT_EQ(told_[7].track, 2);
  EXPECT_EQ(told_[7].start, 6_s) << "merged across what was forgotten";
  tracker_->forget_closed();
  EXPECT_THAT(tracker_->incidents(), IsEmpty());
}

TEST_F(IncidentTrackerTest, KeepsThePictureOfWhatStaysOpenWhenItForgets) {
  tracker_->take(kDetector, 0, ended(5_s, 6_s), 6_s);
  tracker_->take(kDetector, 1, began(6_s), 6_s);
  tracker_->advance(8_s);
  tracker_->forget_closed();
  EXPECT_THAT(tracker_->incidents().at(0).evidence.jpeg, ElementsAre(2));
}

TEST_F(IncidentTrackerTest, GivesTheSameIdToTheSameIncident) {
  EXPECT_EQ(id_of("a.ts", kKind, 0, 0, 5_s), id_of("a.ts", kKind, 0, 0, 5_s));
  EXPECT_EQ(id_of("a.ts", "video.freeze", 0, 0, 5_s), "2fe16139d7a79965") << "ids of earlier versions stay";
}

TEST_F(IncidentTrackerTest, GivesAnotherIdToTheNextThatBeginsAtTheSameTime) {
  for (int i = 0; i < 3; ++i) {
    tracker_->take(kDetector, 0, ended(5_s, 5_s, kUnmerged), 6_s);
    tracker_->advance(7_s);
  }
  ASSERT_EQ(tracker_->incidents().size(), 3U);
  std::set<std::string> ids;
  for (const Incident& i : tracker_->incidents()) ids.insert(i.id);
  EXPECT_EQ(ids.size(), 3U);
  EXPECT_EQ(tracker_->incidents()[0].id, id_of("a.ts", kUnmerged, 0, 0, 5_s));
}

TEST_F(IncidentTrackerTest, GivesAnotherIdToAnyOther) {
  const std::string id = id_of("a.ts", kKind, 0, 0, 5_s);
  EXPECT_NE(id, id_of("b.ts", kKind, 0, 0, 5_s));
  EXPECT_NE(id, id_of("a.ts", "video.freeze", 0, 0, 5_s));
  EXPECT_NE(id, id_of("a.ts", kKind, 1, 0, 5_s));
  EXPECT_NE(id, id_of("a.ts", kKind, 0, 1, 5_s));
  EXPECT_NE(id, id_of("a.ts", kKind, 0, 0, 5_s + MediaDuration::nanoseconds(1)));
}

}  // namespace
}  // namespace monolens

#include "service/incident_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/rfc3339.h"
#include "base/testing/temporary_folder.h"

namespace monolens {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;
using Json = nlohmann::json;
using std::chrono::milliseconds;

constexpr std::int64_t kStart = 1'772'000'000'000;

struct Seen {
  std::string id = "00000000000000aa";
  std::string kind = "video.black";
  std::string detector = "black";
  Json track = {{"type", "video"}, {"index", 0}, {"id", 256}, {"language", nullptr}};
  std::string severity = "major";
  std::int64_t started_ms = kStart;
};

// What a worker tells of an incident.
Json message(const std::string& event, std::int64_t told_ms, const Seen& seen = {}) {
  const Json ended = event == "close" ? Json(told_ms) : Json(nullptr);
  const Json ended_at = event == "close" ? Json(rfc3339(told_ms)) : Json(nullptr);
  return {{"event", event},
          {"monitor", "m"},
          {"told_ms", told_ms},
          {"started_ms", seen.started_ms},
          {"ended_ms", ended},
          {"incident",
           {{"id", seen.id},
            {"kind", seen.kind},
            {"detector", seen.detector},
            {"track", seen.track},
            {"severity", seen.severity},
            {"started_at", rfc3339(seen.started_ms)},
            {"ended_at", ended_at},
            {"confidence", 1},
            {"measures", Json::object()},
            {"note", "the picture is black"}}}};
}

class IncidentBookTest : public testing::Test {
 protected:
  IncidentBookTest() {
    auto store = Store::open(folder_.at("monolens.db"));
    if (!store) throw std::runtime_error(store.error().message);
    store_ = std::move(*store);
    restart();
  }

  // As a start of the service: what the book knows is gone, what the store holds is not.
  void restart() {
    quiet_ = std::make_unique<QuietTimes>(*store_);
    book_ = std::make_unique<IncidentBook>(*store_, *quiet_, milliseconds(10'000),
                                           [this](const EventRecord& event) { told_.push_back(event.id); });
    book_->orphan("m", [](const std::string&) { return true; });
  }
  void take(const Json& told) const { ASSERT_TRUE(book_->take(told, "Channel 1")); }

  Json event(std::size_t n) const { return Json::parse(store_->events_after(0, 100).at(n).json); }
  IncidentRecord only_incident() const {
    const auto all = store_->incidents({});
    return all.size() == 1 ? all[0] : throw std::runtime_error("not one incident");
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
  std::vector<std::string> told_;  // ids of events
  std::unique_ptr<QuietTimes> quiet_;
  std::unique_ptr<IncidentBook> book_;
};

TEST_F(IncidentBookTest, WritesAnIncidentAndTellsOfItInTheFormThatPeopleGet) {
  take(message("open", kStart + 2'000));
  take(message("close", kStart + 5'000));
  EXPECT_THAT(told_, ElementsAre("00000000000000aa.open", "00000000000000aa.close"));
  EXPECT_EQ(event(0).at("schema"), "monolens.live_event/1");
  EXPECT_EQ(event(0).at("monitor"), (Json{{"id", "m"}, {"name", "Channel 1"}}));
  EXPECT_EQ(event(0).at("time"), rfc3339(kStart + 2'000));
  EXPECT_EQ(event(1).at("incident").at("ended_at"), rfc3339(kStart + 5'000));
  EXPECT_EQ(only_incident().track, "video 0");
  EXPECT_EQ(only_incident().ended_ms, kStart + 5'000);
}

TEST_F(IncidentBookTest, TellsAnEventOnceHoweverOftenItComes) {
  take(message("open", kStart));
  take(message("open", kStart));
  EXPECT_THAT(told_, ElementsAre("00000000000000aa.open"));
}

TEST_F(IncidentBookTest, KeepsThePictureOfTheOpening) {
  Json opening = message("open", kStart);
  opening["picture"] = Json::binary({0xff, 0xd8});
  take(opening);
  EXPECT_THAT(store_->picture("00000000000000aa"), ElementsAre(0xff, 0xd8));
}

TEST_F(IncidentBookTest, GoesOnUnderTheSameIdWhenAnotherWorkerSeesTheSame) {
  take(message("open", kStart));
  restart();
  const Seen again{.id = "00000000000000bb", .started_ms = kStart + 8'000};
  take(message("open", kStart + 8'000, again));
  take(message("close", kStart + 9'000, again));
  EXPECT_THAT(
      told_, ElementsAre("00000000000000aa.open", "00000000000000aa.update." + std::to_string(kStart + 8'000),
                         "00000000000000aa.close"));
  EXPECT_EQ(event(2).at("incident").at("started_at"), rfc3339(kStart)) << "it began before the restart";
  EXPECT_EQ(only_incident().ended_ms, kStart + 9'000);
}

TEST_F(IncidentBookTest, TakesNothingElseForTheSame) {
  take(message("open", kStart));
  for (const Seen& other : {Seen{.id = "00000000000000b1", .kind = "video.freeze", .detector = "freeze"},
                            Seen{.id = "00000000000000b2", .detector = "another"},
                            Seen{.id = "00000000000000b3",
                            .track = {{"type", "video"}, {"index", 1}, {"id", 257}, {"language", nullptr}}},
                            Seen{.id = "00000000000000b4", .track = nullptr}}) {
    restart();
    take(message("open", kStart + 8'000, other));
    EXPECT_EQ(told_.back(), other.id + ".open");
  }
}

TEST_F(IncidentBookTest, LetsOneSuccessorAloneTakeAnIncidentUp) {
  take(message("open", kStart));
  restart();
  take(message("open", kStart + 8'000, {.id = "00000000000000bb", .started_ms = kStart + 8'000}));
  take(message("open", kStart + 9'000, {.id = "00000000000000cc", .started_ms = kStart + 9'000}));
  EXPECT_EQ(told_.back(), "00000000000000cc.open");
}

TEST_F(IncidentBookTest, ClosesWhatNobodyTakesUpAsOfWhenItWasLastKnown) {
  take(message("open", kStart + 1'000));
  restart();
  ASSERT_TRUE(book_->settle("m", "Channel 1", milliseconds(9'999), kStart + 60'000));
  EXPECT_EQ(only_incident().ended_ms, std::nullopt);
  ASSERT_TRUE(book_->settle("m", "Channel 1", milliseconds(10'000), kStart + 60'000));
  EXPECT_EQ(only_incident().ended_ms, kStart + 1'000);
  EXPECT_EQ(told_.back(), "00000000000000aa.close");
  EXPECT_THAT(event(1).at("incident").at("note").get<std::string>(),
              EndsWith("(it was over when watching went on)"));
  ASSERT_TRUE(book_->settle("m", "Channel 1", milliseconds(20'000), kStart + 70'000));
  EXPECT_EQ(told_.size(), 2U) << "once";
}

TEST_F(IncidentBookTest, SettlesNothingThatIsSeenAgain) {
  take(message("open", kStart));
  restart();
  take(message("open", kStart + 8'000, {.id = "00000000000000bb", .started_ms = kStart + 8'000}));
  ASSERT_TRUE(book_->settle("m", "Channel 1", milliseconds(20'000), kStart + 60'000));
  EXPECT_EQ(only_incident().ended_ms, std::nullopt);
}

TEST_F(IncidentBookTest, ClosesAllOfAMonitorThatIsWatchedNoLonger) {
  take(message("open", kStart));
  take(message("open", kStart, {.id = "00000000000000bb", .kind = "audio.silence", .detector = "silence"}));
  ASSERT_TRUE(book_->close_all("another", "x", kStart + 5'000, "the monitor was removed"));
  EXPECT_EQ(store_->open_incidents("m").size(), 2U);
  ASSERT_TRUE(book_->close_all("m", "Channel 1", kStart + 5'000, "the monitor was removed"));
  EXPECT_THAT(store_->open_incidents("m"), IsEmpty());
  EXPECT_THAT(event(3).at("incident").at("note").get<std::string>(), EndsWith("(the monitor was removed)"));
}

TEST_F(IncidentBookTest, NeverEndsAnIncidentBeforeItBegan) {
  take(message("open", kStart, {.started_ms = kStart + 1'000}));
  ASSERT_TRUE(book_->close_all("m", "Channel 1", kStart, "the clock was set back"));
  EXPECT_EQ(only_incident().ended_ms, kStart + 1'000);
}

TEST_F(IncidentBookTest, TellsOfWhatTheServiceItselfFinds) {
  ASSERT_TRUE(book_->tell_own("m", "Channel 1", "monitor.degraded", kStart, "it crashed"));
  const Json incident = event(0).at("incident");
  EXPECT_EQ(incident.at("detector"), "service");
  EXPECT_EQ(incident.at("note"), "it crashed");
  EXPECT_EQ(incident.at("id").get<std::string>().size(), 16U);
  EXPECT_EQ(only_incident().kind, "monitor.degraded");
}

TEST_F(IncidentBookTest, RefusesWhatIsNoMessage) {
  Json broken = message("open", kStart);
  broken.at("incident").erase("kind");
  for (const Json& json : {Json::object(), Json{{"event", "open"}}, broken}) {
    const auto taken = book_->take(json, "Channel 1");
    ASSERT_FALSE(taken) << json;
    EXPECT_EQ(taken.error().code, ErrorCode::kInternal);
  }
  EXPECT_THAT(told_, IsEmpty());
}

TEST_F(IncidentBookTest, KeepsThePictureAndTheMapOfWhereItIs) {
  Json told = message("open", kStart + 2'000);
  told["picture"] = Json::binary({0xFF, 0xD8});
  told["map"] = {{"columns", 1}, {"rows", 1}, {"cells", {0.5}}};
  take(told);
  EXPECT_EQ(store_->picture(only_incident().id), (std::vector<std::uint8_t>{0xFF, 0xD8}));
  EXPECT_EQ(Json::parse(store_->map(only_incident().id)), told["map"]);
}

class QuietBookTest : public IncidentBookTest {
 protected:
  // Type and whether it is kept from the sinks, of each event.
  std::vector<std::pair<std::string, bool>> events() const {
    std::vector<std::pair<std::string, bool>> all;
    for (const EventRecord& e : store_->events_after(0, 100)) all.emplace_back(e.type, e.muted);
    return all;
  }
  void pass(std::int64_t now_ms) const {
    ASSERT_TRUE(book_->tell_after_quiet(
        now_ms, [](const std::string&) { return std::optional<std::string>("Channel 1"); }));
  }
  using Events = std::vector<std::pair<std::string, bool>>;
};

TEST_F(QuietBookTest, KeepsFromTheSinksWhatBeginsAndEndsInMaintenance) {
  quiet_->set_windows("m", {{kStart, kStart + 60'000, ""}});
  take(message("open", kStart + 2'000));
  EXPECT_TRUE(only_incident().muted);
  take(message("update", kStart + 3'000));
  take(message("close", kStart + 4'000));
  pass(kStart + 70'000);
  EXPECT_EQ(events(), (Events{{"open", true}, {"update", true}, {"close", true}}));
}

TEST_F(QuietBookTest, TellsAfterwardsWhatIsStillOpen) {
  quiet_->set_windows("m", {{kStart, kStart + 60'000, ""}});
  take(message("open", kStart + 2'000));
  pass(kStart + 59'999);
  EXPECT_EQ(events(), (Events{{"open", true}}));
  pass(kStart + 60'000);
  pass(kStart + 61'000);
  EXPECT_EQ(events(), (Events{{"open", true}, {"open", false}})) << "once";
  EXPECT_FALSE(only_incident().muted);
  EXPECT_EQ(event(1).at("incident").at("started_at"), rfc3339(kStart));
  take(message("close", kStart + 70'000));
  EXPECT_EQ(events(), (Events{{"open", true}, {"open", false}, {"close", false}}));
}

TEST_F(QuietBookTest, TellsTheEndOfWhatSinksWereToldOf) {
  take(message("open", kStart + 2'000));
  quiet_->set_windows("m", {{kStart + 3'000, kStart + 60'000, ""}});
  take(message("update", kStart + 4'000));
  take(message("close", kStart + 5'000));
  EXPECT_EQ(events(), (Events{{"open", false}, {"update", true}, {"close", false}}));
}

TEST_F(QuietBookTest, KeepsOnlyWhatIsSnoozed) {
  take(message("open", kStart + 2'000));
  ASSERT_TRUE(quiet_->snooze(only_incident(), kStart + 60'000));
  take(message("close", kStart + 3'000));
  take(message("open", kStart + 10'000, {.id = "00000000000000bb"}));
  take(message("open", kStart + 11'000,
               {.id = "00000000000000cc", .kind = "video.freeze", .detector = "freeze"}));
  EXPECT_EQ(events(), (Events{{"open", false}, {"close", false}, {"open", true}, {"open", false}}));
}

TEST_F(QuietBookTest, KnowsWhatIsMutedAfterARestart) {
  quiet_->set_windows("m", {{kStart, kStart + 60'000, ""}});
  take(message("open", kStart + 2'000));
  restart();
  take(message("open", kStart + 65'000, {.id = "00000000000000bb"}));
  EXPECT_EQ(events(), (Events{{"open", true}, {"update", true}})) << "it goes on under the old id";
  pass(kStart + 66'000);
  EXPECT_EQ(events().back(), (std::pair<std::string, bool>("open", false)));
}

// ---- in a cluster

IncidentRecord foreign(std::int64_t told_ms, std::optional<std::int64_t> ended_ms = {}) {
  return {.id = "00000000000000ff",
          .monitor = "m",
          .kind = "video.black",
          .severity = "critical",
          .track = "video 0",
          .started_ms = kStart,
          .ended_ms = ended_ms,
          .told_ms = told_ms,
          .json = R"({"id":"00000000000000ff","detector":"black","note":""})"};
}

EventRecord foreign_event(const std::string& type, std::int64_t told_ms) {
  return {.id = "00000000000000ff." + type,
          .monitor = "m",
          .incident = "00000000000000ff",
          .type = type,
          .kind = "video.black",
          .severity = "critical",
          .told_ms = told_ms,
          .json = "{}",
          .origin = "other"};
}

const auto kMine = [](const std::string& detector) { return detector == "black"; };
const auto kNotMine = [](const std::string&) { return false; };

TEST_F(IncidentBookTest, GoesOnWithWhatAnotherInstanceToldOf) {
  ASSERT_TRUE(
      book_->take_foreign(foreign(kStart), foreign_event("open", kStart), {.picture = {0xff}}, kMine));
  EXPECT_THAT(store_->picture("00000000000000ff"), ElementsAre(0xff));
  take(message("open", kStart + 9'000));
  take(message("close", kStart + 12'000));
  EXPECT_THAT(
      told_, ElementsAre("00000000000000ff.open", "00000000000000ff.update." + std::to_string(kStart + 9'000),
                         "00000000000000ff.close"));
  EXPECT_EQ(only_incident().started_ms, kStart);
  EXPECT_EQ(only_incident().ended_ms, kStart + 12'000);
}

TEST_F(IncidentBookTest, LeavesAloneWhatAnotherInstanceWatches) {
  ASSERT_TRUE(book_->take_foreign(foreign(kStart), foreign_event("open", kStart), {}, kNotMine));
  ASSERT_TRUE(book_->settle("m", "Channel 1", milliseconds(60'000), kStart + 60'000));
  EXPECT_EQ(only_incident().ended_ms, std::nullopt);
  take(message("open", kStart + 9'000));
  EXPECT_EQ(store_->incidents({}).size(), 2U);
}

TEST_F(IncidentBookTest, OfWhatTwoInstancesToldTheLaterCounts) {
  ASSERT_TRUE(book_->take_foreign(foreign(kStart), foreign_event("open", kStart), {}, kMine));
  take(message("open", kStart + 9'000));
  const auto late = foreign(kStart + 4'000, kStart + 4'000);
  ASSERT_TRUE(book_->take_foreign(late, foreign_event("close", kStart + 4'000), {}, kMine));
  EXPECT_EQ(only_incident().ended_ms, std::nullopt);
  take(message("close", kStart + 12'000));
  EXPECT_EQ(only_incident().ended_ms, kStart + 12'000);
  EXPECT_EQ(told_.back(), "00000000000000ff.close");
}

TEST_F(IncidentBookTest, WhatAnotherClosedIsNotTakenUp) {
  ASSERT_TRUE(book_->take_foreign(foreign(kStart), foreign_event("open", kStart), {}, kMine));
  const auto closed = foreign(kStart + 4'000, kStart + 4'000);
  ASSERT_TRUE(book_->take_foreign(closed, foreign_event("close", kStart + 4'000), {}, kMine));
  take(message("open", kStart + 9'000));
  EXPECT_EQ(store_->incidents({}).size(), 2U);
}

// Both had it for a moment: what one closed goes on with the other, and is closed again for all to hear.
TEST_F(IncidentBookTest, ClosesAgainWhatWentOnAfterAnotherClosedIt) {
  ASSERT_TRUE(book_->take_foreign(foreign(kStart), foreign_event("open", kStart), {}, kMine));
  take(message("open", kStart + 2'000));
  const auto closed = foreign(kStart + 4'000, kStart + 4'000);
  ASSERT_TRUE(book_->take_foreign(closed, foreign_event("close", kStart + 4'000), {}, kMine));
  take(message("update", kStart + 6'000));
  EXPECT_EQ(only_incident().ended_ms, std::nullopt);
  take(message("close", kStart + 8'000));
  EXPECT_EQ(only_incident().ended_ms, kStart + 8'000);
  EXPECT_EQ(told_.back(), "00000000000000ff.close." + std::to_string(kStart + 8'000));
}

TEST_F(IncidentBookTest, OrphansOnlyWhatItsDetectorsFound) {
  take(message("open", kStart));
  quiet_ = std::make_unique<QuietTimes>(*store_);
  book_ = std::make_unique<IncidentBook>(*store_, *quiet_, milliseconds(10'000), nullptr);
  book_->orphan("m", kNotMine);
  ASSERT_TRUE(book_->settle("m", "Channel 1", milliseconds(60'000), kStart + 60'000));
  EXPECT_EQ(only_incident().ended_ms, std::nullopt);
  book_->orphan("m", kMine);
  book_->release("m");
  ASSERT_TRUE(book_->settle("m", "Channel 1", milliseconds(60'000), kStart + 60'000));
  EXPECT_EQ(only_incident().ended_ms, std::nullopt) << "it is for another to have";
}

}  // namespace
}  // namespace monolens

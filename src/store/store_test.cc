#include "store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace monolens {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    std::string folder = testing::TempDir() + "store_XXXXXX";
    if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = folder;
  }
  ~StoreTest() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return folder_ / "monolens.db"; }

  std::unique_ptr<Store> must_open() const {
    auto store = Store::open(path());
    if (!store) throw std::runtime_error(store.error().message);
    return std::move(*store);
  }

  std::filesystem::path folder_;
};

// As the first version made it.
constexpr const char* kFirstForm = R"(
CREATE TABLE monitors(
  id TEXT PRIMARY KEY, client_key TEXT UNIQUE, created_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL,
  spec TEXT NOT NULL, quarantined TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE incidents(
  id TEXT PRIMARY KEY, monitor TEXT NOT NULL, kind TEXT NOT NULL, severity TEXT NOT NULL, track TEXT NOT NULL,
  started_ms INTEGER NOT NULL, ended_ms INTEGER, told_ms INTEGER NOT NULL, acknowledged_ms INTEGER,
  json TEXT NOT NULL, picture BLOB);
CREATE TABLE events(
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, monitor TEXT NOT NULL,
  incident TEXT NOT NULL, type TEXT NOT NULL, kind TEXT NOT NULL, severity TEXT NOT NULL,
  told_ms INTEGER NOT NULL, json TEXT NOT NULL);
CREATE TABLE cursors(sink TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO incidents VALUES('a', 'm', 'video.black', 'critical', 'video 0', 1000, NULL, 1500, NULL, '{}', NULL);
INSERT INTO events VALUES(7, 'a.open', 'm', 'a', 'open', 'video.black', 'critical', 1500, '{}');
PRAGMA user_version = 1;
)";

IncidentRecord incident(std::string id, std::string monitor, std::int64_t started_ms) {
  return {.id = std::move(id),
          .monitor = std::move(monitor),
          .kind = "video.black",
          .severity = "critical",
          .track = "video 0",
          .started_ms = started_ms,
          .told_ms = started_ms + 2'000,
          .json = "{}"};
}

EventRecord event(const IncidentRecord& i, const std::string& type) {
  return {.id = i.id + "." + type,
          .monitor = i.monitor,
          .incident = i.id,
          .type = type,
          .kind = i.kind,
          .severity = i.severity,
          .told_ms = i.told_ms,
          .json = "{\"event\":\"" + type + "\"}"};
}

std::int64_t must_record(Store& store, const IncidentRecord& i, const std::string& type) {
  EventRecord e = event(i, type);
  const auto recorded = store.record(i, e);
  if (!recorded) throw std::runtime_error(recorded.error().message);
  return e.sequence;
}

std::vector<std::string> ids(const std::vector<IncidentRecord>& incidents) {
  std::vector<std::string> ids;
  for (const IncidentRecord& i : incidents) ids.push_back(i.id);
  return ids;
}

std::vector<std::string> ids(const std::vector<EventRecord>& events) {
  std::vector<std::string> ids;
  for (const EventRecord& e : events) ids.push_back(e.id);
  return ids;
}

TEST_F(StoreTest, KeepsMonitorsFromOneStartToTheNext) {
  ASSERT_TRUE(
      must_open()->put({.id = "m1", .client_key = "k", .created_ms = 1, .changed_ms = 1, .spec = "{}"}));
  const auto store = must_open();
  ASSERT_EQ(store->monitors().size(), 1U);
  EXPECT_EQ(store->monitor("m1")->client_key, "k");
  EXPECT_EQ(store->monitor_of_key("k")->id, "m1");
  EXPECT_FALSE(store->monitor("m2"));
}

TEST_F(StoreTest, ChangesAMonitorAndKeepsItsCreation) {
  const auto store = must_open();
  ASSERT_TRUE(store->put({.id = "m1", .client_key = "k", .created_ms = 1, .changed_ms = 1, .spec = "a"}));
  ASSERT_TRUE(
      store->put({.id = "m1", .created_ms = 9, .changed_ms = 9, .spec = "b", .quarantined = "crashed"}));
  const auto changed = store->monitor("m1");
  EXPECT_EQ(changed->created_ms, 1);
  EXPECT_EQ(changed->changed_ms, 9);
  EXPECT_EQ(changed->spec, "b");
  EXPECT_EQ(changed->client_key, "k");
  EXPECT_EQ(changed->quarantined, "crashed");
}

TEST_F(StoreTest, TakesAClientKeyOnlyOnce) {
  const auto store = must_open();
  ASSERT_TRUE(store->put({.id = "m1", .client_key = "k"}));
  EXPECT_FALSE(store->put({.id = "m2", .client_key = "k"}));
  EXPECT_TRUE(store->put({.id = "m3"}));
  EXPECT_TRUE(store->put({.id = "m4"})) << "no key is no key twice over";
}

TEST_F(StoreTest, ErasesAMonitorAndKeepsItsIncidents) {
  const auto store = must_open();
  ASSERT_TRUE(store->put({.id = "m1"}));
  must_record(*store, incident("i1", "m1", 1'000), "open");
  EXPECT_TRUE(*store->erase_monitor("m1"));
  EXPECT_FALSE(*store->erase_monitor("m1"));
  EXPECT_THAT(ids(store->incidents({.monitor = "m1"})), ElementsAre("i1"));
}

TEST_F(StoreTest, NumbersEventsInTheOrderInWhichTheyAreTold) {
  const auto store = must_open();
  IncidentRecord i = incident("i1", "m1", 1'000);
  EXPECT_EQ(must_record(*store, i, "open"), 1);
  i.ended_ms = 5'000;
  EXPECT_EQ(must_record(*store, i, "close"), 2);
  EXPECT_THAT(ids(store->events_after(0, 10)), ElementsAre("i1.open", "i1.close"));
  EXPECT_THAT(ids(store->events_after(1, 10)), ElementsAre("i1.close"));
  EXPECT_THAT(ids(store->events_after(0, 1)), ElementsAre("i1.open"));
  EXPECT_EQ(store->last_sequence(), 2);
  EXPECT_EQ(store->incident("i1")->ended_ms, 5'000);
}

TEST_F(StoreTest, TellsAnEventOnceHoweverOftenItIsRecorded) {
  const auto store = must_open();
  IncidentRecord i = incident("i1", "m1", 1'000);
  must_record(*store, i, "open");
  i.severity = "minor";
  EXPECT_EQ(must_record(*store, i, "open"), 0);
  EXPECT_EQ(store->last_sequence(), 1);
  EXPECT_EQ(store->incident("i1")->severity, "critical");
}

TEST_F(StoreTest, OfWhatIsToldOfAnIncidentTheLaterCounts) {
  const auto store = must_open();
  IncidentRecord i = incident("i1", "m1", 1'000);
  i.told_ms = 2'000;
  must_record(*store, i, "open");
  i.told_ms = 1'500;
  i.severity = "minor";
  must_record(*store, i, "update");
  EXPECT_EQ(store->incident("i1")->severity, "critical");
  i.told_ms = 2'001;
  EXPECT_EQ(must_record(*store, i, "open"), 0) << "it was told";
  EXPECT_EQ(store->incident("i1")->severity, "minor");
}

TEST_F(StoreTest, KnowsWhichInstanceToldOfAnEvent) {
  const auto store = must_open();
  const IncidentRecord i = incident("i1", "m1", 1'000);
  EventRecord e = event(i, "open");
  EXPECT_FALSE(store->has_event(e.id));
  e.origin = "other";
  ASSERT_TRUE(store->record(i, e));
  EXPECT_TRUE(store->has_event(e.id));
  EXPECT_EQ(store->events_after(0, 10).at(0).origin, "other");
}

TEST_F(StoreTest, WritesAnIncidentWithoutTelling) {
  const auto store = must_open();
  const IncidentRecord i = incident("i1", "m1", 1'000);
  EventRecord none;
  ASSERT_TRUE(store->record(i, none));
  EXPECT_EQ(store->last_sequence(), 0);
  EXPECT_TRUE(store->incident("i1"));
}

TEST_F(StoreTest, KeepsThePictureOfTheOpening) {
  const auto store = must_open();
  const IncidentRecord i = incident("i1", "m1", 1'000);
  EventRecord e = event(i, "open");
  ASSERT_TRUE(store->record(i, e, {.picture = {0xff, 0xd8}, .map = "{}"}));
  must_record(*store, i, "close");
  EXPECT_THAT(store->picture("i1"), ElementsAre(0xff, 0xd8));
  EXPECT_THAT(store->picture("i2"), IsEmpty());
}

TEST_F(StoreTest, FindsIncidentsByWhatIsAsked) {
  const auto store = must_open();
  IncidentRecord a = incident("a", "m1", 1'000);
  a.ended_ms = 2'000;
  IncidentRecord b = incident("b", "m2", 3'000);
  b.kind = "audio.silence";
  b.severity = "major";
  const IncidentRecord c = incident("c", "m1", 5'000);
  for (const IncidentRecord& i : {a, b, c}) must_record(*store, i, "open");
  EXPECT_THAT(ids(store->incidents({})), ElementsAre("c", "b", "a"));
  EXPECT_THAT(ids(store->incidents({.monitor = "m1"})), ElementsAre("c", "a"));
  EXPECT_THAT(ids(store->incidents({.kind = "audio.silence"})), ElementsAre("b"));
  EXPECT_THAT(ids(store->incidents({.severity = "major"})), ElementsAre("b"));
  EXPECT_THAT(ids(store->incidents({.open = true})), ElementsAre("c", "b"));
  EXPECT_THAT(ids(store->incidents({.open = false})), ElementsAre("a"));
  EXPECT_THAT(ids(store->incidents({.from_ms = 2'500})), ElementsAre("c", "b"));
  EXPECT_THAT(ids(store->incidents({.until_ms = 3'000})), ElementsAre("a"));
  EXPECT_THAT(ids(store->open_incidents("m1")), ElementsAre("c"));
}

TEST_F(StoreTest, GoesThroughPagesWithoutLeavingOneOut) {
  const auto store = must_open();
  for (const char* id : {"a", "b", "c", "d", "e"}) must_record(*store, incident(id, "m", 1'000), "open");
  std::vector<std::string> seen;
  IncidentQuery query{.limit = 2};
  for (;;) {
    const auto page = store->incidents(query);
    if (page.empty()) break;
    for (const auto& i : page) seen.push_back(i.id);
    query.after = {page.back().started_ms, page.back().id};
  }
  EXPECT_THAT(seen, ElementsAre("a", "b", "c", "d", "e"));
}

TEST_F(StoreTest, RemembersWhoFirstAcknowledged) {
  const auto store = must_open();
  must_record(*store, incident("i1", "m1", 1'000), "open");
  EXPECT_TRUE(*store->acknowledge("i1", 7'000));
  EXPECT_TRUE(*store->acknowledge("i1", 8'000));
  EXPECT_EQ(store->incident("i1")->acknowledged_ms, 7'000);
  EXPECT_FALSE(*store->acknowledge("i2", 7'000));
}

TEST_F(StoreTest, KeepsWhereEachSinkHasCome) {
  ASSERT_TRUE(must_open()->set_cursor("webhook", 3));
  const auto store = must_open();
  EXPECT_EQ(store->cursor("webhook"), 3);
  EXPECT_EQ(store->cursor("nats"), 0);
}

TEST_F(StoreTest, LetsANewSinkBeginNowAndAKnownOneWhereItWas) {
  const auto store = must_open();
  ASSERT_TRUE(store->introduce("early"));
  must_record(*store, incident("i1", "m1", 1'000), "open");
  ASSERT_TRUE(store->introduce("early"));
  ASSERT_TRUE(store->introduce("late"));
  EXPECT_EQ(store->cursor("early"), 0) << "it knows of no event yet, and is not new";
  EXPECT_EQ(store->cursor("late"), 1);
}

TEST_F(StoreTest, ForgetsOnlyWhatIsOverAndTold) {
  const auto store = must_open();
  IncidentRecord ended = incident("ended", "m", 1'000);
  ended.ended_ms = 2'000;
  must_record(*store, ended, "open");
  must_record(*store, incident("open", "m", 1'000), "open");
  ASSERT_TRUE(store->set_cursor("webhook", 1));
  ASSERT_TRUE(store->forget(100'000, {"webhook"}));
  EXPECT_THAT(ids(store->incidents({})), ElementsAre("open"));
  EXPECT_THAT(ids(store->events_after(0, 10)), ElementsAre("open.open")) << "the sink has not come to it";
}

TEST_F(StoreTest, RefusesWhatIsNoStoreAndWhatIsNewer) {
  std::ofstream(path()) << "this is a text file, and long enough to be looked at as a database header......";
  const auto text = Store::open(path());
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::kUnreadable);
  EXPECT_THAT(text.error().message, HasSubstr("monolens.db"));
  std::filesystem::remove(path());
  (void)must_open();
  (void)(*Database::open(path()))->execute("PRAGMA user_version = 99");
  const auto newer = Store::open(path());
  ASSERT_FALSE(newer);
  EXPECT_THAT(newer.error().message, HasSubstr("newer"));
}

TEST_F(StoreTest, NamesAFolderThatIsNotThere) {
  const auto store = Store::open(folder_ / "none" / "monolens.db");
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message, HasSubstr("none/monolens.db"));
}

// A process is killed in the midst of writing: each incident is there with its event, or neither is.
TEST_F(StoreTest, HasIncidentAndEventTogetherAfterAKill) {
  (void)must_open();
  for (int attempt = 0; attempt < 10; ++attempt) {
    const pid_t child = fork();
    if (child == 0) {
      const auto store = must_open();
      for (int n = 0;; ++n) {
        const auto id = std::to_string(attempt) + "-" + std::to_string(n);
        must_record(*store, incident(id, "m", n), "open");
      }
    }
    usleep(20'000);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const auto store = must_open();
    const auto incidents = store->incidents({.limit = 1'000'000});
    EXPECT_EQ(incidents.size(), static_cast<std::size_t>(store->last_sequence()));
    EXPECT_EQ(store->events_after(0, 1'000'000).size(), incidents.size());
  }
}

TEST_F(StoreTest, TakesOverAStoreOfTheFirstForm) {
  ASSERT_TRUE((*Database::open(path()))->execute(kFirstForm));
  const auto store = must_open();
  ASSERT_TRUE(store->incident("a"));
  EXPECT_FALSE(store->incident("a")->muted);
  ASSERT_EQ(store->events_after(0, 10).size(), 1U);
  EXPECT_EQ(store->events_after(0, 10)[0].sequence, 7);
  EXPECT_THAT(store->snoozes(), IsEmpty());
  EXPECT_THAT(must_open()->deliveries("a"), IsEmpty()) << "and once is enough";
}

TEST_F(StoreTest, KeepsWhatIsMutedSnoozedAndDelivered) {
  const auto store = must_open();
  ASSERT_TRUE(store->introduce("hook"));
  IncidentRecord quiet = incident("a", "m", 1'000);
  quiet.muted = true;
  EventRecord open = event(quiet, "open");
  open.muted = true;
  ASSERT_TRUE(store->record(quiet, open));
  ASSERT_EQ(store->muted_open_incidents().size(), 1U);
  EXPECT_TRUE(store->events_after(0, 10)[0].muted);
  ASSERT_TRUE(store->set_delivered("hook", open.sequence, 5'000));
  EXPECT_EQ(store->cursor("hook"), open.sequence);
  ASSERT_EQ(store->deliveries("a").size(), 1U);
  EXPECT_EQ(store->deliveries("a")[0].delivered_ms, 5'000);
  quiet.ended_ms = 4'000;
  EventRecord close = event(quiet, "close");
  ASSERT_TRUE(store->record(quiet, close));
  EXPECT_THAT(store->muted_open_incidents(), IsEmpty());
  ASSERT_TRUE(store->set_delivered("hook", close.sequence, 6'000));
  ASSERT_TRUE(store->forget(1'000'000, {"hook"}));
  EXPECT_THAT(store->deliveries("a"), IsEmpty()) << "they go with their events";

  ASSERT_TRUE(store->put({"m", "video.black", "video 0", 9'000}));
  ASSERT_TRUE(store->put({"m", "video.black", "video 0", 9'500}));
  ASSERT_EQ(must_open()->snoozes().size(), 1U);
  EXPECT_EQ(store->snoozes()[0].until_ms, 9'500);
  ASSERT_TRUE(store->put({"m", "video.black", "video 0", 0}));
  EXPECT_THAT(store->snoozes(), IsEmpty());
}

}  // namespace
}  // namespace monolens

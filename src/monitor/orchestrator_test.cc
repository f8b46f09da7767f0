#include "monitor/orchestrator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>

#include "base/testing/temporary_folder.h"
#include "media/testing/http_server.h"
#include "monitor/testing/live_test.h"
#include "monitor/testing/udp_sender.h"

namespace monolens {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using Type = IncidentEvent::Type;

constexpr const char* kBlack = "video.black";
constexpr const char* kDegraded = "monitor.degraded";

LiveOptions watch(std::string id, std::string url, int priority = 0, std::string_view detectors = "black") {
  return {.id = std::move(id), .url = std::move(url), .priority = priority, .pipeline = watching(detectors)};
}

LiveStatus status_of(const Orchestrator& orchestrator, const std::string& id) {
  for (const auto& [name, status] : orchestrator.status()) {
    if (name == id) return status;
  }
  ADD_FAILURE() << "no monitor " << id;
  return {};
}

TEST(Orchestrator, WatchesManyWithFewWorkers) {
  const TemporaryFolder folder;
  write_file(folder.at("a.ts"), make({.seconds = 4, .black_from = 1, .black_to = 3}));
  Told told;
  Orchestrator orchestrator({.workers = 2}, {.on_event = told.listener()});
  constexpr int kMonitors = 8;
  for (int i = 0; i < kMonitors; ++i) orchestrator.add(watch(std::to_string(i), folder.at("a.ts")));
  const auto all_ended = [&] {
    const auto status = orchestrator.status();
    return std::all_of(status.begin(), status.end(),
                       [](const auto& s) { return s.second.state == LiveState::kEnded; });
  };
  ASSERT_TRUE(wait_until(all_ended));
  ASSERT_EQ(orchestrator.status().size(), static_cast<std::size_t>(kMonitors));
  std::set<std::string> ids;
  for (int i = 0; i < kMonitors; ++i) {
    const auto events = told.all(kBlack, std::to_string(i));
    ASSERT_GE(events.size(), 2U) << i;
    EXPECT_EQ(events.front().type, Type::kOpen);
    EXPECT_EQ(events.back().type, Type::kClose);
    EXPECT_NEAR(events.back().incident.start.seconds(), 1, 0.06);
    ids.insert(events.front().incident.id);
    EXPECT_EQ(status_of(orchestrator, std::to_string(i)).video_frames, 100U) << i;
  }
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(kMonitors));
}

TEST(Orchestrator, LetsNoBacklogOfAFileStarveALiveStream) {
  const TemporaryFolder folder;
  const Bytes piece = make({.seconds = 8, .width = 320, .height = 240});
  Bytes backlog;
  for (int i = 0; i < 15; ++i) backlog.insert(backlog.end(), piece.begin(), piece.end());
  write_file(folder.at("long.ts"), backlog);
  UdpSender sender(make({.seconds = 6, .black_from = 2.5, .black_to = 4}), 6);
  Told told;
  Orchestrator orchestrator({.workers = 1, .too_late = 300ms * kSlowness, .settle = 100ms},
                            {.on_event = told.listener()});
  sender.go();
  orchestrator.add(watch("live", sender.url()));
  for (const char* id : {"file 1", "file 2", "file 3"})
    orchestrator.add(watch(id, folder.at("long.ts"), 0, "all"));
  ASSERT_TRUE(wait_until([&] { return told.closed(kBlack, "live"); }));
  EXPECT_NEAR(seconds_between(sender.when(3), told.all(kBlack, "live").front().told), 0, 0.8 * kSlowness);
  EXPECT_THAT(told.all(kDegraded), IsEmpty()) << "a file can wait, and is not late";
  for (const char* id : {"file 1", "file 2", "file 3"}) {
    EXPECT_EQ(status_of(orchestrator, id).state, LiveState::kRunning);
    EXPECT_GT(status_of(orchestrator, id).video_frames, 0U) << id;
  }
}

TEST(Orchestrator, RemovesAMonitorThatIsInHand) {
  const TemporaryFolder folder;
  write_file(folder.at("long.ts"), make({.seconds = 60}));
  std::atomic<bool> in_hand = false;
  std::atomic<bool> go_on = false;
  std::atomic<bool> gone = false;
  std::atomic<int> too_late = 0;
  write_file(folder.at("a.ts"), make({.seconds = 2, .black_from = 0.5, .black_to = 2}));
  const auto on_event = [&](const LiveEvent& event) {
    if (event.monitor != "a") return;
    if (gone) ++too_late;
    in_hand = true;
    wait_until([&] { return go_on.load(); });
  };
  Orchestrator orchestrator({.workers = 2}, {.on_event = on_event});
  orchestrator.add(watch("a", folder.at("a.ts")));
  orchestrator.add(watch("b", folder.at("long.ts")));
  ASSERT_TRUE(wait_until([&] { return in_hand.load(); }));
  std::thread remover([&] {
    orchestrator.remove("a");
    gone = true;
  });
  std::this_thread::sleep_for(100ms);
  EXPECT_FALSE(gone) << "a worker has it";
  go_on = true;
  remover.join();
  ASSERT_EQ(orchestrator.status().size(), 1U);
  EXPECT_EQ(orchestrator.status()[0].first, "b");
  orchestrator.remove("a");
  orchestrator.remove("never there");
  ASSERT_TRUE(wait_until([&] { return status_of(orchestrator, "b").state == LiveState::kEnded; }));
  EXPECT_EQ(too_late, 0);

  gone = false;
  in_hand = false;
  orchestrator.add(watch("a", folder.at("a.ts")));
  EXPECT_TRUE(wait_until([&] { return in_hand.load(); })) << "an id may come again";
}

TEST(Orchestrator, RemovesMonitorsWhileTheyReadAndAreAnalysed) {
  const TemporaryFolder folder;
  write_file(folder.at("a.ts"), make({.seconds = 20}));
  Told told;
  Orchestrator orchestrator({.workers = 2, .slice = 1ms}, {.on_event = told.listener()});
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 3; ++i) orchestrator.add(watch(std::to_string(i), folder.at("a.ts")));
    std::this_thread::sleep_for(std::chrono::milliseconds(5 * (round % 5)));
    for (int i = 0; i < 3; ++i) orchestrator.remove(std::to_string(i));
  }
  EXPECT_THAT(orchestrator.status(), IsEmpty());
}

TEST(Orchestrator, EndsAtOnceWhileManyMonitorsHangInOpening) {
  const HttpServer silent({});
  const TemporaryFolder folder;
  write_file(folder.at("a.ts"), make({.seconds = 20}));
  Told told;
  auto orchestrator = std::make_unique<Orchestrator>(OrchestratorOptions{.workers = 2},
                                                     LiveListener{.on_event = told.listener()});
  for (int i = 0; i < 20; ++i) orchestrator->add(watch(std::to_string(i), silent.url("/a.ts")));
  orchestrator->add(watch("file", folder.at("a.ts")));
  ASSERT_TRUE(wait_until([&] { return silent.requests() >= 5; }));
  const auto before = std::chrono::system_clock::now();
  orchestrator.reset();
  EXPECT_LT(seconds_between(before, std::chrono::system_clock::now()), 2);
}

TEST(Orchestrator, GivesUpAnAnalysisThatDoesNotReturnAndSaysWhatWasAtHand) {
  const TemporaryFolder folder;
  write_file(folder.at("a.ts"), make({.seconds = 4, .black_from = 1, .black_to = 3}));
  Told told;
  std::atomic<bool> held = false;
  std::atomic<bool> released = false;
  const auto on_event = [&, listen = told.listener()](const LiveEvent& event) {
    if (event.monitor == "bad" && event.incident.kind == kBlack && !held.exchange(true)) {
      wait_until([&] { return released.load(); });
      return;
    }
    listen(event);
  };
  Orchestrator orchestrator({.workers = 1, .stuck_after = 300ms}, {.on_event = on_event});
  orchestrator.add(watch("bad", folder.at("a.ts")));
  ASSERT_TRUE(wait_until([&] { return held.load(); }));
  orchestrator.add(watch("good", folder.at("a.ts")));
  EXPECT_TRUE(wait_until([&] { return told.closed(kBlack, "good"); }))
      << "another worker has taken its place";
  EXPECT_TRUE(wait_until([&] { return told.closed(kBlack, "bad"); })) << "it was started anew";
  ASSERT_TRUE(told.closed(kDegraded, "bad"));
  const LiveEvent degraded = told.all(kDegraded, "bad").front();
  EXPECT_EQ(degraded.incident.evidence.note, "its analysis has not returned for 0.3 s; at hand: black");
  EXPECT_EQ(status_of(orchestrator, "bad").restarts, 1);
  EXPECT_EQ(status_of(orchestrator, "good").restarts, 0);
  EXPECT_TRUE(orchestrator.is_stuck());
  released = true;
  EXPECT_TRUE(wait_until([&] { return !orchestrator.is_stuck(); }));
}

TEST(Orchestrator, RemovesAMonitorWhoseAnalysisDoesNotReturn) {
  const TemporaryFolder folder;
  write_file(folder.at("a.ts"), make({.seconds = 4, .black_from = 1, .black_to = 3}));
  std::atomic<bool> held = false;
  std::atomic<bool> released = false;
  const auto on_event = [&](const LiveEvent&) {
    held = true;
    wait_until([&] { return released.load(); });
  };
  Orchestrator orchestrator({.workers = 1, .stuck_after = 300ms}, {.on_event = on_event});
  orchestrator.add(watch("bad", folder.at("a.ts")));
  ASSERT_TRUE(wait_until([&] { return held.load(); }));
  const auto before = std::chrono::system_clock::now();
  orchestrator.remove("bad");
  EXPECT_LT(seconds_between(before, std::chrono::system_clock::now()), 5);
  EXPECT_THAT(orchestrator.status(), IsEmpty());
  released = true;
}

TEST(Orchestrator, SamplesWhatTheTimeGoesInto) {
  const TemporaryFolder folder;
  write_file(folder.at("a.ts"), make({.seconds = 8, .width = 640, .height = 480}));
  Told told;
  Orchestrator orchestrator({.workers = 1}, {.on_event = told.listener()});
  orchestrator.add(watch("a", folder.at("a.ts"), 0, "all"));
  ASSERT_TRUE(wait_until([&] { return status_of(orchestrator, "a").state == LiveState::kEnded; }));
  const LiveStatus status = status_of(orchestrator, "a");
  double sum = 0;
  for (const auto& [what, seconds] : status.cost_s) sum += seconds;
  EXPECT_NEAR(sum, status.cpu_s, 1e-9);
  EXPECT_GT(status.cost_s.at("decoder"), 0);
  EXPECT_GT(status.cost_s.at("video features"), 0);
}

// The first black picture finds a listener that takes a second to hear of it: all wait for the only worker.
TEST(Orchestrator, StepsDownTheLeastImportantAndComesBackUp) {
  const Bytes calm = make({.seconds = 30});
  UdpSender low(calm, 30);
  UdpSender high(make({.seconds = 30, .black_from = 3, .black_to = 5}), 30);
  Told told;
  std::atomic<bool> heard = false;
  const OrchestratorOptions options{
      .workers = 1, .too_late = 400ms, .in_time = 200ms, .calm = 700ms, .settle = 400ms};
  const auto on_event = [&, listen = told.listener()](const LiveEvent& event) {
    listen(event);
    if (event.incident.kind == kBlack && !heard.exchange(true)) std::this_thread::sleep_for(1s);
  };
  Orchestrator orchestrator(options, {.on_event = on_event});
  low.go();
  high.go();
  orchestrator.add(watch("low", low.url(), 1));
  orchestrator.add(watch("high", high.url(), 2));
  ASSERT_TRUE(wait_until([&] { return told.opened(kDegraded, "low"); }));
  EXPECT_NE(status_of(orchestrator, "low").ladder, Ladder::kFull);
  ASSERT_TRUE(wait_until([&] { return told.closed(kDegraded, "low"); }));
  const auto events = told.all(kDegraded, "low");
  EXPECT_EQ(events.front().type, Type::kOpen);
  EXPECT_EQ(events.back().type, Type::kClose);
  EXPECT_GE(seconds_between(events.front().told, events.back().told), 0.6) << "not at once";
  EXPECT_EQ(status_of(orchestrator, "low").ladder, Ladder::kFull);
  EXPECT_THAT(told.all(kDegraded, "high"), IsEmpty()) << "there was a less important one";

  std::this_thread::sleep_for(1'500ms);
  EXPECT_EQ(told.all(kDegraded).size(), events.size()) << "and stays up";
}

}  // namespace
}  // namespace monolens

#include "monitor/live_monitor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <set>
#include <string>
#include <vector>

#include "base/testing/loopback.h"
#include "base/testing/temporary_folder.h"
#include "media/testing/http_server.h"
#include "monitor/testing/live_test.h"
#include "monitor/testing/udp_sender.h"

namespace monolens {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using Type = IncidentEvent::Type;

constexpr const char* kBlack = "video.black";
constexpr const char* kStalled = "transport.stalled";
constexpr const char* kDegraded = "monitor.degraded";

class LiveMonitorTest : public testing::Test {
 protected:
  static LiveOptions watch(const std::string& url, std::string_view detectors = "black") {
    return {.id = "one", .url = url, .pipeline = watching(detectors), .retry_first = 50ms};
  }
  void start(LiveOptions options) {
    monitor_ = std::make_unique<LiveMonitor>(
        std::move(options),
        LiveListener{.on_event = told_.listener(),
                     .on_second = [this](const LiveSecond& s) { seconds_.push_back(s); },
                     .on_clip = [this](const LiveClip& c) { clips_.push_back(c); },
                     .on_picture = [this](const LivePicture& p) { pictures_.push_back(p); }},
        [] {});
  }
  // Works, as an idle worker would, until `condition` holds.
  template <class Condition>
  bool work_until(Condition condition, std::chrono::milliseconds limit = 20s) {
    return wait_until(
        [&] {
          monitor_->work(10ms);
          return condition();
        },
        limit);
  }
  bool work_until(LiveState state) {
    return work_until([&] { return monitor_->state() == state; });
  }
  void work_for(std::chrono::milliseconds time) {
    work_until([] { return false; }, time);
  }
  double destroy() {
    const auto before = std::chrono::system_clock::now();
    monitor_.reset();
    return seconds_between(before, std::chrono::system_clock::now());
  }

  Told told_;
  std::vector<LiveSecond> seconds_;
  std::vector<LiveClip> clips_;
  std::vector<LivePicture> pictures_;
  std::unique_ptr<LiveMonitor> monitor_;
};

TEST_F(LiveMonitorTest, MeasuresEachSecondAndSaysWhenItWasShown) {
  UdpSender sender(make({.seconds = 8, .black_from = 3, .black_to = 6}), 8);
  start(watch(sender.url()));
  sender.go();
  ASSERT_TRUE(work_until([&] { return seconds_.size() >= 6; }));
  const auto shown = std::chrono::floor<std::chrono::seconds>(sender.when(4)).time_since_epoch().count();
  const auto within = std::find_if(seconds_.begin(), seconds_.end(), [&](const LiveSecond& s) {
    return s.start_s >= shown && s.measured.quantities().at("luma_mean").mean() < 20;
  });
  ASSERT_NE(within, seconds_.end());
  EXPECT_LE(within->start_s, shown + 1) << "of the second in which it was black";
  for (std::size_t i = 1; i < seconds_.size(); ++i) {
    const auto& q = seconds_[i].measured.quantities();
    EXPECT_EQ(seconds_[i].start_s, seconds_[0].start_s + static_cast<std::int64_t>(i));
    EXPECT_DOUBLE_EQ(q.at("pictures_per_s").mean(), 25);
    EXPECT_GT(q.at("bitrate_bps").mean(), 1'000);
    EXPECT_GT(q.at("cpu_s").mean(), 0);
    EXPECT_LT(q.at("cpu_s").mean(), 1);
  }
}

TEST_F(LiveMonitorTest, MeasuresHowLoudASessionIs) {
  UdpSender sender(make({.seconds = 8}), 8);
  start(watch(sender.url(), "loudness"));
  sender.go();
  ASSERT_TRUE(work_until([&] { return seconds_.size() >= 5; }));
  for (std::size_t i = 1; i < seconds_.size(); ++i)
    EXPECT_NEAR(seconds_[i].measured.quantities().at("integrated_lufs").mean(), -20, 1);
}

TEST_F(LiveMonitorTest, TellsOfABlackPictureInWallClockTime) {
  UdpSender sender(make({.seconds = 7, .black_from = 3, .black_to = 4.6}), 7);
  start(watch(sender.url()));
  sender.go();
  ASSERT_TRUE(work_until([&] { return told_.closed(kBlack); }));
  const auto events = told_.all(kBlack);
  EXPECT_EQ(events.front().type, Type::kOpen);
  EXPECT_EQ(events.front().monitor, "one");
  EXPECT_EQ(events.front().track.value().codec, "mpeg2video");
  EXPECT_FALSE(events.front().ended.has_value());
  EXPECT_NEAR(seconds_between(sender.when(3), events.front().started), 0, 0.5);
  EXPECT_NEAR(seconds_between(sender.when(4.6), events.back().ended.value()), 0, 0.5);
  EXPECT_NEAR(seconds_between(sender.when(3.5), events.front().told), 0, 0.7) << "as soon as it is known";
  for (const LiveEvent& event : events) {
    EXPECT_EQ(event.incident.id, events.front().incident.id);
    EXPECT_EQ(event.started, events.front().started) << "an incident has one beginning";
  }
  EXPECT_EQ(monitor_->status().sessions, 1U);
  EXPECT_EQ(monitor_->status().input.value().format, "mpegts");
}

TEST_F(LiveMonitorTest, ShowsHowTheStreamLooksEveryFewSeconds) {
  UdpSender sender(make({.seconds = 12}), 12);
  start(watch(sender.url()));
  sender.go();
  ASSERT_TRUE(work_until([&] { return pictures_.size() == 2; }));
  EXPECT_NEAR(seconds_between(pictures_[0].taken, pictures_[1].taken), 4, 1);
  for (const LivePicture& picture : pictures_) {
    EXPECT_EQ(picture.monitor, "one");
    ASSERT_GT(picture.jpeg.size(), 100U);
    EXPECT_EQ(picture.jpeg[0], 0xFF);
    EXPECT_EQ(picture.jpeg[1], 0xD8);
  }
}

TEST_F(LiveMonitorTest, KeepsAClipOfTheSecondsAroundAnIncident) {
  UdpSender sender(make({.seconds = 12, .black_from = 5, .black_to = 6}), 12);
  start(watch(sender.url()));
  sender.go();
  ASSERT_TRUE(work_until([&] { return !clips_.empty(); }));
  EXPECT_EQ(clips_[0].monitor, "one");
  ASSERT_TRUE(told_.opened(kBlack));
  EXPECT_EQ(clips_[0].clip.incidents, std::vector{told_.all(kBlack).front().incident.id});
  EXPECT_EQ(told_.all(kBlack).front().type, Type::kOpen);
  EXPECT_GT(clips_[0].clip.mp4.size(), 10'000U);
}

TEST_F(LiveMonitorTest, TellsThatNothingArrivesAndThatItArrivesAgain) {
  UdpSender sender(make({.seconds = 20}), 20);
  LiveOptions options = watch(sender.url());
  options.stalled_after = 800ms;
  start(options);
  sender.go();
  ASSERT_TRUE(work_until([&] { return monitor_->status().video_frames > 40; }));
  sender.stop();
  const auto stopped = std::chrono::system_clock::now();
  ASSERT_TRUE(work_until(LiveState::kStalled));
  ASSERT_TRUE(told_.opened(kStalled));
  const LiveEvent open = told_.all(kStalled).front();
  EXPECT_GE(seconds_between(stopped, open.told), 0.7);
  EXPECT_LE(seconds_between(stopped, open.told), 0.8 + 0.5);
  EXPECT_NEAR(seconds_between(stopped, open.started), 0, 0.5) << "it began with the last packet";

  sender.go();
  const auto resumed = std::chrono::system_clock::now();
  ASSERT_TRUE(work_until([&] { return told_.closed(kStalled); }));
  EXPECT_EQ(monitor_->state(), LiveState::kRunning);
  const LiveEvent close = told_.all(kStalled).back();
  EXPECT_NEAR(seconds_between(resumed, close.ended.value()), 0, 0.5);
  EXPECT_EQ(close.incident.id, open.incident.id);
  EXPECT_EQ(close.started, open.started);
  EXPECT_EQ(monitor_->status().sessions, 1U) << "it was the same session all the time";
}

TEST_F(LiveMonitorTest, TellsOnceOfAPlaylistThatDoesNotGrowAndAnalysesItOnce) {
  const std::string list = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/a.ts\n";
  const HttpServer server(HttpServer::Answers{
      {"/live.m3u8", HttpServer::ok("application/vnd.apple.mpegurl", list)},
      {"/a.ts",
       HttpServer::ok("video/mp2t", text_of(make({.seconds = 2, .black_from = 0.5, .black_to = 1.5})))}});
  LiveOptions options = watch(server.url("/live.m3u8"));
  options.timeout = 1'000ms;
  start(options);
  ASSERT_TRUE(work_until([&] { return told_.opened(kStalled); }));
  EXPECT_THAT(told_.all(kStalled).front().incident.evidence.note, HasSubstr("has not changed for 1."));
  ASSERT_TRUE(work_until(LiveState::kRetrying));
  const int requests = server.requests();
  ASSERT_TRUE(work_until([&] { return server.requests() >= requests + 6; }));
  EXPECT_EQ(monitor_->status().sessions, 1U);
  EXPECT_EQ(told_.count(Type::kOpen, kStalled), 1U);
  EXPECT_FALSE(told_.closed(kStalled));
  EXPECT_EQ(told_.count(Type::kOpen, kBlack), 1U);
}

TEST_F(LiveMonitorTest, TriesUntilSomebodySends) {
  UdpSender sender(make({.seconds = 20}), 20);
  LiveOptions options = watch(sender.url());
  options.timeout = 2'500ms;
  start(options);
  EXPECT_EQ(monitor_->state(), LiveState::kConnecting);
  ASSERT_TRUE(work_until(LiveState::kRetrying));
  EXPECT_THAT(monitor_->status().trouble, HasSubstr("timed out"));
  EXPECT_FALSE(monitor_->status().input.has_value());
  ASSERT_TRUE(told_.opened(kStalled));
  EXPECT_THAT(told_.all(kStalled).front().incident.evidence.note, HasSubstr("timed out"));

  sender.go();
  ASSERT_TRUE(work_until([&] { return monitor_->status().video_frames > 0; }));
  EXPECT_EQ(monitor_->state(), LiveState::kRunning);
  EXPECT_EQ(monitor_->status().trouble, "");
  EXPECT_TRUE(told_.closed(kStalled));
  EXPECT_EQ(told_.count(Type::kOpen, kStalled), 1U) << "however often it was tried";
}

TEST_F(LiveMonitorTest, EndsWhatIsOpenWithTheLastPacketOfASourceThatGoesAway) {
  UdpSender sender(make({.seconds = 8, .black_from = 2.5, .black_to = 8}), 8);
  LiveOptions options = watch(sender.url());
  options.timeout = 2'500ms;
  start(options);
  sender.go();
  ASSERT_TRUE(work_until([&] { return told_.opened(kBlack); }));
  sender.stop();
  const auto stopped = std::chrono::system_clock::now();
  ASSERT_TRUE(work_until([&] { return told_.closed(kBlack); }));
  EXPECT_EQ(monitor_->state(), LiveState::kRetrying);
  EXPECT_NEAR(seconds_between(stopped, told_.all(kBlack).back().ended.value()), 0, 0.5);
}

TEST_F(LiveMonitorTest, ReadsAFileToItsEndHoweverSmallTheQueue) {
  const TemporaryFolder folder;
  write_file(folder.at("a.ts"), make({.seconds = 6, .black_from = 3, .black_to = 6}));
  LiveOptions options = watch(folder.at("a.ts"));
  options.queue.bytes = 5'000;
  start(options);
  EXPECT_TRUE(monitor_->can_wait());
  std::this_thread::sleep_for(100ms);
  ASSERT_TRUE(work_until(LiveState::kEnded));
  const LiveStatus status = monitor_->status();
  EXPECT_EQ(status.video_frames, 150U);
  EXPECT_EQ(status.dropped_packets, 0U);
  EXPECT_NEAR(status.position_s, 6, 0.1);
  EXPECT_EQ(status.trouble, "");
  EXPECT_GT(status.cpu_s, 0);
  EXPECT_TRUE(told_.closed(kBlack)) << "it is open at the end";
  EXPECT_THAT(told_.all(kStalled), IsEmpty());
  work_for(200ms);
  EXPECT_EQ(monitor_->state(), LiveState::kEnded) << "nobody tries again";
}

TEST_F(LiveMonitorTest, TriesAFileThatIsNotThereYet) {
  const TemporaryFolder folder;
  start(watch(folder.at("a.ts")));
  ASSERT_TRUE(work_until(LiveState::kRetrying));
  EXPECT_THAT(monitor_->status().trouble, HasSubstr("no such file"));
  write_file(folder.at("new"), make({.seconds = 1}));
  std::filesystem::rename(folder.at("new"), folder.at("a.ts"));
  ASSERT_TRUE(work_until(LiveState::kEnded));
  EXPECT_EQ(monitor_->status().video_frames, 25U);
  EXPECT_TRUE(told_.closed(kStalled));
}

// A server that hangs up on everybody, and writes down when they called.
class Refuser {
 public:
  std::string url() const { return "http://127.0.0.1:" + std::to_string(listener_.port()) + "/a.ts"; }
  std::vector<WallTime> calls(std::size_t count) const {
    std::vector<WallTime> calls;
    for (pollfd ready{listener_.descriptor(), POLLIN, 0};
         calls.size() < count && poll(&ready, 1, 10'000) > 0;) {
      const int connection = listener_.accept_one();
      calls.push_back(std::chrono::system_clock::now());
      close(connection);
    }
    return calls;
  }

 private:
  LoopbackSocket listener_{SOCK_STREAM};
};

TEST_F(LiveMonitorTest, TriesLessAndLessOftenUpToALimit) {
  const Refuser refuser;
  LiveOptions options = watch(refuser.url());
  options.retry_first = 100ms;
  options.retry_most = 800ms;
  start(options);
  const std::vector<WallTime> calls = refuser.calls(6);
  ASSERT_EQ(calls.size(), 6U);
  double most = 0.1;
  for (std::size_t i = 1; i < calls.size(); ++i, most = std::min(2 * most, 0.8)) {
    const double delay = seconds_between(calls[i - 1], calls[i]);
    EXPECT_GE(delay, 0.5 * most - 0.02) << i;
    EXPECT_LE(delay, most + 0.3) << i;
  }
  ASSERT_TRUE(work_until(LiveState::kRetrying));
  EXPECT_EQ(told_.count(Type::kOpen, kStalled), 1U);
}

TEST_F(LiveMonitorTest, TriesWhereNobodyListens) {
  std::string url;
  { url = Refuser().url(); }
  start(watch(url));
  ASSERT_TRUE(work_until(LiveState::kRetrying));
  EXPECT_THAT(monitor_->status().trouble, HasSubstr("refused"));
}

// HTTP hands over a minute at once: a live stream that is far too fast for the queue.
TEST_F(LiveMonitorTest, DropsWhatItIsTooLateForAndGoesOn) {
  const Bytes bytes = make({.seconds = 60});
  const HttpServer server({{"/a.ts", HttpServer::ok("video/mp2t", text_of(bytes))}});
  LiveOptions options = watch(server.url("/a.ts"), "all,-loudness");
  options.queue.bytes = 200'000;
  options.retry_first = 10s;
  start(options);
  std::this_thread::sleep_for(2s);
  EXPECT_EQ(monitor_->status().dropped_packets, 0U) << "nobody has looked yet";
  ASSERT_TRUE(work_until(LiveState::kRetrying));
  const LiveStatus status = monitor_->status();
  EXPECT_GT(status.dropped_packets, 1'000U);
  EXPECT_GT(status.video_frames, 10U) << "the queue is not empty after a drop";
  EXPECT_EQ(status.sessions, 1U);
  std::set<std::string> kinds;
  for (const LiveEvent& event : told_.all()) kinds.insert(event.incident.kind);
  EXPECT_THAT(kinds, Each(kStalled)) << "what was dropped is no fault of the stream";
}

TEST_F(LiveMonitorTest, TellsWhatItGivesUp) {
  const HttpServer silent({});
  start(watch(silent.url("/a.ts")));
  monitor_->work(1ms);
  EXPECT_THAT(told_.all(kDegraded), IsEmpty());
  for (const Ladder ladder : {Ladder::kEconomy, Ladder::kPaused, Ladder::kKeyFrames, Ladder::kFull}) {
    monitor_->set_ladder(ladder);
    monitor_->work(1ms);
    monitor_->work(1ms);
    EXPECT_EQ(monitor_->status().ladder, ladder);
  }
  const auto events = told_.all(kDegraded);
  ASSERT_EQ(events.size(), 4U);
  const Type types[] = {Type::kOpen, Type::kUpdate, Type::kUpdate, Type::kClose};
  const char* notes[] = {"no other refers to", "nothing is analysed", "only key pictures", "in full again"};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(events[i].type, types[i]) << i;
    EXPECT_THAT(events[i].incident.evidence.note, HasSubstr(notes[i]));
    EXPECT_EQ(events[i].incident.id, events[0].incident.id);
    EXPECT_EQ(events[i].ended.has_value(), i == 3);
  }
}

TEST_F(LiveMonitorTest, GivesNothingUpOfAFile) {
  const TemporaryFolder folder;
  write_file(folder.at("a.ts"), make({.seconds = 2}));
  start(watch(folder.at("a.ts")));
  monitor_->set_ladder(Ladder::kPaused);
  ASSERT_TRUE(work_until(LiveState::kEnded));
  EXPECT_EQ(monitor_->status().video_frames, 50U);
  EXPECT_THAT(told_.all(kDegraded), IsEmpty());
}

TEST_F(LiveMonitorTest, TakesNoStepOfItsOwnForAFaultOfTheStream) {
  UdpSender sender(make({.seconds = 20}), 20);
  start(watch(sender.url(), "all,-loudness"));
  sender.go();
  ASSERT_TRUE(work_until([&] { return monitor_->status().video_frames > 40; }));
  for (const Ladder ladder :
       {Ladder::kEconomy, Ladder::kKeyFrames, Ladder::kPaused, Ladder::kKeyFrames, Ladder::kFull}) {
    monitor_->set_ladder(ladder);
    const std::uint64_t before = monitor_->status().video_frames;
    work_for(1'700ms);
    const std::uint64_t frames = monitor_->status().video_frames - before;
    if (ladder == Ladder::kPaused) {
      EXPECT_LE(frames, 1U);
    } else if (ladder == Ladder::kKeyFrames) {
      EXPECT_LT(frames, 12U);
    } else {
      EXPECT_GT(frames, 20U);
    }
  }
  std::set<std::string> kinds;
  for (const LiveEvent& event : told_.all()) {
    kinds.insert(event.incident.kind);
  }
  EXPECT_THAT(kinds, testing::ElementsAre(kDegraded));
}

TEST_F(LiveMonitorTest, EndsAtOnceWhileItOpens) {
  const HttpServer silent({});
  start(watch(silent.url("/a.ts")));
  ASSERT_TRUE(wait_until([&] { return silent.requests() > 0; }));
  EXPECT_LT(destroy(), 1);
}

TEST_F(LiveMonitorTest, EndsAtOnceWhileItReads) {
  UdpSender sender(make({.seconds = 20}), 20);
  start(watch(sender.url()));
  sender.go();
  ASSERT_TRUE(work_until([&] { return monitor_->status().video_frames > 0; }));
  sender.stop();
  work_for(100ms);
  EXPECT_LT(destroy(), 1);
}

TEST_F(LiveMonitorTest, EndsAtOnceWhileItWaitsToTryAgain) {
  LiveOptions options = watch("/no/such/file.ts");
  options.retry_first = 30s;
  start(options);
  ASSERT_TRUE(work_until(LiveState::kRetrying));
  EXPECT_LT(destroy(), 1);
}

TEST_F(LiveMonitorTest, EndsAtOnceWhileAFileIsHeldBack) {
  const TemporaryFolder folder;
  write_file(folder.at("a.ts"), make({.seconds = 4}));
  LiveOptions options = watch(folder.at("a.ts"));
  options.queue.bytes = 1;
  start(options);
  std::this_thread::sleep_for(300ms);
  EXPECT_LT(destroy(), 1);
}

TEST_F(LiveMonitorTest, GivesIncidentsOfTwoSessionsDifferentIds) {
  const Bytes bytes = make({.seconds = 3, .black_from = 1, .black_to = 2});
  const HttpServer server({{"/a.ts", HttpServer::ok("video/mp2t", text_of(bytes))}});
  start(watch(server.url("/a.ts")));
  ASSERT_TRUE(work_until([&] { return told_.count(Type::kClose, kBlack) >= 2; }));
  std::set<std::string> ids;
  for (const LiveEvent& event : told_.all(kBlack)) {
    if (event.type == Type::kOpen) ids.insert(event.incident.id);
  }
  EXPECT_EQ(ids.size(), told_.count(Type::kOpen, kBlack));
  EXPECT_GE(monitor_->status().sessions, 2U);
  ASSERT_TRUE(work_until([&] { return monitor_->status().sessions >= 3; }));
  EXPECT_GE(monitor_->status().video_frames, 150U) << "of all sessions";
}

}  // namespace
}  // namespace monolens

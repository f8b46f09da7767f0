// LiveMonitor: one stream watched for as long as it is wanted.
//
// A thread of its own reads the source into a bounded queue and opens it again, with backoff and jitter,
// whenever it goes away; work(), called by whichever worker has time, takes the packets out and analyses
// them. A file is held back by the queue and ends; a live stream that is not kept up with loses what is
// queued, and says so. Each step of what it gives up begins a pipeline: to one that knows the stream in full,
// what is left out from now on would look like a fault of the stream. While the source delivers nothing, an
// incident `transport.stalled` is open: from `stalled_after` on, or twice the longest pause that the stream
// has shown to be its habit (segments of HLS), or as soon as a playlist is known to be stale. Of a playlist
// that is still stale when it is opened anew nothing is analysed: it has been before.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "monitor/arrival_rhythm.h"
#include "monitor/live_event.h"
#include "monitor/packet_queue.h"
#include "monitor/pipeline.h"

namespace monolens {

class Backoff;

struct LiveOptions {
  std::string id;
  std::string url;
  std::optional<int> program{};
  Variant variant = Variant::kHighest;
  int priority = 0;  // the higher, the later it is degraded
  PipelineOptions pipeline{};
  std::chrono::milliseconds timeout{10'000};  // of each blocking call of the source
  std::chrono::milliseconds stalled_after{2'000};
  std::chrono::milliseconds retry_first{500};  // doubles with each attempt that fails
  std::chrono::milliseconds retry_most{30'000};
  PacketQueue::Limits queue{};
  // Why it is started anew, if an analysis of it did not return: told once, as monitor.degraded.
  std::string restarted_because{};
  int restarts = 0;  // of that kind, so far
};

enum class LiveState {
  kConnecting,  // the first attempt is under way
  kRunning,
  kStalled,   // connected, and nothing arrives
  kRetrying,  // the source can't be opened or went away
  kEnded,     // a file was read to its end
};

struct LiveStatus {
  LiveState state = LiveState::kConnecting;
  std::string trouble;  // why it is not running
  Ladder ladder = Ladder::kFull;
  double position_s = 0;  // of the presentation, in this session
  double lag_s = 0;       // how long the oldest packet has waited
  double cpu_s = 0;       // of work(), since the start
  std::uint64_t sessions = 0;
  std::uint64_t video_frames = 0;  // since the start
  std::uint64_t dropped_packets = 0;
  int restarts = 0;  // because an analysis did not return
  // CPU seconds since the start by what they went into ("decoder", "video features", a detector's name), as
  // samples tell.
  std::map<std::string, double> cost_s;
  std::optional<SoundNow> sound;  // of the last second
  std::optional<InputInfo> input;
};

class LiveMonitor {
 public:
  using OnReady = std::function<void()>;

  // The listener is called within work(); `on_ready`, from the reading thread, when there is work to do.
  LiveMonitor(LiveOptions options, LiveListener listener, OnReady on_ready);
  // Stops reading. Open incidents are left open: who watches on will say how they end.
  ~LiveMonitor();
  LiveMonitor(const LiveMonitor&) = delete;
  LiveMonitor& operator=(const LiveMonitor&) = delete;

  const LiveOptions& options() const { return options_; }
  // Whether the source is held back while nobody has time for it: a file is, a live stream goes on.
  bool can_wait() const { return is_file_; }

  // Analyses what has arrived, for about `slice`; returns whether more is waiting. To be called now and then
  // even if nothing arrives, which is what it notices. One thread at a time.
  bool work(std::chrono::milliseconds slice);

  // Thread-safe, as what follows. The destructor waits for the reader; many monitors end sooner if all are
  // told first.
  void stop();
  // A file gives nothing up: it can wait.
  void set_ladder(Ladder ladder) {
    if (!is_file_) ladder_.store(ladder, std::memory_order_relaxed);
  }
  std::chrono::milliseconds lag() const { return queue_.lag(QueueItem::Clock::now()); }
  LiveState state() const;
  LiveStatus status() const;
  const InHand& in_hand() const { return *options_.pipeline.in_hand; }

 private:
  using Clock = QueueItem::Clock;

  void read_for_ever();
  // How a session went: false if nobody is to try again.
  bool read_session(Backoff& backoff);
  std::shared_ptr<Pipeline> open_pipeline(const Source& source, Ladder step, std::string& trouble);
  bool wait(std::chrono::milliseconds time);
  void put(decltype(QueueItem::what) what);

  void handle(QueueItem& item);
  void heed(const StreamEvent& event);
  void begin_session(std::shared_ptr<Pipeline> pipeline, Ladder step);
  void end_session();
  void begin_stall(Clock::time_point since, std::string note);
  void end_stall();
  void note_arrival(Clock::time_point arrived);
  void watch_arrivals(Clock::time_point now);
  void follow_ladder();
  void tell_seconds();
  void tell_clips();
  void tell_picture(Clock::time_point now);
  void tell_restart();
  void tell(const InputInfo& input, const IncidentEvent& event);
  void tell_own(IncidentEvent::Type type, Incident& incident, WallTime started,
                std::optional<WallTime> ended);
  WallTime wall(Clock::time_point time) const;

  LiveOptions options_;
  LiveListener listener_;
  OnReady on_ready_;
  std::string restarted_because_;
  bool is_file_;
  std::shared_ptr<HlsWatch> playlists_;  // the reading thread's
  PacketQueue queue_;
  std::atomic<bool> stop_ = false;
  std::atomic<Ladder> ladder_ = Ladder::kFull;
  std::atomic<bool> renew_ = false;  // the worker wants a pipeline for the packets that come next

  // Of the worker's side.
  std::shared_ptr<Pipeline> pipeline_;  // null without a session, while paused, between steps
  bool connected_ = false;
  std::optional<WallTime> zero_;  // when the presentation's zero would have been shown
  std::uint64_t pictured_ = 0;    // pictures that had come when one was told last
  Clock::time_point next_picture_;
  double untold_cpu_s_ = 0;                  // since the last second was told
  std::map<std::string, WallTime> started_;  // of the pipeline's open incidents, by id
  Clock::time_point handled_;                // arrival of the item in hand
  Clock::time_point last_arrival_;
  ArrivalRhythm rhythm_;
  std::optional<Incident> stall_;
  WallTime stall_started_;
  std::optional<Incident> degraded_;
  WallTime degraded_started_;
  Ladder followed_ = Ladder::kFull;
  std::uint64_t own_incidents_ = 0;
  std::uint64_t frames_before_ = 0;  // of the sessions before

  mutable std::mutex status_mutex_;
  LiveStatus status_;  // guarded by status_mutex_

  std::mutex wait_mutex_;
  std::condition_variable woken_;
  std::thread reader_;  // last: it uses all of the above
};

}  // namespace monolens

// Orchestrator: all live monitors of an instance, on one worker a core.
//
// A monitor with something to do stands in one queue of all; a worker takes the first, analyses for some
// milliseconds and puts it back at the end, so none waits for another's whole backlog. Files, which can wait,
// get what live streams leave over, and a slice now and then in any case. When packets of live streams wait
// too long, their monitors step down the ladder, the least important first, and step up again, one at a time,
// once nothing has waited for a while.
//
// A watchdog looks at what is in hand. A monitor whose analysis does not return is started anew, with a new
// worker in the place of the one that it holds. A sampler notes what each monitor's time goes into.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "monitor/live_monitor.h"

namespace monolens {

struct OrchestratorOptions {
  int workers = 0;  // 0 = one a core
  std::chrono::milliseconds slice{10};
  std::chrono::milliseconds too_late{1'000};      // a packet that waits longer is overload
  std::chrono::milliseconds in_time{200};         // while all wait less, there is room
  std::chrono::milliseconds calm{10'000};         // of room, before a step up
  std::chrono::milliseconds settle{1'500};        // between two steps down
  std::chrono::milliseconds stuck_after{10'000};  // in hand for so long, it does not return
};

class Orchestrator {
 public:
  // The listener is called from the workers, for each monitor in order.
  Orchestrator(OrchestratorOptions options, LiveListener listener);
  // Stops all monitors; open incidents are left open. Waits for an analysis that does not return: where
  // is_stuck(), end the process instead.
  ~Orchestrator();
  Orchestrator(const Orchestrator&) = delete;
  Orchestrator& operator=(const Orchestrator&) = delete;

  // Thread-safe, as all that follows. REQUIRES: no monitor of that id.
  void add(LiveOptions options);
  // Waits until the monitor is out of everybody's hands. Does nothing if there is none. Not within on_event.
  void remove(const std::string& id);
  std::vector<std::pair<std::string, LiveStatus>> status() const;
  // Whether an analysis that was given up has not returned yet.
  bool is_stuck() const;

 private:
  using Clock = std::chrono::steady_clock;

  struct Entry {
    std::unique_ptr<LiveMonitor> monitor;
    Ladder ladder = Ladder::kFull;
    bool queued = false;
    bool in_hand = false;
    bool again = false;  // something arrived while it was in hand
    bool removed = false;
    bool given_up = false;  // the worker that has it in hand has been replaced
    Clock::time_point taken;
    std::map<const char*, std::uint64_t> samples;  // of what was in hand
  };
  using EntryPointer = std::shared_ptr<Entry>;

  void work_for_ever();
  void watch_for_ever();
  void sample_for_ever();
  void balance(Clock::time_point now);
  void look_for_stuck(Clock::time_point now);
  EntryPointer make_entry(LiveOptions options);  // REQUIRES: mutex_ is held, as what follows
  void enqueue(const EntryPointer& entry);
  EntryPointer next(Clock::time_point now);
  EntryPointer least_important(bool to_step_down) const;

  OrchestratorOptions options_;
  LiveListener listener_;
  mutable std::mutex mutex_;
  std::condition_variable work_;     // for workers alone: a watcher that took a wake-up would lose it
  std::condition_variable stopped_;  // for the watcher
  std::condition_variable released_;
  std::map<std::string, EntryPointer> entries_;  // guarded by mutex_, as is all that follows
  std::deque<EntryPointer> ready_;
  std::deque<EntryPointer> ready_files_;
  Clock::time_point file_served_;
  std::vector<EntryPointer> in_hand_;
  int stuck_ = 0;
  bool stop_ = false;
  Clock::time_point calm_since_;
  Clock::time_point stepped_;
  std::vector<std::thread> threads_;
};

}  // namespace monolens

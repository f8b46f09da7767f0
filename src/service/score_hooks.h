// ScoreHooks: tell a receiver at once when a monitor's score falls below a level, and when it has come back,
// so that a process can switch to a better origin.
//
// What is told is the state of now: a newer one of the same monitor takes the place of one that was not
// delivered, an attempt that fails is repeated for a minute, and nothing is kept over a restart. Whoever must
// not miss an incident wants a sink.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "sinks/sink.h"

namespace monolens {

struct ScoreHook {
  std::string name;
  double level = 50;                    // 0 to 100
  std::vector<std::string> monitors{};  // ids; none = all
  std::unique_ptr<Sink> sink;
};

class ScoreHooks {
 public:
  static constexpr std::int64_t kRecovered_ms = 5'000;  // at the level or above for so long
  static constexpr std::int64_t kLate_ms = 60'000;      // then it is too late to tell

  explicit ScoreHooks(std::vector<ScoreHook> hooks);
  ~ScoreHooks();
  ScoreHooks(const ScoreHooks&) = delete;
  ScoreHooks& operator=(const ScoreHooks&) = delete;

  // The score of a monitor now. Thread-safe, and does not wait for a receiver.
  void look(const std::string& monitor, const std::string& name, double score, std::int64_t now_ms);

 private:
  struct State {
    bool below = false;
    std::int64_t good_since_ms = 0;  // while below: 0 = it is not good
  };
  struct Line {
    ScoreHook hook;
    std::map<std::string, State> states{};
    std::map<std::string, SinkEvent> waiting{};  // by monitor
    std::map<std::string, std::int64_t> told_ms{};
    std::thread thread{};
  };

  void deliver_for_ever(Line& line);

  std::mutex mutex_;
  std::condition_variable woken_;
  bool stop_ = false;                         // guarded by mutex_, as are all lines but hook.sink
  std::vector<std::unique_ptr<Line>> lines_;  // last: their threads use all of the above
};

}  // namespace monolens

// Outbox: hands the store's events to the sinks, each in the order of the store, at least once.
//
// Each sink has a thread and a cursor in the store, so one that is down holds up no other and costs nothing
// but delay. So does one whose key, address or rights are wrong, until somebody mends them. Only an event
// that the receiver says is malformed is left out, and counted.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "sinks/sink.h"
#include "sinks/sink_filter.h"
#include "store/store.h"

namespace monolens {

struct NamedSink {
  std::string name;  // of its cursor: stable from start to start
  SinkFilter filter{};
  std::unique_ptr<Sink> sink;
};

struct OutboxOptions {
  std::chrono::milliseconds retry_first{500};  // doubles with each attempt that fails
  std::chrono::milliseconds retry_most{60'000};
};

enum class SinkState {
  kDelivering,  // the last attempt was good, or there was none
  kRetrying,    // what is wrong may pass by itself
  kRefused,     // somebody has to mend the configuration, here or there; it is tried again all the same
};

struct SinkStatus {
  std::string name;
  SinkState state = SinkState::kDelivering;
  std::uint64_t delivered = 0;  // since the start, as are the others
  std::uint64_t dropped = 0;    // events that it says are malformed
  std::uint64_t failures = 0;   // attempts that are repeated
  std::int64_t waiting = 0;     // events that it has not come to
  double last_delay_s = 0;      // of the last delivered event, from when it was told
  std::string trouble;          // of the last attempt; empty if it was good
};

// "delivering", "retrying", "refused".
std::string_view name_of(SinkState state);

class Outbox {
 public:
  // A sink that the store does not know begins with the events that come from now on.
  Outbox(Store& store, std::vector<NamedSink> sinks, OutboxOptions options);
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // There are events that were not there before. Thread-safe.
  void wake();

  std::vector<SinkStatus> status() const;
  std::vector<std::string> names() const;

 private:
  struct Line {
    NamedSink sink;
    std::int64_t cursor = 0;
    SinkStatus status{};  // guarded by mutex_
    std::thread thread{};
  };

  void deliver_for_ever(Line& line);
  // Whether the event is done with; false ends the turn, to be tried again.
  bool deliver(Line& line, const EventRecord& event);
  bool is_stopped() const;

  Store& store_;
  OutboxOptions options_;
  std::vector<std::unique_ptr<Line>> lines_;
  mutable std::mutex mutex_;
  std::condition_variable woken_;
  std::uint64_t wakes_ = 0;  // guarded by mutex_, as is
  bool stop_ = false;
};

}  // namespace monolens

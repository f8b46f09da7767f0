// Orchestration: walks a state machine for every second of every stream: convert → fan out to each detector →
// join → aggregate. Each transition is a durable message in JetStream, which is acknowledged once the state's
// work is done and its successors are kept; the work itself is done by others, who are called.
//
// Seconds of a stream overlap: the next one begins once this one has been converted. Where a detector or the
// aggregation has to see a stream's seconds in order, it gets them in order.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "topology/bus.h"
#include "topology/plan.h"
#include "topology/quota.h"

namespace monolens::topology {

struct OrchestrationCounts {
  std::uint64_t executions = 0;
  std::uint64_t transitions = 0;
  double duration_s = 0;  // of executions, each rounded up to 100 ms
  std::uint64_t message_bytes = 0;
  std::uint64_t largest_payload = 0;  // bytes
  double throttled_s = 0;             // waiting for the quota
};

class Orchestration {
 public:
  // REQUIRES: the bus outlives it.
  Orchestration(const Plan& plan, Bus& bus);

  // Begins all streams and goes on until each has come to its end.
  Result<void> run(const std::atomic<bool>& stop);

  const OrchestrationCounts& counts() const { return counts_; }

 private:
  using Clock = std::chrono::steady_clock;
  using MessagePointer = std::unique_ptr<Bus::Message>;
  using Id = std::pair<int, std::int64_t>;  // stream, second
  struct Execution {
    Clock::time_point start;
    std::string segment;                   // JSON
    std::vector<MessagePointer> branches;  // transitions of detectors that wait for the join
    std::string answers;                   // of detectors, JSON with commas between
    std::size_t answered = 0;              // detectors
  };
  struct Stream {
    std::int64_t next = 0;  // second to start
    int under_way = 0;
    bool converting = false;
    bool converted = false;                               // to its end
    std::map<std::int64_t, MessagePointer> to_aggregate;  // joined, waiting for earlier ones
    std::int64_t next_aggregate = 0;
    bool aggregating = false;
    bool done = false;
  };
  using OnAnswer = std::function<Result<void>(const std::string& answer)>;

  Result<void> start(int stream);
  // A transition to each of `branches`, which are empty or names of detectors.
  Result<void> enter(std::string_view state, Id id, const std::vector<std::string>& branches,
                     const std::string& payload);
  Result<void> handle(MessagePointer message);
  Result<void> handle_answer(OnAnswer on_answer, const std::string& answer);
  Result<void> handle_transition(MessagePointer message);
  Result<void> convert(MessagePointer message, Id id);
  Result<void> fan_out(MessagePointer message, Id id);
  Result<void> detect(MessagePointer message, Id id, const std::string& detector);
  Result<void> join(Id id);
  Result<void> aggregate_next(int stream);
  Result<void> call(const std::string& subject, const std::string& data, OnAnswer on_answer);

  const Plan& plan_;
  Bus& bus_;
  Quota quota_;
  std::vector<Stream> streams_;
  std::map<Id, Execution> executions_;
  std::map<std::string, OnAnswer> waiting_;  // by the subject of the answer
  OrchestrationCounts counts_;
};

// Where a run's processes listen.
std::string conversion_subject(const Plan& plan);
std::string detector_subject(const Plan& plan, std::string_view detector);
std::string aggregation_subject(const Plan& plan);
std::string workflow_stream(const Plan& plan);

}  // namespace monolens::topology

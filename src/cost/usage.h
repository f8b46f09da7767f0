// Usage: what running a topology took, as it was measured: the quantities that a bill multiplies by prices.
//
// Sums over the whole run and all of its streams, in seconds, GiB (2^30 bytes) and plain counts. What was not
// measured is 0 only where the topology has no such thing.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace monolens::cost {

enum class Topology {
  kMonolith,     // all in one process
  kGroups,       // the process cloned, each clone with some of the detectors, converting the media for itself
  kDistributed,  // media conversion, orchestration and each detector a process of its own
};

std::string_view name_of(Topology topology);

// CPU seconds (user and system) of a component, by what they were spent on.
using CpuParts = std::vector<std::pair<std::string, double>>;

// One process, or all processes of one kind.
struct Component {
  std::string name;               // "monolith", "media conversion", "detector freeze"
  double cpu_s = 0;               // user and system, of the whole process as the system counts it
  CpuParts parts{};               // of cpu_s; what is left of it is the rest of the process
  double mean_gib = 0;            // resident, over the run
  double peak_gib = 0;            // resident
  std::uint64_t invocations = 0;  // calls over the network
  double function_s = 0;          // CPU time of each call, rounded up to a millisecond, summed
  double busy_s = 0;              // wall time inside calls
  // Work of the workflow service: paid by its own prices where it is bought, by CPU where it is not.
  bool workflow = false;
};

struct ObjectStoreUse {
  std::uint64_t puts = 0;
  std::uint64_t gets = 0;
  double put_gib = 0;
  double get_gib = 0;
  double stored_gib_s = 0;  // GiB times the seconds that they were kept
};

struct WorkflowUse {
  std::uint64_t starts = 0;           // executions: one a second of a stream
  std::uint64_t transitions = 0;      // durable, acknowledged
  double duration_s = 0;              // of executions, each rounded up to 100 ms, summed
  std::uint64_t largest_payload = 0;  // bytes, of one message
  double message_gib = 0;             // of transitions, calls and answers
};

struct Usage {
  std::string name{};  // of the variant: "one object a frame, raw"
  Topology topology = Topology::kMonolith;
  int streams = 1;
  double stream_s = 0;  // media time analysed, of all streams
  double wall_s = 0;
  std::vector<Component> components{};
  ObjectStoreUse store{};
  WorkflowUse workflow{};
  std::uint64_t notifications = 0;

  double cpu_s() const;
  double mean_gib() const;
  std::uint64_t invocations() const;
  double function_s() const;
};

// monolens.usage/1: {"schema", "runs": […]}. Unknown members are ignored; a member that is missing, of
// another type, negative or not finite is kUsage with its place. `name` stands in messages.
Result<std::vector<Usage>> parse_usage(std::string_view json, const std::string& name);
nlohmann::ordered_json usage_json(const std::vector<Usage>& runs);

}  // namespace monolens::cost

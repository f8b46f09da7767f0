// Heartbeat: what an instance tells all others once a second; one that is not heard of counts as gone.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cluster/coverage.h"

namespace monolens {

struct Heartbeat {
  std::string instance;
  std::string version;
  bool draining = false;            // gives back what it has and takes nothing
  bool leaving = false;             // its last
  std::vector<std::string> groups;  // that it serves
  double capacity_cores = 0;
  double used_cores = 0;
  // What it holds, and the how manieth delivery of the work item that is: of two that hold the same, the
  // later one has it.
  std::map<MonitorGroup, std::uint64_t> held;
};

std::string to_cbor(const Heartbeat& heartbeat);
// kRejected if it is none.
Result<Heartbeat> parse_heartbeat(std::string_view cbor);

}  // namespace monolens

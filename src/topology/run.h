// A run of a topology: its processes are started, begin when all are ready, and tell what they used.
#pragma once

#include <atomic>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "cost/usage.h"
#include "topology/plan.h"

namespace monolens::topology {

struct RunResult {
  cost::Usage usage;
  nlohmann::json reports =
      nlohmann::json::array();  // monolens.report/1, a stream each, as far as it is known
};

struct RunOptions {
  std::string name;     // of the usage
  std::string program;  // this one, to start processes of
  const std::atomic<bool>* stop = nullptr;
};

// All detectors in one process.
Result<RunResult> run_monolith_topology(const Plan& plan, const RunOptions& options);

// The process cloned, each clone with one of `groups` and converting the media for itself.
// REQUIRES: the groups are a partition of plan.detectors.
Result<RunResult> run_group_topology(const Plan& plan, const std::vector<std::vector<ChosenDetector>>& groups,
                                     const RunOptions& options);

// Media conversion, orchestration, aggregation and each detector. Needs the plan's broker and store, and
// makes the bucket if it is not there.
Result<RunResult> run_distributed_topology(const Plan& plan, const RunOptions& options);

// The detectors that look at pictures alone, those that listen to sound alone, and all others.
std::vector<std::vector<ChosenDetector>> natural_groups(const std::vector<ChosenDetector>& detectors);

}  // namespace monolens::topology

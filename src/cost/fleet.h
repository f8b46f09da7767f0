// Fleet: how many instances so many live streams take, by measured cost, and where quotas end it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cost/price_book.h"
#include "cost/usage.h"

namespace monolens::cost {

struct FleetPlan {
  std::string run;
  Topology topology = Topology::kMonolith;
  int streams = 0;
  double vcpus = 0;  // headroom included
  double gib = 0;    // resident
  std::int64_t instances = 0;
  double amount_a_month = 0;  // of the book's currency, for the instances

  // Of a distributed topology with a standard workflow, by its quotas; unset where there is none.
  struct Ceiling {
    double transitions_a_stream_s = 0;
    std::int64_t streams = 0;         // that the quota of transitions lets through
    std::int64_t streams_before = 0;  // with the quota when the story happened
    std::int64_t streams_by_starts = 0;
    bool payload_fits = true;  // the largest message is within the quota
  };
  std::optional<Ceiling> ceiling{};
  double amount_a_month_for_use = 0;  // workflow, object store and topic, which are paid by use
};

// `run` with some of its detectors alone: their CPU time, calls, transitions and objects fetched go in
// proportion. What detectors share (decoding, features of the monolith) stays whole, so the plan errs on the
// dear side. An empty list keeps all. kUsage if `run` knows no detector of that name. REQUIRES: no name
// twice.
Result<Usage> with_detectors(const Usage& run, const std::vector<std::string>& detectors);

// REQUIRES: streams > 0.
FleetPlan plan_fleet(const Usage& run, int streams, const PriceBook& book);

}  // namespace monolens::cost

// Probing: what an address is and how it looks, before anybody decides to watch it.
//
// A process of its own opens it, under the same rules as a worker's, so that an input which crashes a decoder
// takes no monitor along.
#pragma once

#include <atomic>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/source_rules.h"
#include "service/monitor_spec.h"

namespace monolens {

struct Probed {
  nlohmann::json input;            // of input_json()
  std::vector<std::uint8_t> jpeg;  // of its first picture; empty where it shows none
};

// Any number of threads; waits as long as `spec` lets a source take, and some seconds for the process.
Result<Probed> probe(const std::vector<std::string>& worker, const SourceRules& rules,
                     const MonitorSpec& spec);

// The process's side: the answer to {"probe": spec}, {"input", "picture"} or {"error"}.
nlohmann::json answer_probe(const MonitorSpec& spec);

}  // namespace monolens

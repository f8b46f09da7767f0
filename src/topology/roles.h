// The processes of a run, each one's whole life: it prints "ready" to standard output once it can be called,
// works until `stop` is set or its work is done, and prints one line of JSON: what it used.
#pragma once

#include <atomic>
#include <string>

#include "base/result.h"
#include "topology/plan.h"

namespace monolens::topology {

// Converts the next second of a stream when it is called, and keeps it in the store.
Result<void> run_conversion(const Plan& plan, const std::atomic<bool>& stop);

// Watches a second of a stream with one detector when it is called.
Result<void> run_detector(const Plan& plan, const std::string& detector, const std::atomic<bool>& stop);

// Makes incidents of the findings of a second when it is called, keeps the second's result in the store,
// tells the topic, and takes the second's objects out of the store.
Result<void> run_aggregation(const Plan& plan, const std::atomic<bool>& stop);

// Calls all others until all streams have come to their end. Begins when a line comes on standard input.
Result<void> run_orchestration(const Plan& plan, const std::atomic<bool>& stop);

// The monolith: all of it in this process, a thread a stream. Begins when a line comes on standard input.
Result<void> run_monolith(const Plan& plan, const std::atomic<bool>& stop);

}  // namespace monolens::topology

// Runs the detectors over a labelled set, each file through a Monitor of its own.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "eval/truth.h"
#include "monitor/monitor.h"

namespace monolens::eval {

struct Found {
  std::string kind;
  double start = 0;  // s on the file's presentation timeline
  double end = 0;
  double told = 0;  // where the presentation had come to when it was told
  double confidence = 1;
  std::vector<std::pair<std::string, double>> measures;
};

struct ItemResult {
  Item item;
  std::vector<Found> found;
  std::string error;  // why the file could not be analysed; empty if it was
};

struct RunOptions {
  std::string folder;  // of the set
  std::vector<ChosenDetector> detectors;
  ConverterOptions converter;
  int jobs = 1;
  const std::atomic<bool>* stop = nullptr;
};

// In the order of the items. Calls `on_item` with the number done, from any of its threads, one at a time.
std::vector<ItemResult> run_set(const std::vector<Item>& items, const RunOptions& options,
                                const std::function<void(std::size_t done)>& on_item);

}  // namespace monolens::eval

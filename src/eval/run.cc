#include "eval/run.h"

#include <filesystem>
#include <map>
#include <mutex>
#include <thread>

namespace monolens::eval {
namespace {

ItemResult run_item(const Item& item, const RunOptions& options) {
  ItemResult result{.item = item, .found = {}, .error = {}};
  MonitorOptions monitor_options;
  monitor_options.source.url = (std::filesystem::path(options.folder) / item.file).string();
  monitor_options.source.stop = options.stop;
  monitor_options.converter = options.converter;
  monitor_options.detectors = options.detectors;
  monitor_options.stop = options.stop;
  monitor_options.evidence = false;
  auto monitor = Monitor::open(std::move(monitor_options));
  if (!monitor) {
    result.error = monitor.error().message;
    return result;
  }
  std::map<std::string, double> told;  // by id
  const auto on_event = [&](const InputInfo&, const IncidentEvent& event) {
    if (event.type == IncidentEvent::Type::kOpen) told[event.incident->id] = event.at.seconds();
  };
  auto analysed = (*monitor)->run(on_event, {});
  if (!analysed) {
    result.error = analysed.error().message;
    return result;
  }
  for (const Incident& i : analysed->incidents) {
    result.found.push_back({.kind = i.kind,
                            .start = i.start.seconds(),
                            .end = i.end.value_or(i.start).seconds(),
                            .told = told[i.id],
                            .confidence = i.confidence,
                            .measures = i.measures});
  }
  return result;
}

}  // namespace

std::vector<ItemResult> run_set(const std::vector<Item>& items, const RunOptions& options,
                                const std::function<void(std::size_t done)>& on_item) {
  std::vector<ItemResult> results(items.size());
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::size_t done = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < items.size(); i = next++) {
      if (options.stop != nullptr && options.stop->load(std::memory_order_relaxed)) return;
      results[i] = run_item(items[i], options);
      const std::lock_guard lock(mutex);
      on_item(++done);
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int i = 1; i < options.jobs; ++i) workers.emplace_back(work);
    work();
  }
  return results;
}

}  // namespace monolens::eval

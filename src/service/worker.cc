#include "service/worker.h"

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "media/network_wall.h"
#include "monitor/crash_note.h"
#include "monitor/orchestrator.h"
#include "service/live_event_json.h"
#include "service/monitor_spec.h"
#include "service/source_lists_json.h"
#include "service/wire.h"

namespace monolens {
namespace {

constexpr auto kStatusInterval = std::chrono::seconds(1);

// Faults for tests: MONOLENS_FAULT="crash:TEXT" crashes on the first event of a monitor whose name holds
// TEXT, as a decoder would.
void crash_if_told_to(const std::string& name) {
  const char* fault = std::getenv("MONOLENS_FAULT");
  if (fault == nullptr) return;
  const std::string text(fault);
  if (text.starts_with("crash:") && name.find(text.substr(6)) != std::string::npos) std::raise(SIGSEGV);
}

// What comes before them comes again after: the service then tells all that is to be watched.
std::optional<SourceRules> receive_rules(Wire& wire) {
  while (const auto message = wire.receive()) {
    if (!message->contains("sources")) continue;
    auto rules = SourceRules::make(message->at("sources").get<SourceLists>());
    if (rules) return std::move(*rules);
  }
  return std::nullopt;
}

class Reporter {
 public:
  Reporter(const Orchestrator& orchestrator, Wire& wire)
      : orchestrator_(orchestrator), wire_(wire), thread_([this] { report_for_ever(); }) {}
  ~Reporter() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    woken_.notify_all();
    thread_.join();
  }
  Reporter(const Reporter&) = delete;
  Reporter& operator=(const Reporter&) = delete;

 private:
  void report_for_ever() {
    std::unique_lock lock(mutex_);
    while (!woken_.wait_for(lock, kStatusInterval, [this] { return stop_; })) {
      nlohmann::json all = nlohmann::json::object();
      for (const auto& [id, status] : orchestrator_.status()) all[id] = to_json(status);
      if (!wire_.send({{"status", std::move(all)}})) return;
    }
  }

  const Orchestrator& orchestrator_;
  Wire& wire_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace

int run_worker(const WorkerOptions& options) {
  CrashNote::install(options.note);
  Wire wire(options.wire);
  auto rules = receive_rules(wire);
  if (!rules) return 0;
  const NetworkWall wall(std::move(*rules));
  std::mutex names_mutex;
  std::map<std::string, std::string> names;  // guarded by names_mutex
  Orchestrator orchestrator({}, [&](const LiveEvent& event) {
    {
      const std::lock_guard lock(names_mutex);
      crash_if_told_to(names[event.monitor]);
    }
    wire.send(to_json(event));
  });
  const Reporter reporter(orchestrator, wire);
  while (const auto message = wire.receive()) {
    if (message->contains("watch")) {
      const auto id = message->at("watch").get<std::string>();
      auto spec = parse_monitor_spec(message->at("spec"));
      if (!spec) continue;
      {
        const std::lock_guard lock(names_mutex);
        names[id] = spec->name;
      }
      orchestrator.remove(id);
      orchestrator.add(live_options(id, *spec));
    } else if (message->contains("forget")) {
      orchestrator.remove(message->at("forget").get<std::string>());
    }
  }
  return 0;
}

}  // namespace monolens

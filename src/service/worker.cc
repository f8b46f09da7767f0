#include "service/worker.h"

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "media/network_wall.h"
#include "monitor/crash_note.h"
#include "monitor/orchestrator.h"
#include "service/live_event_json.h"
#include "service/measurement_json.h"
#include "service/monitor_spec.h"
#include "service/probe.h"
#include "service/source_lists_json.h"
#include "service/wire.h"

namespace monolens {
namespace {

constexpr auto kStatusInterval = std::chrono::seconds(1);

// Faults for tests: MONOLENS_FAULT="crash:TEXT" crashes when a detector finds something in a monitor whose
// name holds TEXT, as a decoder would, and "hang:TEXT" never returns.
void fail_if_told_to(const std::string& name) {
  const char* fault = std::getenv("MONOLENS_FAULT");
  if (fault == nullptr) return;
  const std::string_view text(fault);
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || name.find(text.substr(colon + 1)) == std::string::npos) return;
  if (text.starts_with("crash:")) std::raise(SIGSEGV);
  while (text.starts_with("hang:")) std::this_thread::sleep_for(std::chrono::seconds(1));
}

struct Rules {
  SourceRules sources;
  bool clips;  // are to be made
  int threads;
};

// What comes before them comes again after: the service then tells all that is to be watched.
std::optional<Rules> receive_rules(Wire& wire) {
  while (const auto message = wire.receive()) {
    if (!message->contains("sources")) continue;
    auto rules = SourceRules::make(message->at("sources").get<SourceLists>());
    if (rules)
      return Rules{.sources = std::move(*rules),
                   .clips = message->value("clips", false),
                   .threads = message->value("threads", 0)};
  }
  return std::nullopt;
}

// What the monitors measured, until it is told.
class MeasuredSeconds {
 public:
  void add(const LiveSecond& second) {
    const std::lock_guard lock(mutex_);
    seconds_.push_back({second.monitor, second.start_s, to_json(second.measured)});
  }
  nlohmann::json take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(seconds_, nlohmann::json::array());
  }

 private:
  std::mutex mutex_;
  nlohmann::json seconds_ = nlohmann::json::array();  // guarded by mutex_
};

// Once a second: what was measured since, and how all monitors are.
class Reporter {
 public:
  Reporter(const Orchestrator& orchestrator, MeasuredSeconds& measured, Wire& wire)
      : orchestrator_(orchestrator),
        measured_(measured),
        wire_(wire),
        thread_([this] { report_for_ever(); }) {}
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
      lock.unlock();
      if (!report()) return;
      lock.lock();
    }
  }

  bool report() {
    nlohmann::json measured = measured_.take();
    if (!measured.empty() && !wire_.send({{"measured", std::move(measured)}})) return false;
    nlohmann::json all = nlohmann::json::object();
    for (const auto& [id, status] : orchestrator_.status()) all[id] = to_json(status);
    return wire_.send({{"status", std::move(all)}});
  }

  const Orchestrator& orchestrator_;
  MeasuredSeconds& measured_;
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
  const NetworkWall wall(std::move(rules->sources));
  std::mutex names_mutex;
  std::map<std::string, std::string> names;  // guarded by names_mutex
  MeasuredSeconds measured;
  const auto on_event = [&](const LiveEvent& event) {
    std::string name;
    {
      const std::lock_guard lock(names_mutex);
      name = names[event.monitor];
    }
    if (event.incident.kind != "monitor.degraded") fail_if_told_to(name);
    wire.send(to_json(event));
  };
  LiveListener listener{.on_event = on_event,
                        .on_second = [&](const LiveSecond& second) { measured.add(second); },
                        .on_picture = [&](const LivePicture& picture) { wire.send(to_json(picture)); }};
  if (rules->clips) listener.on_clip = [&](const LiveClip& clip) { wire.send(to_json(clip)); };
  Orchestrator orchestrator({.workers = rules->threads}, std::move(listener));
  const Reporter reporter(orchestrator, measured, wire);
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
    } else if (message->contains("probe")) {
      auto spec = parse_monitor_spec(message->at("probe"));
      if (spec) wire.send({{"probed", answer_probe(*spec)}});
    } else if (message->contains("forget")) {
      orchestrator.remove(message->at("forget").get<std::string>());
    }
  }
  if (orchestrator.is_stuck()) std::_Exit(0);
  return 0;
}

}  // namespace monolens

#include "topology/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <thread>

#include "sinks/s3.h"
#include "topology/child.h"
#include "topology/role.h"

namespace monolens::topology {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr auto kSampleInterval = std::chrono::milliseconds(100);
constexpr double kGib = 1024.0 * 1024 * 1024;

// All processes of a run.
class Processes {
 public:
  Processes(const Plan& plan, const RunOptions& options) : plan_(plan), options_(options) {}

  // `argument` is the role's own. Call it for all, then go().
  Result<void> start(const std::string& name, const std::string& role, const std::string& argument,
                     const Plan& plan) {
    std::vector<std::string> command = {options_.program, "topology-process", role, "--plan",
                                        text_of(plan_json(plan))};
    if (!argument.empty()) command.insert(command.end(), {"--detector", argument});
    auto child = Child::start(name, command);
    if (!child) return child.error();
    children_.push_back(std::move(*child));
    return {};
  }
  Result<void> start(const std::string& name, const std::string& role, const std::string& argument = "") {
    return start(name, role, argument, plan_);
  }

  // Lets the first `leaders` begin, waits for their end, then ends the others.
  Result<void> go(std::size_t leaders);

  // What each told, in the order of their start.
  const std::vector<json>& told() const { return told_; }
  cost::Component component(std::size_t index) const;
  double wall_s() const { return wall_s_; }

 private:
  void watch(std::size_t leaders);

  const Plan& plan_;
  const RunOptions& options_;
  std::vector<Child> children_;
  std::vector<json> told_;
  double wall_s_ = 0;
};

// Without one of the others the leaders would wait for ever.
void Processes::watch(std::size_t leaders) {
  for (Child& child : children_) child.sample();
  const bool one_is_gone = std::any_of(children_.begin() + static_cast<std::ptrdiff_t>(leaders),
                                       children_.end(), [](const Child& child) { return child.has_ended(); });
  if (!one_is_gone && (options_.stop == nullptr || !options_.stop->load())) return;
  for (std::size_t i = 0; i < leaders; ++i) children_[i].stop();
}

Result<void> Processes::go(std::size_t leaders) {
  for (Child& child : children_) {
    if (auto ready = child.wait_until_ready(); !ready) return ready;
  }
  const auto start = Clock::now();
  for (std::size_t i = 0; i < leaders; ++i) children_[i].begin();
  std::optional<Error> failure;
  {
    const std::jthread watcher([&](const std::stop_token& done) {
      while (!done.stop_requested()) {
        watch(leaders);
        std::this_thread::sleep_for(kSampleInterval);
      }
    });
    for (std::size_t i = 0; i < leaders; ++i) {
      if (auto line = children_[i].wait_for_line(); !line && !failure) failure = line.error();
    }
    wall_s_ = std::chrono::duration<double>(Clock::now() - start).count();
  }
  for (std::size_t i = leaders; i < children_.size(); ++i) children_[i].stop();
  for (Child& child : children_) {
    auto told = child.wait();
    if (told) {
      told_.push_back(std::move(*told));
    } else if (!failure) {
      failure = told.error();
    }
  }
  return failure ? Result<void>(*failure) : Result<void>();
}

cost::Component Processes::component(std::size_t index) const {
  const json& told = told_[index];
  cost::Component c{.name = children_[index].name(), .cpu_s = told.at("cpu_s").get<double>()};
  for (const auto& [part, seconds] : told.at("parts").items())
    c.parts.emplace_back(part, seconds.get<double>());
  c.mean_gib = children_[index].mean_gib();
  c.peak_gib = children_[index].peak_gib();
  c.invocations = told.at("invocations");
  c.function_s = told.at("function_s");
  c.busy_s = told.at("busy_s");
  return c;
}

double stream_s(const json& reports) {
  double sum = 0;
  for (const json& report : reports) {
    const json& duration = report.at("input").at("duration_s");
    sum += duration.is_number() ? duration.get<double>() : 0;
  }
  return sum;
}

// Each stream's incidents of all clones in one report.
json merged(const std::vector<json>& told) {
  json reports = told[0].at("reports");
  for (std::size_t clone = 1; clone < told.size(); ++clone) {
    for (std::size_t s = 0; s < reports.size(); ++s) {
      for (const json& incident : told[clone].at("reports")[s].at("incidents"))
        reports[s]["incidents"].push_back(incident);
    }
  }
  return reports;
}

RunResult gathered(const Plan& plan, const RunOptions& options, const Processes& processes,
                   cost::Topology topology, json reports) {
  RunResult result;
  result.reports = std::move(reports);
  cost::Usage& usage = result.usage;
  usage.name = options.name;
  usage.topology = topology;
  usage.streams = static_cast<int>(plan.inputs.size());
  usage.stream_s = stream_s(result.reports);
  usage.wall_s = processes.wall_s();
  for (std::size_t i = 0; i < processes.told().size(); ++i)
    usage.components.push_back(processes.component(i));
  for (const json& told : processes.told())
    usage.notifications += told.value("notifications", std::uint64_t{0});
  return result;
}

Result<void> make_bucket(const Plan& plan) {
  auto client = S3Client::open(store_options(plan));
  if (!client) return client.error();
  return (*client)->create_bucket();
}

void count_store(const Processes& processes, cost::ObjectStoreUse& store) {
  for (const json& told : processes.told()) {
    store.puts += told.value("puts", std::uint64_t{0});
    store.gets += told.value("gets", std::uint64_t{0});
    store.put_gib += told.value("put_bytes", 0.0) / kGib;
    store.get_gib += told.value("get_bytes", 0.0) / kGib;
    store.stored_gib_s += told.value("stored_gib_s", 0.0);
  }
}

}  // namespace

Result<RunResult> run_monolith_topology(const Plan& plan, const RunOptions& options) {
  Processes processes(plan, options);
  if (auto started = processes.start("monolith", "monolith"); !started) return started.error();
  if (auto done = processes.go(1); !done) return done.error();
  return gathered(plan, options, processes, cost::Topology::kMonolith, processes.told()[0].at("reports"));
}

Result<RunResult> run_group_topology(const Plan& plan, const std::vector<std::vector<ChosenDetector>>& groups,
                                     const RunOptions& options) {
  Processes processes(plan, options);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    Plan clone = plan;
    clone.detectors = groups[i];
    auto started = processes.start(fmt::format("clone {}", i + 1), "monolith", "", clone);
    if (!started) return started.error();
  }
  if (auto done = processes.go(groups.size()); !done) return done.error();
  return gathered(plan, options, processes, cost::Topology::kGroups, merged(processes.told()));
}

Result<RunResult> run_distributed_topology(const Plan& plan, const RunOptions& options) {
  if (auto made = make_bucket(plan); !made) return made.error();
  Processes processes(plan, options);
  constexpr auto kRoles =
      std::to_array<std::pair<const char*, const char*>>({{"orchestration", "orchestration"},
                                                          {"aggregation", "aggregation"},
                                                          {"media conversion", "conversion"}});
  for (const auto& [name, role] : kRoles) {
    if (auto started = processes.start(name, role); !started) return started.error();
  }
  for (const ChosenDetector& d : plan.detectors) {
    const std::string name(d.info->name);
    if (auto started = processes.start("detector " + name, "detector", name); !started)
      return started.error();
  }
  if (auto done = processes.go(1); !done) return done.error();

  json reports = processes.told()[1].at("reports");
  const json& streams = processes.told()[2].at("streams");
  for (std::size_t i = 0; i < reports.size(); ++i) {
    reports[i]["analysed"]["video_frames"] = streams[i].at("pictures");
    reports[i]["analysed"]["audio_samples"] = streams[i].at("audio_samples");
  }
  RunResult result = gathered(plan, options, processes, cost::Topology::kDistributed, std::move(reports));
  cost::Usage& usage = result.usage;
  usage.components[0].workflow = true;
  count_store(processes, usage.store);
  const json& workflow = processes.told()[0];
  usage.workflow = {.starts = workflow.at("executions"),
                    .transitions = workflow.at("transitions"),
                    .duration_s = workflow.at("duration_s"),
                    .largest_payload = workflow.at("largest_payload"),
                    .message_gib = workflow.at("message_bytes").get<double>() / kGib};
  return result;
}

std::vector<std::vector<ChosenDetector>> natural_groups(const std::vector<ChosenDetector>& detectors) {
  std::array<std::vector<ChosenDetector>, 3> groups;
  for (const ChosenDetector& d : detectors) {
    const bool video = d.info->scope == Scope::kVideo;
    const bool audio = d.info->scope == Scope::kAudio;
    groups[video ? 0 : audio ? 1 : 2].push_back(d);
  }
  std::vector<std::vector<ChosenDetector>> filled;
  for (auto& group : groups) {
    if (!group.empty()) filled.push_back(std::move(group));
  }
  return filled;
}

}  // namespace monolens::topology

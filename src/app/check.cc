// monolens check: analyses inputs side by side and writes the reports.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <mutex>
#include <thread>

#include "app/command.h"
#include "app/event_log.h"
#include "app/exit_status.h"
#include "app/incident_table.h"
#include "app/input_list.h"
#include "app/progress_line.h"
#include "app/stop_signal.h"
#include "app/terminal.h"
#include "base/atomic_file.h"
#include "report/html.h"
#include "report/json_report.h"

namespace monolens {
namespace {

struct CheckArguments {
  AnalysisArguments analysis;
  std::vector<std::string> inputs;
  std::string report;
  std::string html;
  std::string events;
  std::optional<int> jobs;
  bool quiet = false;
};

// The outputs are made before the analysis, so that a path that can't be written costs no time.
struct Outputs {
  std::optional<AtomicFile> report;
  std::optional<AtomicFile> html;
  std::unique_ptr<EventLog> events;
};

Result<Outputs> make_outputs(const CheckArguments& arguments) {
  Outputs outputs;
  const auto make = [](const std::string& path, std::optional<AtomicFile>& file) -> Result<void> {
    if (path.empty()) return {};
    auto made = AtomicFile::create(path);
    if (!made) return made.error();
    file.emplace(std::move(*made));
    return {};
  };
  auto made = make(arguments.report, outputs.report);
  if (made) made = make(arguments.html, outputs.html);
  if (!made) return made.error();
  auto events = EventLog::open(arguments.events);
  if (!events) return events.error();
  outputs.events = std::move(*events);
  return outputs;
}

// All inputs of one command: shared by its worker threads.
class Check {
 public:
  Check(const CheckArguments& arguments, const Settings& settings, Outputs outputs)
      : arguments_(arguments),
        inputs_(expand_inputs(arguments.inputs)),
        settings_(settings),
        outputs_(std::move(outputs)),
        stop_(stop_on_signal()),
        progress_(inputs_.size()),
        results_(inputs_.size()) {}

  int run();

 private:
  void work();
  Result<MonitorResult> analyse(std::size_t index);
  void conclude(std::size_t index, Result<MonitorResult> result);
  Result<void> write_reports();

  const CheckArguments& arguments_;
  std::vector<std::string> inputs_;
  const Settings& settings_;
  Outputs outputs_;
  const std::atomic<bool>& stop_;
  ProgressLine progress_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;  // guards what follows
  std::vector<std::optional<MonitorResult>> results_;
  int status_ = kNothingFound;
};

int Check::run() {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const auto wanted = settings_.jobs > 0 ? static_cast<std::size_t>(settings_.jobs) : cores;
  {
    std::vector<std::jthread> workers;
    for (std::size_t i = 1; i < std::min(wanted, inputs_.size()); ++i)
      workers.emplace_back([this] { work(); });
    work();
  }
  progress_.clear();
  const bool any = std::any_of(results_.begin(), results_.end(), [](const auto& r) { return r.has_value(); });
  if (!any) {
    outputs_.events->discard_if_empty();
    return status_;
  }
  for (const auto& written : {write_reports(), outputs_.events->status()}) {
    if (!written) status_ = std::max(status_, complain(written.error()));
  }
  return status_;
}

void Check::work() {
  for (std::size_t i = next_++; i < inputs_.size() && !stop_; i = next_++) conclude(i, analyse(i));
}

Result<MonitorResult> Check::analyse(std::size_t index) {
  MonitorOptions options = monitor_options(settings_, inputs_[index], stop_);
  options.evidence = outputs_.report.has_value() || outputs_.html.has_value();
  auto monitor = Monitor::open(std::move(options));
  if (!monitor) return monitor.error();
  return (*monitor)->run(
      [this](const InputInfo& input, const IncidentEvent& event) { outputs_.events->write(input, event); },
      [this, index](const Progress& progress) { progress_.update(index, progress); });
}

void Check::conclude(std::size_t index, Result<MonitorResult> result) {
  progress_.done(index);
  progress_.clear();
  const std::lock_guard lock(mutex_);
  if (!result) {
    status_ = std::max(status_, complain(result.error()));
    return;
  }
  if (!result->trouble.empty())
    complain(fmt::format("{}: the input ended early: {}", result->input.url, result->trouble));
  if (!arguments_.quiet) std::fputs(incident_table(*result, is_terminal(stdout)).c_str(), stdout);
  std::fflush(stdout);
  if (!result->incidents.empty()) status_ = std::max(status_, kIncidentsFound);
  results_[index] = std::move(*result);
}

Result<void> Check::write_reports() {
  ReportContext context{.profile = std::string(name_of(settings_.profile)), .detectors = {}};
  for (const ChosenDetector& d : settings_.detectors.chosen()) context.detectors.emplace_back(d.info->name);
  const auto collect = [&](auto make) {
    auto reports = nlohmann::ordered_json::array();
    for (const auto& r : results_) {
      if (r) reports.push_back(make(*r, context));
    }
    return inputs_.size() == 1 ? reports.front() : reports;
  };
  if (outputs_.report) {
    auto written = outputs_.report->commit(to_text(collect(make_report), 2) + "\n");
    if (!written) return written;
  }
  if (outputs_.html) return outputs_.html->commit(render_html(collect(make_report_with_curves)));
  return {};
}

int run_check(const CheckArguments& arguments) {
  auto settings = arguments.analysis.settings();
  if (!settings) return complain(settings.error());
  if (arguments.jobs) settings->jobs = *arguments.jobs;
  auto outputs = make_outputs(arguments);
  if (!outputs) return complain(outputs.error());
  return Check(arguments, *settings, std::move(*outputs)).run();
}

}  // namespace

Run add_check(CLI::App& app) {
  auto arguments = std::make_shared<CheckArguments>();
  CLI::App& command =
      *app.add_subcommand("check", "analyse files or streams to their end and report what is wrong");
  command
      .add_option("input", arguments->inputs,
                  "files, patterns, \"-\" or addresses: http(s), HLS, DASH, rtmp, srt, rtp, udp")
      ->required()
      ->type_name("INPUT");
  command.add_option("--report", arguments->report, "write the JSON report (\"-\": standard output)")
      ->type_name("FILE.json");
  command.add_option("--html", arguments->html, "write the report as one HTML page")->type_name("FILE.html");
  command.add_option("--events", arguments->events, "write each event as a JSON line the moment it is known")
      ->type_name("FILE.jsonl");
  arguments->analysis.add_to(command);
  command.add_option("--jobs", arguments->jobs, "inputs analysed side by side (one a core)")
      ->check(CLI::Range(1, 256))
      ->type_name("N");
  command.add_flag("--quiet,-q", arguments->quiet, "print no table");
  command.footer(
      "Exit status: 0 nothing found, 1 incidents found, 2 usage or configuration, 3 an input can't be\n"
      "opened or holds no decodable media. Of several inputs the highest counts.");
  return [arguments] {
    if (arguments->report == "-" || arguments->html == "-" || arguments->events == "-")
      arguments->quiet = true;
    return run_check(*arguments);
  };
}

}  // namespace monolens

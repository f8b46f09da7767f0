// monolens topology: runs the same detectors as one process, as clones, or as the distributed reference.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "app/command.h"
#include "app/exit_status.h"
#include "app/stop_signal.h"
#include "base/atomic_file.h"
#include "cost/bill_text.h"
#include "topology/roles.h"
#include "topology/run.h"

namespace monolens {
namespace {

struct RunArguments {
  std::vector<std::string> inputs;
  std::string topology = "distributed";
  std::string name;
  std::string detectors;
  std::vector<std::string> assignments;
  std::string nats = "nats://127.0.0.1:4222";
  std::string store = "http://127.0.0.1:8080";
  std::string bucket = "monolens-topology";
  std::string region = "us-east-1";
  std::string pictures = "raw";
  std::string objects = "second";
  std::optional<double> sample;
  double quota = 0;
  int connections = 4;
  int ahead = 3;
  std::string usage;
  std::string report;
  bool quiet = false;
};

Result<topology::Plan> plan_of(const RunArguments& a) {
  Settings settings;
  if (!a.detectors.empty()) {
    if (auto chosen = settings.detectors.choose(a.detectors); !chosen) return chosen.error();
  }
  for (const std::string& assignment : a.assignments) {
    if (auto set = apply_assignment(assignment, settings); !set) return set.error();
  }
  topology::Plan plan;
  plan.inputs = a.inputs;
  plan.detectors = settings.detectors.chosen();
  if (plan.detectors.empty()) return Error{ErrorCode::kUsage, "no detectors are chosen"};
  plan.run = fmt::format("r{}", getpid());
  plan.nats = a.nats;
  plan.s3_endpoint = a.store;
  plan.s3_bucket = a.bucket;
  plan.s3_region = a.region;
  plan.connections = a.connections;
  plan.coding = *picture_coding(a.pictures);
  plan.object_a_frame = a.objects == "frame";
  plan.sample = a.sample;
  plan.quota_per_s = a.quota;
  plan.ahead = a.ahead;
  return plan;
}

std::string name_of_run(const RunArguments& a) {
  if (!a.name.empty()) return a.name;
  if (a.topology != "distributed") return a.topology;
  return fmt::format("distributed, {}, an object a {}{}", a.pictures, a.objects,
                     a.sample ? fmt::format(", {:g} pictures a second", *a.sample) : "");
}

Result<topology::RunResult> run_topology(const RunArguments& a) {
  auto plan = plan_of(a);
  if (!plan) return plan.error();
  const topology::RunOptions options{
      .name = name_of_run(a), .program = "/proc/self/exe", .stop = &stop_on_signal()};
  if (a.topology == "monolith") return topology::run_monolith_topology(*plan, options);
  if (a.topology == "groups")
    return topology::run_group_topology(*plan, topology::natural_groups(plan->detectors), options);
  return topology::run_distributed_topology(*plan, options);
}

Result<void> write(const std::string& path, const std::string& content) {
  if (path.empty()) return {};
  auto file = AtomicFile::create(path);
  if (!file) return file.error();
  return file->commit(content);
}

int run(const RunArguments& a) {
  auto result = run_topology(a);
  if (!result) return complain(result.error());
  if (!a.quiet && a.usage != "-" && a.report != "-") fmt::print("{}", cost::usage_table({result->usage}));
  const auto text = [](const auto& json) {
    return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  };
  const auto& reports = result->reports;
  if (auto done = write(a.usage, text(cost::usage_json({result->usage}))); !done)
    return complain(done.error());
  if (auto done = write(a.report, text(reports.size() == 1 ? reports[0] : reports)); !done)
    return complain(done.error());
  const bool found =
      std::any_of(reports.begin(), reports.end(), [](const auto& r) { return !r.at("incidents").empty(); });
  return found ? kIncidentsFound : kNothingFound;
}

Run add_run(CLI::App& command) {
  auto a = std::make_shared<RunArguments>();
  CLI::App& run_command =
      *command.add_subcommand("run", "analyse inputs in a topology and measure what it takes");
  run_command.add_option("input", a->inputs, "paths or addresses, a stream each")
      ->required()
      ->type_name("INPUT");
  run_command
      .add_option(
          "--topology", a->topology,
          "monolith, groups (clones of it, each with some of the detectors) or distributed (distributed)")
      ->check(CLI::IsMember({"monolith", "groups", "distributed"}))
      ->type_name("NAME");
  run_command
      .add_option("--detectors", a->detectors, "names separated by commas; \"-name\" takes one out (all)")
      ->type_name("LIST");
  run_command.add_option("--set", a->assignments, "an option of a detector")
      ->type_name("DETECTOR.OPTION=VALUE");
  run_command.add_option("--nats", a->nats, "the broker, with JetStream (nats://127.0.0.1:4222)")
      ->type_name("URL");
  run_command
      .add_option(
          "--store", a->store,
          "the object store's S3 API (http://127.0.0.1:8080); its keys are taken from AWS_ACCESS_KEY_ID "
          "and AWS_SECRET_ACCESS_KEY")
      ->type_name("URL");
  run_command.add_option("--bucket", a->bucket, "where objects go (monolens-topology)")->type_name("NAME");
  run_command.add_option("--region", a->region, "of the store (us-east-1)")->type_name("NAME");
  run_command.add_option("--pictures", a->pictures, "raw, png or jpeg (raw)")
      ->check(CLI::IsMember({"raw", "png", "jpeg"}))
      ->type_name("CODING");
  run_command.add_option("--objects", a->objects, "one a frame or one a second (second)")
      ->check(CLI::IsMember({"frame", "second"}))
      ->type_name("SIZE");
  run_command.add_option("--sample", a->sample, "pictures a second that are stored (all)")
      ->check(CLI::Range(0.01, 1000.0))
      ->type_name("N");
  run_command.add_option("--quota", a->quota, "transitions a second that the workflow may make; 0 = any (0)")
      ->check(CLI::Range(0.0, 1e9))
      ->type_name("N");
  run_command.add_option("--connections", a->connections, "to the store, of each process (4)")
      ->check(CLI::Range(1, 64))
      ->type_name("N");
  run_command.add_option("--ahead", a->ahead, "seconds of a stream that are under way at once (3)")
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
  run_command.add_option("--name", a->name, "of the run, in tables")->type_name("TEXT");
  run_command
      .add_option("--usage", a->usage, "write what it took, for `monolens cost` (\"-\": standard output)")
      ->type_name("FILE.json");
  run_command.add_option("--report", a->report, "write what was found (\"-\": standard output)")
      ->type_name("FILE.json");
  run_command.add_flag("--quiet,-q", a->quiet, "print no table");
  return [a] { return run(*a); };
}

struct ProcessArguments {
  std::string role;
  std::string plan;
  std::string detector;
};

int run_process(const ProcessArguments& a) {
  auto plan = topology::parse_plan(a.plan);
  if (!plan) return complain(plan.error());
  const std::atomic<bool>& stop = stop_on_signal();
  Result<void> done = Error{ErrorCode::kUsage, "no such role"};
  if (a.role == "conversion") done = topology::run_conversion(*plan, stop);
  if (a.role == "detector") done = topology::run_detector(*plan, a.detector, stop);
  if (a.role == "aggregation") done = topology::run_aggregation(*plan, stop);
  if (a.role == "orchestration") done = topology::run_orchestration(*plan, stop);
  if (a.role == "monolith") done = topology::run_monolith(*plan, stop);
  return done ? kNothingFound : complain(done.error());
}

}  // namespace

Run add_topology(CLI::App& app) {
  CLI::App& command = *app.add_subcommand(
      "topology", "run the detectors as one process or distributed over many, and measure what it takes");
  command.require_subcommand(1);
  const Run run_run = add_run(command);
  command.footer(
      "Exit status: 0 nothing found, 1 incidents found, 2 usage or an output that can't be written, 3 an "
      "input\ncan't be opened or a part of the run failed.");
  return run_run;
}

Run add_topology_process(CLI::App& app) {
  auto a = std::make_shared<ProcessArguments>();
  CLI::App& command = *app.add_subcommand("topology-process", "a process of `topology run`")->group("");
  command.add_option("role", a->role)->required();
  command.add_option("--plan", a->plan)->required();
  command.add_option("--detector", a->detector);
  return [a] { return run_process(*a); };
}

}  // namespace monolens

// monolens serve: watches many streams and tells people; and the worker process that it starts for that.
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <thread>

#include "app/command.h"
#include "app/exit_status.h"
#include "app/serve_settings.h"
#include "app/stop_signal.h"
#include "base/atomic_file.h"
#include "base/text.h"
#include "http/server.h"
#include "service/api.h"
#include "service/worker.h"
#include "sinks/make_sink.h"

namespace monolens {
namespace {

struct ServeArguments {
  std::string configuration;
  std::string listen;
  std::string data;
  std::vector<std::string> files;
  int workers = 0;
  std::string cluster;
  std::string detectors;
};

Result<ServeSettings> settings_of(const ServeArguments& arguments) {
  ServeSettings settings;
  if (!arguments.configuration.empty()) {
    auto loaded = load_serve_settings(arguments.configuration, settings);
    if (!loaded) return loaded.error();
  }
  if (!arguments.listen.empty()) {
    auto parsed = parse_listen(arguments.listen, settings);
    if (!parsed) return Error{parsed.error().code, "--listen: " + parsed.error().message};
  }
  if (!arguments.data.empty()) settings.data = arguments.data;
  if (!arguments.cluster.empty()) {
    if (!settings.cluster) settings.cluster.emplace().broker.prefix = kClusterPrefix;
    settings.cluster->broker.url = arguments.cluster;
  }
  if (!arguments.detectors.empty()) {
    if (!settings.cluster)
      return Error{ErrorCode::kUsage, "--detectors takes groups of a cluster, and there is no --cluster"};
    settings.cluster->serves.clear();
    for (const std::string_view group : split(arguments.detectors, ','))
      settings.cluster->serves.emplace_back(group);
  }
  if (arguments.workers > 0) settings.workers = arguments.workers;
  for (const std::string& folder : arguments.files) settings.file_folders.push_back(folder);
  if (settings.tokens.empty() && !is_loopback(settings.http.address)) {
    return Error{ErrorCode::kUsage,
                 fmt::format("to listen on {}, which is not loopback, needs a [[token]] in the configuration",
                             settings.http.address)};
  }
  name_loopback(settings);
  return settings;
}

// Made once for the data, so that the others of a cluster know the instance again.
Result<std::string> instance_name(const std::string& data) {
  const std::string path = (std::filesystem::path(data) / "instance").string();
  std::string name;
  if (std::ifstream(path) >> name) return name;
  std::random_device random;
  name = fmt::format("i{:08x}{:08x}", random(), random());
  auto file = AtomicFile::create(path);
  if (!file) return file.error();
  auto written = file->commit(name + "\n");
  if (!written) return written.error();
  return name;
}

int serve(ServeSettings settings) {
  const std::atomic<bool>& stop = stop_on_signal();
  std::error_code error;
  const bool is_new = !std::filesystem::exists(settings.data, error);
  std::filesystem::create_directories(settings.data, error);
  // The store holds addresses with their passwords.
  if (is_new && !error) std::filesystem::permissions(settings.data, std::filesystem::perms::owner_all, error);
  if (error) return complain(Error{ErrorCode::kWrite, fmt::format("{}: {}", settings.data, error.message())});

  ServiceOptions options;
  options.store = (std::filesystem::path(settings.data) / "monolens.db").string();
  options.measurements = (std::filesystem::path(settings.data) / "measurements.db").string();
  if (settings.clips_mb > 0) options.clips = (std::filesystem::path(settings.data) / "clips").string();
  options.most_clip_bytes = static_cast<std::uint64_t>(settings.clips_mb) * 1'000'000;
  options.workers = settings.workers;
  options.capacity_cores = settings.capacity_cores;
  options.worker = {std::filesystem::read_symlink("/proc/self/exe").string(), "worker"};
  options.file_folders = settings.file_folders;
  options.sources = settings.sources;
  options.in_cluster = settings.cluster.has_value();
  for (SinkSetting& s : settings.sinks) {
    SinkFilter filter = s.options.filter;
    auto sink = make_sink(std::move(s.options));
    if (!sink)
      return complain(Error{sink.error().code, fmt::format("sink '{}': {}", s.name, sink.error().message)});
    options.sinks.push_back({.name = s.name, .filter = std::move(filter), .sink = std::move(*sink)});
  }
  for (ScoreHookSetting& s : settings.score_hooks) {
    std::vector<std::string> monitors = s.options.filter.monitors;
    auto sink = make_sink(std::move(s.options));
    if (!sink) {
      return complain(
          Error{sink.error().code, fmt::format("score_hook '{}': {}", s.name, sink.error().message)});
    }
    options.score_hooks.push_back(
        {.name = s.name, .level = s.level, .monitors = std::move(monitors), .sink = std::move(*sink)});
  }
  if (auto* folder = std::get_if<std::string>(&settings.results)) {
    options.results = results_to_folder(std::move(*folder));
  } else if (auto* bucket = std::get_if<S3Options>(&settings.results)) {
    auto put = results_to_s3(std::move(*bucket));
    if (!put) return complain(Error{put.error().code, "results: " + put.error().message});
    options.results = std::move(*put);
  }
  std::atomic<EventFeed*> feed_to = nullptr;
  auto service = Service::start(std::move(options), [&feed_to](const EventRecord& event) {
    if (EventFeed* feed = feed_to.load()) feed->publish(event);
  });
  if (!service) return complain(service.error());
  EventFeed feed((*service)->store());
  feed_to.store(&feed);
  std::unique_ptr<ClusterMember> member;
  if (settings.cluster) {
    auto name = instance_name(settings.data);
    if (!name) return complain(name.error());
    auto joined = ClusterMember::join(std::move(*settings.cluster), *name, **service);
    if (!joined) return complain(joined.error());
    member = std::move(*joined);
  }
  const Api api(**service, feed, std::move(settings.tokens), member.get());
  if (member) member->set_answer([&api](const HttpRequest& request) { return api.answer_here(request); });
  auto server =
      HttpServer::start(settings.http, [&api](const HttpRequest& request) { return api.answer(request); });
  if (!server) return complain(server.error());

  const bool tls = !settings.http.certificate_file.empty();
  std::printf("monolens: listening on %s://%s:%d, data in %s\n", tls ? "https" : "http",
              settings.http.address.c_str(), (*server)->port(), settings.data.c_str());
  std::fflush(stdout);
  while (!stop.load()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  (*server)->stop();
  if (member) member->leave();
  service->reset();
  return kNothingFound;
}

}  // namespace

Run add_serve(CLI::App& app) {
  auto arguments = std::make_shared<ServeArguments>();
  CLI::App& command = *app.add_subcommand("serve", "watch many live streams as a service, with an HTTP API");
  command.add_option("--config", arguments->configuration, "a TOML file: where to listen, tokens, sinks")
      ->type_name("FILE.toml");
  command
      .add_option("--listen", arguments->listen,
                  "where the API listens (127.0.0.1:8080); port 0 is any free one")
      ->type_name("ADDRESS:PORT");
  command.add_option("--data", arguments->data, "the folder that the store is kept in (monolens-data)")
      ->type_name("FOLDER");
  command.add_option("--files", arguments->files, "files beneath this folder may be watched, repeatable")
      ->type_name("FOLDER")
      ->allow_extra_args(false);
  command
      .add_option("--workers", arguments->workers,
                  "processes that share the streams, so that a crash stops fewer (1)")
      ->type_name("N")
      ->check(CLI::Range(1, 64));
  command
      .add_option("--cluster", arguments->cluster,
                  "be one of the instances that share work through this NATS JetStream; docs/cluster.md")
      ->type_name("URL");
  command.add_option("--detectors", arguments->detectors, "in a cluster: the detector groups to serve (all)")
      ->type_name("GROUP[,GROUP…]");
  return [arguments] {
    auto settings = settings_of(*arguments);
    if (!settings) return complain(settings.error());
    return serve(std::move(*settings));
  };
}

Run add_worker(CLI::App& app) {
  auto options = std::make_shared<WorkerOptions>();
  // Not for people: it has no place in the help.
  CLI::App& command = *app.add_subcommand("worker", "the process that monolens serve starts")->group("");
  command.add_option("--wire", options->wire)->required();
  command.add_option("--note", options->note)->required();
  return [options] {
    // A signal of the terminal is the service's to handle.
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    return run_worker(*options);
  };
}

}  // namespace monolens

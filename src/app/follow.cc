// monolens follow: what a running service tells, as it tells it.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "app/command.h"
#include "app/event_reader.h"
#include "app/exit_status.h"
#include "app/remote.h"
#include "app/stop_signal.h"
#include "app/terminal.h"
#include "base/backoff.h"
#include "base/text.h"

namespace monolens {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

struct FollowArguments {
  RemoteArguments remote;
  std::string after;
  std::string monitor;
  bool json = false;
};

std::optional<Severity> severity_of(const std::string& name) {
  for (const Severity s : {Severity::kInfo, Severity::kMinor, Severity::kMajor, Severity::kCritical}) {
    if (name == name_of(s)) return s;
  }
  return std::nullopt;
}

class Printer {
 public:
  explicit Printer(const FollowArguments& arguments) : arguments_(arguments), colours_(is_terminal(stdout)) {}

  // What is no live event is not for people.
  void print(const std::string& data) try {
    const Json event = Json::parse(data);
    if (!arguments_.monitor.empty() && event.at("monitor").at("id") != arguments_.monitor) return;
    const auto type = event.at("event").get<std::string>();
    if (type == "open") found_ = true;
    if (arguments_.json) {
      fmt::print("{}\n", data);
    } else if (type != "update") {
      print_row(event, type);
    }
    std::fflush(stdout);
  } catch (const Json::exception&) {
    return;
  }

  bool found() const { return found_; }
  // Whoever read what is printed has gone.
  static bool is_over() { return std::ferror(stdout) != 0; }

 private:
  void print_row(const Json& event, const std::string& type) const {
    const Json& incident = event.at("incident");
    const auto name = incident.at("severity").get<std::string>();
    const auto severity = severity_of(name);
    const std::string column = fmt::format("{:<8}", printable(name));
    fmt::print("{}  {:<5}  {}  {:<22}  {}: {}\n", printable(event.at("time").get<std::string>()),
               printable(type), severity ? coloured(column, *severity, colours_) : column,
               printable(incident.at("kind").get<std::string>()),
               printable(event.at("monitor").at("name").get<std::string>()),
               printable(incident.at("note").get<std::string>()));
  }

  const FollowArguments& arguments_;
  bool colours_;
  bool found_ = false;
};

void wait(milliseconds time, const std::atomic<bool>& stop) {
  const auto until = std::chrono::steady_clock::now() + time;
  while (!stop.load() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(milliseconds(50));
}

int run_follow(const FollowArguments& arguments) {
  auto remote = arguments.remote.remote();
  if (!remote) return complain(remote.error());
  const std::atomic<bool>& stop = stop_on_signal();
  Printer printer(arguments);
  bool connected = false;
  Backoff backoff(milliseconds(500), milliseconds(30'000));
  EventReader reader([&](const ServerEvent& event) { printer.print(event.data); });
  while (!stop.load()) {
    const std::string from = reader.last_id().empty() ? arguments.after : reader.last_id();
    HttpHeaders headers;
    if (!from.empty()) headers.emplace_back("Last-Event-ID", from);
    reader.restart();
    auto ended = remote->stream(
        "/v1/events", headers,
        [&](std::string_view bytes) {
          connected = true;
          backoff.reset();
          reader.feed(bytes);
          return !Printer::is_over();
        },
        stop);
    if (!ended && ended.error().code == ErrorCode::kInterrupted) break;
    const bool may_pass = ended.ok() || (connected && ended.error().code == ErrorCode::kUnreadable);
    if (!may_pass) return complain(ended.error());
    if (!ended) complain(ended.error().message + "; trying again");
    wait(backoff.next(), stop);
  }
  return printer.found() ? kIncidentsFound : kNothingFound;
}

}  // namespace

Run add_follow(CLI::App& app) {
  auto arguments = std::make_shared<FollowArguments>();
  CLI::App& command = *app.add_subcommand("follow", "print what a running service tells, as it tells it");
  command
      .add_option("--after", arguments->after,
                  "begin after the event of that number, 0 for all that are kept (now)")
      ->check(CLI::NonNegativeNumber)
      ->type_name("NUMBER");
  command.add_option("--monitor", arguments->monitor, "of that monitor alone")->type_name("ID");
  command.add_flag("--json", arguments->json, "print JSON lines instead of text");
  arguments->remote.add_to(command);
  return [arguments] { return run_follow(*arguments); };
}

}  // namespace monolens

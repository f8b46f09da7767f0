// monolens watch: the same chain on a live stream, events as they come.
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "app/command.h"
#include "app/event_log.h"
#include "app/exit_status.h"
#include "app/incident_table.h"
#include "app/stop_signal.h"
#include "app/terminal.h"

namespace monolens {
namespace {

struct WatchArguments {
  AnalysisArguments analysis;
  std::string input;
  std::string events;
  bool json = false;
};

void print(const InputInfo& input, const IncidentEvent& event, bool colours) {
  const Incident& i = *event.incident;
  if (event.type == IncidentEvent::Type::kUpdate) return;
  const bool open = event.type == IncidentEvent::Type::kOpen;
  const std::string span = open ? "" : fmt::format("  {:.2f} s", (*i.end - i.start).seconds());
  fmt::print("{}  {:<5}  {}  {:<22} {:<8}  {}{}\n", clock_text((open ? i.start : *i.end).seconds()),
             open ? "open" : "close",
             coloured(fmt::format("{:<8}", name_of(i.severity)), i.severity, colours), i.kind,
             track_text(input, i.track), i.evidence.note, span);
  std::fflush(stdout);
}

int run_watch(const WatchArguments& arguments) {
  auto settings = arguments.analysis.settings();
  if (!settings) return complain(settings.error());
  auto events = EventLog::open(arguments.json ? "-" : arguments.events);
  if (!events) return complain(events.error());

  const std::atomic<bool>& stop = stop_on_signal();
  MonitorOptions options = monitor_options(*settings, arguments.input, stop);
  options.evidence = false;
  auto monitor = Monitor::open(std::move(options));
  if (!monitor) {
    (*events)->discard_if_empty();
    return complain(monitor.error());
  }
  const bool colours = is_terminal(stdout);
  auto result = (*monitor)->run(
      [&](const InputInfo& input, const IncidentEvent& event) {
        (*events)->write(input, event);
        if (!arguments.json) print(input, event, colours);
      },
      {});
  if (!result) return complain(result.error());
  if (!result->trouble.empty())
    complain(fmt::format("{}: the input ended early: {}", result->input.url, result->trouble));
  auto written = (*events)->status();
  if (!written) return complain(written.error());
  return result->incidents.empty() ? kNothingFound : kIncidentsFound;
}

}  // namespace

Run add_watch(CLI::App& app) {
  auto arguments = std::make_shared<WatchArguments>();
  CLI::App& command = *app.add_subcommand("watch", "watch a live stream and tell events as they come");
  command
      .add_option("input", arguments->input,
                  "an address (http(s), HLS, DASH, rtmp, srt, rtp, udp), a file or \"-\"")
      ->required()
      ->type_name("URL");
  command.add_option("--events", arguments->events, "also write each event as a JSON line")
      ->type_name("FILE.jsonl");
  command.add_flag("--json", arguments->json, "print JSON lines instead of text");
  arguments->analysis.add_to(command);
  return [arguments] { return run_watch(*arguments); };
}

}  // namespace monolens

// monolens_sink_probe DESCRIPTION: sends events through one sink, for tests against real servers.
//
// Each line of standard input is an event, an object with the fields of SinkEvent; for each comes a line:
// {"ok":true}, or {"ok":false,"passes":…,"message":…}. A description that is wrong gives such a line at once.
#include <csignal>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "sinks/make_sink.h"

namespace {

using monolens::Error;
using nlohmann::json;

void tell(const json& line) { std::cout << line.dump() << std::endl; }

void tell(const Error& error) {
  tell({{"ok", false}, {"passes", may_pass(error)}, {"message", error.message}});
}

monolens::SinkEvent event_of(const json& line) {
  return {.id = line.at("id"),
          .monitor = line.at("monitor"),
          .type = line.at("type"),
          .kind = line.at("kind"),
          .severity = line.at("severity"),
          .time = line.at("time"),
          .json = line.at("json")};
}

int run(const std::string& description) {
  auto options = monolens::parse_sink(json::parse(description));
  if (!options) {
    tell(options.error());
    return 2;
  }
  auto sink = monolens::make_sink(std::move(*options));
  if (!sink) {
    tell(sink.error());
    return 2;
  }
  for (std::string line; std::getline(std::cin, line);) {
    auto sent = (*sink)->send(event_of(json::parse(line)));
    if (sent) {
      tell({{"ok", true}});
    } else {
      tell(sent.error());
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return argc == 2 ? run(argv[1]) : 2;
  } catch (const std::exception& e) {
    std::cerr << "monolens_sink_probe: " << e.what() << '\n';
    return 3;
  }
}

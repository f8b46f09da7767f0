// monolens list: what a running service watches.
#include <fmt/format.h>

#include <memory>
#include <string>

#include "app/command.h"
#include "app/exit_status.h"
#include "app/remote.h"
#include "base/text.h"

namespace monolens {
namespace {

using Json = nlohmann::json;

struct ListArguments {
  RemoteArguments remote;
  bool json = false;
};

std::string state_of(const Json& monitor) {
  if (!monitor.at("quarantined").is_null()) return "quarantined";
  if (monitor.at("paused").get<bool>()) return "paused";
  return monitor.at("status").is_null() ? "starting" : monitor.at("status").at("state").get<std::string>();
}

void print_row(const Json& m) {
  fmt::print("{}  {:<11}  {:>5.0f}  {}  {}\n", printable(m.at("id").get<std::string>()),
             printable(state_of(m)), m.at("score").get<double>(), printable(m.at("name").get<std::string>()),
             printable(m.at("url").get<std::string>()));
}

int run_list(const ListArguments& arguments) try {
  auto remote = arguments.remote.remote();
  if (!remote) return complain(remote.error());
  auto answer = remote->call("GET", "/v1/monitors");
  if (!answer) return complain(answer.error());
  if (arguments.json) {
    fmt::print("{}\n", answer->at("monitors").dump(2));
    return kNothingFound;
  }
  if (!answer->at("monitors").empty())
    fmt::print("{:<17}  {:<11}  {:>5}  NAME  URL\n", "ID", "STATE", "SCORE");
  for (const Json& monitor : answer->at("monitors")) print_row(monitor);
  return kNothingFound;
} catch (const Json::exception&) {
  return complain(Error{ErrorCode::kUnreadable, "the server does not answer as monolens serve does"});
}

}  // namespace

Run add_list(CLI::App& app) {
  auto arguments = std::make_shared<ListArguments>();
  CLI::App& command = *app.add_subcommand("list", "list what a running service watches");
  command.add_flag("--json", arguments->json, "print the monitors as the API has them");
  arguments->remote.add_to(command);
  return [arguments] { return run_list(*arguments); };
}

}  // namespace monolens

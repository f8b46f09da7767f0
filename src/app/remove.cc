// monolens remove: has a running service watch streams no longer.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "app/command.h"
#include "app/exit_status.h"
#include "app/remote.h"
#include "sinks/uri_encode.h"

namespace monolens {
namespace {

struct RemoveArguments {
  RemoteArguments remote;
  std::vector<std::string> ids;
};

int run_remove(const RemoveArguments& arguments) {
  auto remote = arguments.remote.remote();
  if (!remote) return complain(remote.error());
  int status = kNothingFound;
  for (const std::string& id : arguments.ids) {
    auto removed = remote->call("DELETE", "/v1/monitors/" + uri_encode(id));
    if (!removed) status = std::max(status, complain(removed.error()));
  }
  return status;
}

}  // namespace

Run add_remove(CLI::App& app) {
  auto arguments = std::make_shared<RemoveArguments>();
  CLI::App& command =
      *app.add_subcommand("remove", "have a running service watch streams no longer; their incidents stay");
  command.add_option("id", arguments->ids, "ids of monitors, as monolens list prints them")
      ->required()
      ->type_name("ID...");
  arguments->remote.add_to(command);
  return [arguments] { return run_remove(*arguments); };
}

}  // namespace monolens

// monolens: the command line.
#include <fmt/format.h>

#include <cstdio>
#include <utility>
#include <vector>

#include "app/command.h"
#include "app/exit_status.h"
#include "app/version_text.h"
#include "base/text.h"
#include "features/kernels/cpu.h"

namespace {

// CLI11 would only say that a subcommand is required.
std::string unknown_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return "";
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == argv[1]) return "";
    if (monolens::is_shown(command)) names.push_back(command->get_name());
  }
  return fmt::format("unknown command '{}'{}", argv[1], monolens::suggestion(argv[1], names));
}

}  // namespace

int main(int argc, char** argv) {
  using namespace monolens;
  auto target = kernels::force_cpu_target_from_environment();
  if (!target) return complain(target.error());

  CLI::App app("Monolens watches audio and video streams and says, within a moment, what is wrong with them.",
               "monolens");
  app.require_subcommand(1);
  app.set_version_flag("--version", version_text);
  const std::vector<Run> commands = {
      add_check(app),      add_watch(app),  add_compare(app),  add_cost(app),
      add_eval(app),       add_serve(app),  add_list(app),     add_add(app),
      add_remove(app),     add_follow(app), add_topology(app), add_detectors(app),
      add_completion(app), add_man(app),    add_worker(app),   add_topology_process(app)};
  const std::string unknown = unknown_command(app, argc, argv);
  if (!unknown.empty()) {
    complain(unknown);
    return kUsageError;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(e);
    complain(std::string(e.what()) + " (see --help)");
    return kUsageError;
  }
  const auto all = app.get_subcommands([](CLI::App*) { return true; });
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i]->parsed()) return commands[i]();
  }
  return kUsageError;
}

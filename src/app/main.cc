// monolens: the command line.
#include <fmt/format.h>

#include <cstdio>
#include <utility>
#include <vector>

#include "app/command.h"
#include "app/exit_status.h"
#include "app/version_text.h"
#include "features/kernels/cpu.h"

int main(int argc, char** argv) {
  using namespace monolens;
  auto target = kernels::force_cpu_target_from_environment();
  if (!target) return complain(target.error());

  CLI::App app("Monolens watches audio and video streams and says, within a moment, what is wrong with them.", "monolens");
  app.require_subcommand(1);
  app.set_version_flag("--version", version_text);
  const std::vector<Run> commands = {add_check(app), add_watch(app), add_detectors(app), add_completion(app), add_man(app)};
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

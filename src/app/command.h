// The subcommands. Each adds itself to the command line and returns what runs it.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "app/settings.h"

namespace monolens {

// Whether people are told of a subcommand: one without a group is the program's own.
inline bool is_shown(const CLI::App* command) { return !command->get_group().empty(); }

// Runs a subcommand that was chosen; the result is the program's exit status.
using Run = std::function<int()>;

Run add_check(CLI::App& app);
Run add_watch(CLI::App& app);
Run add_serve(CLI::App& app);
Run add_list(CLI::App& app);
Run add_add(CLI::App& app);
Run add_remove(CLI::App& app);
Run add_follow(CLI::App& app);
Run add_worker(CLI::App& app);
Run add_eval(CLI::App& app);
Run add_compare(CLI::App& app);
Run add_cost(CLI::App& app);
Run add_topology(CLI::App& app);
Run add_topology_process(CLI::App& app);
Run add_detectors(CLI::App& app);
Run add_completion(CLI::App& app);
Run add_man(CLI::App& app);

// What check and watch have in common: which detectors, how they are set, how the input is decoded.
class AnalysisArguments {
 public:
  void add_to(CLI::App& command);

  // The settings: defaults, then the configuration file, then the command line.
  Result<Settings> settings() const;

  // What --set was given.
  const std::vector<std::string>& assignments() const { return assignments_; }

 private:
  std::string configuration_;
  std::string detectors_;
  std::vector<std::string> assignments_;
  std::string profile_;
  std::optional<double> timeout_s_;
  std::optional<int> threads_;
  std::optional<int> program_;
  std::string variant_;
};

// Prints "monolens: …" to standard error, one line.
void complain(const std::string& message);
int complain(const Error& error);

}  // namespace monolens

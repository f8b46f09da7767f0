// monolens completion: shell completion, made from the same descriptors as the help.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/command.h"
#include "app/exit_status.h"

namespace monolens {
namespace {

// A command's options as one string of words.
std::string option_words(const CLI::App& command) {
  std::vector<std::string> words;
  for (const CLI::App* part : command.get_subcommands(is_shown)) words.push_back(part->get_name());
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  }
  return fmt::format("{}", fmt::join(words, " "));
}

std::string detector_words() {
  std::vector<std::string_view> names;
  for (const DetectorInfo* info : all_detectors()) names.push_back(info->name);
  return fmt::format("{}", fmt::join(names, " "));
}

std::string assignment_words() {
  std::vector<std::string> words;
  for (const DetectorInfo* info : all_detectors()) {
    for (const OptionInfo& o : info->options) words.push_back(fmt::format("{}.{}=", info->name, o.name));
  }
  return fmt::format("{}", fmt::join(words, " "));
}

std::string bash_completion(const CLI::App& app) {
  std::string commands;
  std::string cases;
  for (const CLI::App* command : app.get_subcommands(is_shown)) {
    commands += (commands.empty() ? "" : " ") + command->get_name();
    std::string words = option_words(*command);
    for (const CLI::App* part : command->get_subcommands(is_shown)) words += " " + option_words(*part);
    cases += fmt::format("    {}) words=\"{}\" ;;\n", command->get_name(), words);
  }
  return fmt::format(R"(# bash completion for monolens
_monolens() {{
  local current="$2" previous="$3" words=""
  compopt +o nospace 2>/dev/null
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "{} --help --version" -- "$current")
    return
  fi
  case "$previous" in
    --detectors|detectors) mapfile -t COMPREPLY < <(compgen -W "{} all" -- "$current"); return ;;
    --profile) mapfile -t COMPREPLY < <(compgen -W "full economy keyframes" -- "$current"); return ;;
    --set) compopt -o nospace 2>/dev/null; mapfile -t COMPREPLY < <(compgen -W "{}" -- "$current"); return ;;
  esac
  case "${{COMP_WORDS[1]}}" in
{}  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current"; compgen -f -- "$current")
}}
complete -o filenames -F _monolens monolens
)",
                     commands, detector_words(), assignment_words(), cases);
}

}  // namespace

Run add_completion(CLI::App& app) {
  app.add_subcommand("completion", "print the completion script for bash");
  return [&app] {
    fmt::print("{}", bash_completion(app));
    return kNothingFound;
  };
}

}  // namespace monolens

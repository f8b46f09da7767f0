// monolens detectors: what each detector finds, with its options.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "app/command.h"
#include "app/exit_status.h"

namespace monolens {
namespace {

void print_all() {
  for (const DetectorInfo* info : all_detectors()) fmt::print("{:<16} {}\n", info->name, info->summary);
}

void print_one(const DetectorInfo& info) {
  fmt::print("{}: {}\n", info.name, info.summary);
  if (!info.kinds.empty()) fmt::print("  kinds:   {}\n", fmt::join(info.kinds, ", "));
  if (!info.source.empty()) fmt::print("  source:  {}\n", info.source);
  if (!info.options.empty()) fmt::print("  options:\n");
  for (const OptionInfo& o : info.options) {
    fmt::print("    {:<18} {:g}{}{}  ({:g} to {:g})  {}\n", o.name, o.fallback, o.unit.empty() ? "" : " ",
               o.unit, o.min, o.max, o.help);
  }
}

// docs/detectors-reference.md. The text of descriptors holds no character that a Markdown table takes for its
// own.
void print_markdown() {
  fmt::print(
      "# Detectors: the reference\n\n"
      "Made by `monolens detectors --markdown`; a test compares the two. How each one decides is in "
      "[detectors.md](detectors.md).\n");
  for (const DetectorInfo* info : all_detectors()) {
    fmt::print("\n## {}\n{}.\n", info->name, info->summary);
    if (!info->kinds.empty()) fmt::print("\nKinds: `{}`.\n", fmt::join(info->kinds, "`, `"));
    if (!info->source.empty()) fmt::print("\nSource: {}.\n", info->source);
    if (info->options.empty()) continue;
    fmt::print(
        "\n| option | default | unit | from | to | meaning |\n| --- | --- | --- | --- | --- | --- |\n");
    for (const OptionInfo& o : info->options) {
      fmt::print("| `{}` | {:g} | {} | {:g} | {:g} | {} |\n", o.name, o.fallback, o.unit, o.min, o.max,
                 o.help);
    }
  }
}

}  // namespace

Run add_detectors(CLI::App& app) {
  auto name = std::make_shared<std::string>();
  auto markdown = std::make_shared<bool>(false);
  CLI::App& command = *app.add_subcommand("detectors", "list the detectors, or all about one");
  command.add_option("name", *name, "a detector")->type_name("NAME");
  command.add_flag("--markdown", *markdown, "all about every detector, as the documentation's reference")
      ->excludes("name");
  return [name, markdown] {
    if (*markdown) {
      print_markdown();
      return kNothingFound;
    }
    if (name->empty()) {
      print_all();
      return kNothingFound;
    }
    auto found = find_detector(*name);
    if (!found) return complain(found.error());
    print_one(**found);
    return kNothingFound;
  };
}

}  // namespace monolens

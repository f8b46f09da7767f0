// monolens man: the manual page, made from the same descriptors as the help.
#include <fmt/format.h>

#include "app/command.h"
#include "app/exit_status.h"
#include "base/version.h"

namespace monolens {
namespace {

// Text for troff: a backslash, a hyphen and a leading dot or quote mean something there.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  if (out.starts_with('.') || out.starts_with('\'')) out.insert(0, "\\&");
  return out;
}

std::string option_section(const CLI::Option& option) {
  const bool positional = option.get_positional();
  const std::string name = positional ? option.get_type_name() : option.get_name(false, true);
  const std::string value = positional || option.get_type_name().empty() ? "" : " " + option.get_type_name();
  return fmt::format(".TP\n.B {}{}\n{}\n", escaped(name), escaped(value), escaped(option.get_description()));
}

// A command, and those beneath it.
std::string command_section(const CLI::App& command, const std::string& above = "monolens") {
  const std::string name = above + " " + command.get_name();
  std::string text = fmt::format(".SS {}\n{}.\n", name, escaped(command.get_description()));
  for (const CLI::Option* option : command.get_options()) text += option_section(*option);
  for (const CLI::App* part : command.get_subcommands(is_shown)) text += command_section(*part, name);
  return text;
}

std::string detector_section(const DetectorInfo& info) {
  std::string text = fmt::format(".SS {}\n{}.\n", escaped(info.name), escaped(info.summary));
  if (!info.source.empty()) text += fmt::format(".br\nSource: {}.\n", escaped(info.source));
  for (const OptionInfo& o : info.options) {
    text += fmt::format(".TP\n.B {}.{}\n{} ({:g} to {:g}{}{}; default {:g}).\n", escaped(info.name),
                        escaped(o.name), escaped(o.help), o.min, o.max, o.unit.empty() ? "" : " ",
                        escaped(o.unit), o.fallback);
  }
  return text;
}

std::string man_page(const CLI::App& app) {
  std::string text = fmt::format(
      ".TH MONOLENS 1 \"\" \"Monolens {}\" \"User commands\"\n.SH NAME\nmonolens \\- watches audio and video "
      "for "
      "defects\n.SH SYNOPSIS\n.B monolens\n.I command\n[\n.I options\n]\n.SH DESCRIPTION\n{}\n.SH COMMANDS\n",
      kVersion, escaped(app.get_description()));
  for (const CLI::App* command : app.get_subcommands(is_shown)) {
    text += command_section(*command);
  }
  text += ".SH DETECTORS\n";
  for (const DetectorInfo* info : all_detectors()) text += detector_section(*info);
  return text +
         ".SH EXIT STATUS\n.TP\n.B 0\nNothing found.\n.TP\n.B 1\nIncidents found.\n.TP\n.B 2\nUsage or "
         "configuration.\n"
         ".TP\n.B 3\nAn input can't be opened or holds no decodable media.\n"
         ".SH ENVIRONMENT\n.TP\n.B MONOLENS_CPU\nForces a SIMD target.\n.TP\n.B NO_COLOR\nPrints without "
         "colours.\n";
}

}  // namespace

Run add_man(CLI::App& app) {
  app.add_subcommand("man", "print the manual page (monolens man | man -l -)");
  return [&app] {
    fmt::print("{}", man_page(app));
    return kNothingFound;
  };
}

}  // namespace monolens

// monolens add: has a running service watch a stream.
#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/command.h"
#include "app/exit_status.h"
#include "app/remote.h"
#include "base/text.h"

namespace monolens {
namespace {

using Json = nlohmann::json;

struct AddArguments {
  RemoteArguments remote;
  std::string url;
  std::string name;
  std::string detectors;
  std::string profile;
  std::string variant;
  std::vector<std::string> options;
  std::vector<std::string> labels;
  std::optional<int> priority;
  std::optional<int> program;
  bool paused = false;
};

struct Pair {
  std::string name, value;
};

Result<Pair> pair_of(const std::string& flag, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    return Error{ErrorCode::kUsage, fmt::format("{}: '{}' is not NAME=VALUE", flag, printable(text))};
  return Pair{text.substr(0, equals), text.substr(equals + 1)};
}

Result<Json> options_of(const std::vector<std::string>& texts) {
  Json options = Json::object();
  for (const std::string& text : texts) {
    auto pair = pair_of("--set", text);
    if (!pair) return pair.error();
    double value = 0;
    const char* end = pair->value.data() + pair->value.size();
    const auto read = std::from_chars(pair->value.data(), end, value);
    if (read.ec != std::errc() || read.ptr != end)
      return Error{ErrorCode::kUsage, fmt::format("--set: '{}' is no number", printable(pair->value))};
    options[pair->name] = value;
  }
  return options;
}

Result<Json> labels_of(const std::vector<std::string>& texts) {
  Json labels = Json::object();
  for (const std::string& text : texts) {
    auto pair = pair_of("--label", text);
    if (!pair) return pair.error();
    labels[pair->name] = pair->value;
  }
  return labels;
}

// Only what was given: the server knows the defaults.
Result<Json> spec_of(const AddArguments& arguments) {
  Json spec = {{"url", arguments.url}};
  if (!arguments.name.empty()) spec["name"] = arguments.name;
  if (!arguments.detectors.empty()) spec["detectors"] = arguments.detectors;
  if (!arguments.profile.empty()) spec["profile"] = arguments.profile;
  if (!arguments.variant.empty()) spec["variant"] = arguments.variant;
  if (arguments.priority) spec["priority"] = *arguments.priority;
  if (arguments.program) spec["program"] = *arguments.program;
  if (arguments.paused) spec["paused"] = true;
  auto options = options_of(arguments.options);
  if (!options) return options;
  if (!options->empty()) spec["options"] = std::move(*options);
  auto labels = labels_of(arguments.labels);
  if (!labels) return labels;
  if (!labels->empty()) spec["labels"] = std::move(*labels);
  return spec;
}

int run_add(const AddArguments& arguments) try {
  auto spec = spec_of(arguments);
  if (!spec) return complain(spec.error());
  auto remote = arguments.remote.remote();
  if (!remote) return complain(remote.error());
  auto monitor = remote->call("POST", "/v1/monitors", &*spec);
  if (!monitor) return complain(monitor.error());
  fmt::print("{}\n", printable(monitor->at("id").get<std::string>()));
  return kNothingFound;
} catch (const Json::exception&) {
  return complain(Error{ErrorCode::kUnreadable, "the server does not answer as monolens serve does"});
}

}  // namespace

Run add_add(CLI::App& app) {
  auto arguments = std::make_shared<AddArguments>();
  CLI::App& command =
      *app.add_subcommand("add", "have a running service watch a stream; prints the monitor's id");
  command.add_option("url", arguments->url, "an address, or a path on the service's machine")
      ->required()
      ->type_name("URL");
  command.add_option("--name", arguments->name, "for people (the address)")->type_name("NAME");
  command
      .add_option("--detectors", arguments->detectors,
                  R"(names separated by commas; "all"; "-name" leaves one out)")
      ->type_name("LIST");
  command
      .add_option("--set", arguments->options, "an option of a detector, repeatable: freeze.duration_s=1.5")
      ->type_name("DETECTOR.OPTION=VALUE")
      ->allow_extra_args(false);
  command.add_option("--profile", arguments->profile, "full, economy or keyframes")->type_name("PROFILE");
  command
      .add_option("--priority", arguments->priority,
                  "-100 to 100; the higher, the later it gives anything up")
      ->type_name("N");
  command.add_option("--program", arguments->program, "the programme of a transport stream, by number")
      ->type_name("NUMBER");
  command.add_option("--variant", arguments->variant, "of an HLS or DASH playlist: highest or lowest")
      ->type_name("VARIANT");
  command.add_option("--label", arguments->labels, "a label, repeatable")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command.add_flag("--paused", arguments->paused, "do not begin to watch");
  arguments->remote.add_to(command);
  return [arguments] { return run_add(*arguments); };
}

}  // namespace monolens

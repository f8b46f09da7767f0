#include <fmt/format.h>

#include <cstdio>

#include "app/command.h"
#include "app/exit_status.h"
#include "base/text.h"

namespace monolens {

void AnalysisArguments::add_to(CLI::App& command) {
  command
      .add_option("--detectors", detectors_, R"(names separated by commas; "all"; "-name" leaves one out)")
      ->type_name("LIST");
  command.add_option("--set", assignments_, "an option of a detector, repeatable: freeze.duration_s=1.5")
      ->type_name("DETECTOR.OPTION=VALUE")
      ->allow_extra_args(false);
  command.add_option("--config", configuration_, "a TOML file with the same settings")
      ->type_name("FILE.toml");
  command.add_option("--profile", profile_, "full, economy (no frames that no other refers to) or keyframes")
      ->type_name("PROFILE");
  command.add_option("--program", program_, "the programme of a transport stream, by number")
      ->type_name("NUMBER");
  command.add_option("--variant", variant_, "of an HLS or DASH playlist: highest or lowest (highest)")
      ->type_name("VARIANT");
  command.add_option("--threads", threads_, "decoding threads an input (1: the cheapest)")
      ->check(CLI::Range(1, 256))
      ->type_name("N");
  command.add_option("--timeout", timeout_s_, "deadline of every wait for the network (10)")
      ->check(CLI::Range(0.1, 86400.0))
      ->type_name("SECONDS");
}

Result<Settings> AnalysisArguments::settings() const {
  Settings settings;
  if (!configuration_.empty()) {
    auto loaded = load_configuration(configuration_, settings);
    if (!loaded) return loaded.error();
  }
  if (!detectors_.empty()) {
    auto chosen = settings.detectors.choose(detectors_);
    if (!chosen) return Error{chosen.error().code, "--detectors: " + chosen.error().message};
  }
  for (const std::string& assignment : assignments_) {
    auto applied = apply_assignment(assignment, settings);
    if (!applied) return Error{applied.error().code, "--set: " + applied.error().message};
  }
  if (!profile_.empty()) {
    auto profile = parse_profile(profile_);
    if (!profile) return Error{profile.error().code, "--profile: " + profile.error().message};
    settings.profile = *profile;
  }
  if (timeout_s_) settings.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(*timeout_s_ * 1000));
  if (threads_) settings.threads = *threads_;
  settings.program = program_;
  if (!variant_.empty()) {
    auto variant = parse_variant(variant_);
    if (!variant) return Error{variant.error().code, "--variant: " + variant.error().message};
    settings.variant = *variant;
  }
  return settings;
}

void complain(const std::string& message) {
  std::fputs(fmt::format("monolens: {}\n", printable(message)).c_str(), stderr);
}

int complain(const Error& error) {
  complain(error.message);
  return exit_status(error);
}

}  // namespace monolens

// A configuration that somebody else wrote: it is refused with its place and a reason on one line, or every
// setting is in its range.
//
// Input: the text of a configuration file; each of its lines is also tried as --set DETECTOR.OPTION=VALUE.
#include <cstdint>
#include <string>
#include <string_view>

#include "app/settings.h"
#include "base/text.h"
#include "check.h"

namespace {

using namespace monolens;

const std::string kName = "monolens.toml";

void check_settings(const Settings& settings) {
  check(settings.timeout.count() >= 100 && settings.timeout.count() <= 86'400'000);
  check(settings.threads >= 1 && settings.threads <= 256);
  check(settings.jobs >= 0 && settings.jobs <= 256);
  for (const ChosenDetector& d : settings.detectors.chosen()) {
    for (const OptionInfo& o : d.info->options) {
      const double value = d.options[o.name];
      check(value >= o.min && value <= o.max);
    }
  }
}

void check_error(const Error& error) {
  check(error.code == ErrorCode::kUsage);
  check(!error.message.empty() && error.message.find('\n') == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Settings settings;
  if (auto parsed = parse_configuration(text, kName, settings); !parsed) {
    check_error(parsed.error());
    check(parsed.error().message.starts_with(kName + ":"));
  }
  check_settings(settings);
  for (const std::string_view line : split(text, '\n')) {
    if (auto applied = apply_assignment(line, settings); !applied) check_error(applied.error());
  }
  check_settings(settings);
  return 0;
}

// Settings: what the command line and the configuration file together ask for.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detectors/registry.h"
#include "media/media_converter.h"
#include "media/profile.h"
#include "monitor/monitor.h"

namespace monolens {

struct Settings {
  DetectorSet detectors;
  Profile profile = Profile::kFull;
  std::chrono::milliseconds timeout{10'000};
  int threads = 1;  // decoding threads an input
  int jobs = 0;     // inputs side by side; 0 = one a core
  std::optional<int> program;
  Variant variant = Variant::kHighest;
};

// One input's monitor, as the settings want it; `stop` ends it early. REQUIRES: `stop` outlives the monitor.
MonitorOptions monitor_options(const Settings& settings, const std::string& url,
                               const std::atomic<bool>& stop);

// `text` is "detector.option=value".
Result<void> apply_assignment(std::string_view text, Settings& settings);

// Reads a TOML file over `settings`. Errors name the file, the line and the column.
//
//     profile = "full"            # full, economy, keyframes
//     timeout_s = 10
//     threads = 1
//     jobs = 2
//     [detectors]
//     select = "all,-loudness"    # or an array of names
//     [detectors.freeze]
//     duration_s = 2.0
Result<void> load_configuration(const std::string& path, Settings& settings);

// The same from the file's content; `name` stands in messages. For tests and fuzzers.
Result<void> parse_configuration(std::string_view toml, const std::string& name, Settings& settings);

}  // namespace monolens

// Bytes as an input, through the whole chain with every detector to its report: whatever they are, the
// analysis ends, every incident has closed, and the report is JSON.
//
// Input: the bytes of a file. They lie in memory, from where no file and no network can be reached.
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "check.h"
#include "monitor/monitor.h"
#include "report/json_report.h"

extern "C" {
#include <libavutil/mem.h>
}

namespace {

using namespace monolens;

// So that a run takes milliseconds: a few bytes may declare a picture of gigabytes.
constexpr std::size_t kMostBytes = 32 * 1024;
constexpr std::size_t kLargestAllocation = 2 * 1024 * 1024;
constexpr auto kTimeout = std::chrono::milliseconds(100);

void check_result(const MonitorResult& result) {
  check(result.video_frames > 0 || result.audio_samples > 0);
  std::set<std::string> ids;
  for (const Incident& i : result.incidents) {
    check(i.end.has_value() && *i.end >= i.start);
    check(i.confidence >= 0 && i.confidence <= 1);
    check(i.track < static_cast<int>(result.input.tracks.size()));
    ids.insert(i.id);
  }
  check(ids.size() == result.incidents.size());
  const std::string report = to_text(make_report_with_curves(result, {.profile = "full"}));
  check(nlohmann::json::accept(report));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kMostBytes) return 0;
  av_max_alloc(kLargestAllocation);
  MonitorOptions options;
  options.source.url = "memory";
  options.source.timeout = kTimeout;
  options.source.bytes = memory_stream(std::as_bytes(std::span(data, size)));
  options.detectors = DetectorSet().chosen();
  auto monitor = Monitor::open(std::move(options));
  if (!monitor) {
    check(!monitor.error().message.empty());
    return 0;
  }
  MediaTime last;
  int open = 0;
  auto result = (*monitor)->run(
      [&](const InputInfo&, const IncidentEvent& event) {
        check(event.at >= last);
        last = event.at;
        if (event.type == IncidentEvent::Type::kOpen) ++open;
        if (event.type == IncidentEvent::Type::kClose) --open;
        check(event.incident->end.has_value() == (event.type == IncidentEvent::Type::kClose));
      },
      {});
  if (!result) return 0;
  check(open == 0);
  check_result(*result);
  return 0;
}

// Timestamps as hostile as they come: the times of each track never decrease, durations are never negative,
// and no arithmetic overflows.
//
// Input: a byte of options, 8 of the origin, then samples of 17 bytes: track and flags, raw, duration.
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

#include "check.h"
#include "media/timeline.h"

namespace {

using namespace monolens;

MediaDuration duration_at(const std::uint8_t* bytes) {
  std::int64_t ns = 0;
  std::memcpy(&ns, bytes, sizeof ns);
  return MediaDuration::nanoseconds(ns);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 9) return 0;
  TimelineOptions options;
  options.may_jump = (data[0] & 1) != 0;
  if ((data[0] & 2) != 0) options.origin = duration_at(data + 1);
  if ((data[0] & 4) != 0) options.max_gap = duration_at(data + 1);
  Timeline timeline(options);
  timeline.add_track(TrackType::kVideo);
  timeline.add_track(TrackType::kAudio);
  timeline.add_track(TrackType::kAudio);

  std::array<std::optional<MediaTime>, 3> last;
  for (auto samples = std::span(data, size).subspan(9); samples.size() >= 17; samples = samples.subspan(17)) {
    const std::uint8_t flags = samples[0];
    const std::size_t track = flags % 3;
    auto raw = std::optional(duration_at(&samples[1]));
    if ((flags & 0x80) != 0) raw.reset();
    const Placement placed = timeline.place(static_cast<int>(track), raw, duration_at(&samples[9]));
    check(!last[track] || placed.time >= *last[track]);
    check(placed.duration >= MediaDuration());
    check(placed.time + placed.duration >= placed.time);
    check((placed.event == TimelineEvent::kNone) == (placed.delta == MediaDuration()));
    last[track] = placed.time;
  }
  return 0;
}

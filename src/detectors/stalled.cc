// Stalled: the source broke off or delivered nothing for its whole deadline (`--timeout`), or a live HLS
// playlist has not changed for 1.5 target durations, until it grows.
//
// RFC 8216 6.2.1 has a server add a segment within that time.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "detectors/detector.h"

namespace monolens {
namespace {

constexpr std::string_view kKinds[] = {"transport.stalled"};

class Stalled final : public Detector {
 public:
  void observe(const Measured& m, Findings& out) override {
    switch (m.event->type) {
      case StreamEvent::Type::kStalled:
        return begin(m.time, "the source delivers nothing", out);
      case StreamEvent::Type::kReadError:
        return begin(m.time, "the source broke off", out);
      case StreamEvent::Type::kPlaylistStale:
        return begin(m.time, m.event->detail, out);
      case StreamEvent::Type::kPlaylistGrew:
        return end(m.time, out);
      default:
        return;
    }
  }

 private:
  void begin(MediaTime at, std::string note, Findings& out) {
    if (since_) return;
    since_ = at;
    note_ = std::move(note);
    out.push_back({.kind = kKinds[0], .start = at, .note = note_});
  }

  // Nothing was shown meanwhile, so that it may have taken no time on the presentation's line.
  void end(MediaTime at, Findings& out) {
    if (!since_) return;
    out.push_back({.phase = Finding::Phase::kEnded,
                   .kind = kKinds[0],
                   .start = *since_,
                   .end = std::max(at, *since_ + MediaDuration::milliseconds(1)),
                   .note = note_});
    since_.reset();
  }

  std::optional<MediaTime> since_;
  std::string note_;
};

}  // namespace

const DetectorInfo& stalled_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "stalled",
      .summary = "the source breaks off or delivers nothing, or its playlist stops growing",
      .source = "RFC 8216 6.2.1 for playlists",
      .scope = Scope::kInput,
      .kinds = kKinds,
      .options = {},
      .request = [](const Options&, FeatureOptions&) {},
      .make = [](const Options&) -> std::unique_ptr<Detector> { return std::make_unique<Stalled>(); },
  };
  return kInfo;
}

}  // namespace monolens

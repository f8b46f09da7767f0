// Silence: every channel of a track stays below `floor_dbfs` for at least `duration_s`.
//
// A click shorter than `ignore_s` does not end a silence: dead air with a relay tick is still dead air.
// Peer: FFmpeg silencedetect (noise=-60dB:d=2), which a single sample resets.
#include <algorithm>
#include <cmath>

#include "detectors/decibel.h"
#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"duration_s", 2.0, 0.05, 3600, "s", "shortest silence"},
    {"floor_dbfs", -60, -120, -10, "dBFS", "peak below which a channel is silent"},
    {"ignore_s", 0.05, 0, 1, "s", "sound shorter than this does not end a silence"},
};
constexpr std::string_view kKinds[] = {"audio.silence"};

class Silence final : public Detector {
 public:
  explicit Silence(const Options& o)
      : hold_(MediaDuration::seconds(o["duration_s"]), MediaDuration::seconds(o["ignore_s"])),
        floor_(static_cast<float>(from_decibel(o["floor_dbfs"]))) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.audio == nullptr) return;
    const float peak = m.audio->peak();
    const bool silent = peak < floor_;
    if (silent) highest_ = std::max(highest_, peak);
    tell(hold_.observe(silent, m.time, m.time + m.audio->duration), out);
    if (!hold_.is_running()) highest_ = 0;
  }

  void finish(MediaTime end, Findings& out) override { tell(hold_.finish(end), out); }

 private:
  void tell(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    report(change, hold_,
           {.kind = kKinds[0], .measures = {{"peak_dbfs", to_decibel(highest_)}}, .note = "no sound"}, out);
  }

  Hold hold_;
  float floor_;        // linear full scale
  float highest_ = 0;  // peak within the silence
};

}  // namespace

const DetectorInfo& silence_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "silence",
      .summary = "(almost) no sound",
      .source = "FFmpeg silencedetect as a peer (2 s below −60 dBFS)",
      .scope = Scope::kAudio,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.levels = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Silence>(o); },
  };
  return kInfo;
}

}  // namespace monolens

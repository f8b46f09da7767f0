// Channel missing: the left or the right channel of a track is silent for at least `duration_s` while another
// channel sounds. Centre, surround and bass channels rest for minutes in good programmes and are not judged.
#include <algorithm>
#include <array>

#include "detectors/decibel.h"
#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"duration_s", 2.0, 0.2, 3600, "s", "shortest absence"},
    {"floor_dbfs", -60, -120, -10, "dBFS", "peak below which a channel is silent"},
    {"sound_dbfs", -45, -120, -6, "dBFS", "peak above which another channel sounds"},
};
constexpr std::string_view kKinds[] = {"audio.channel_missing"};

class ChannelMissing final : public Detector {
 public:
  explicit ChannelMissing(const Options& o)
      : holds_{Hold(MediaDuration::seconds(o["duration_s"]), kIgnore),
               Hold(MediaDuration::seconds(o["duration_s"]), kIgnore)},
        floor_(static_cast<float>(from_decibel(o["floor_dbfs"]))),
        sound_(static_cast<float>(from_decibel(o["sound_dbfs"]))) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.audio == nullptr || m.audio->channels.size() < 2) return;
    const AudioFeatures& f = *m.audio;
    const float loudest = f.peak();
    for (std::size_t c = 0; c < holds_.size(); ++c) {
      const bool silent = f.channels[c].peak < floor_;
      if (silent && loudest < sound_) continue;  // a pause of the others says nothing
      tell(holds_[c].observe(silent, f.time, f.time + f.duration), c, out);
    }
  }

  void finish(MediaTime end, Findings& out) override {
    for (std::size_t c = 0; c < holds_.size(); ++c) tell(holds_[c].finish(end), c, out);
  }

 private:
  static constexpr auto kIgnore = MediaDuration::milliseconds(20);

  void tell(Hold::Change change, std::size_t c, Findings& out) {
    if (!change.opened && !change.closed) return;
    report(change, holds_[c],
           {.kind = kKinds[0],
            .part = static_cast<int>(c),
            .measures = {{"channel", static_cast<double>(c)}},
            .note = c == 0 ? "the left channel is silent" : "the right channel is silent"},
           out);
  }

  std::array<Hold, 2> holds_;  // left, right
  float floor_;                // linear full scale
  float sound_;
};

}  // namespace

const DetectorInfo& channel_missing_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "channel_missing",
      .summary = "the left or right channel silent while others sound",
      .source = "",
      .scope = Scope::kAudio,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.levels = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> {
        return std::make_unique<ChannelMissing>(o);
      },
  };
  return kInfo;
}

}  // namespace monolens

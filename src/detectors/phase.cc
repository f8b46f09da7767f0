// Phase: the first two channels of a track are in opposite phase: their correlation stays below `correlation`
// for at least `duration_s`, so that a mono sum cancels. Silence and one-sided sound say nothing.
#include <algorithm>
#include <cmath>

#include "detectors/decibel.h"
#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"duration_s", 2.0, 0.2, 3600, "s", "shortest stretch in opposite phase"},
    {"correlation", -0.7, -1, 0, "", "of left and right, below which they are opposite"},
    {"floor_dbfs", -60, -120, -10, "dBFS", "RMS below which a channel says nothing"},
};
constexpr std::string_view kKinds[] = {"audio.phase"};

class Phase final : public Detector {
 public:
  explicit Phase(const Options& o)
      : hold_(MediaDuration::seconds(o["duration_s"]), MediaDuration::milliseconds(150)),
        limit_(o["correlation"]),
        floor_(from_decibel(o["floor_dbfs"])) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.audio == nullptr || m.audio->channels.size() < 2) return;
    const AudioFeatures& f = *m.audio;
    const double left = f.channels[0].sum_squares;
    const double right = f.channels[1].sum_squares;
    const double least = floor_ * floor_ * f.samples;
    if (left < least || right < least) return;
    const double correlation = f.cross / std::sqrt(left * right);
    const bool opposite = correlation < limit_;
    if (opposite) lowest_ = std::min(lowest_, correlation);
    tell(hold_.observe(opposite, f.time, f.time + f.duration), out);
    if (!hold_.is_running()) lowest_ = 0;
  }

  void finish(MediaTime end, Findings& out) override { tell(hold_.finish(end), out); }

 private:
  void tell(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    report(change, hold_,
           {.kind = kKinds[0],
            .measures = {{"correlation", lowest_}},
            .note = "left and right are in opposite phase"},
           out);
  }

  Hold hold_;
  double limit_;
  double floor_;       // linear full scale
  double lowest_ = 0;  // correlation
};

}  // namespace

const DetectorInfo& phase_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "phase",
      .summary = "channels in opposite phase",
      .source = "correlation < −0.7 for 2 s",
      .scope = Scope::kAudio,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.levels = f.correlation = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Phase>(o); },
  };
  return kInfo;
}

}  // namespace monolens

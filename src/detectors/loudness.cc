// Loudness: the programme's integrated loudness differs from `target_lufs` by more than `tolerance_lu`, told
// at its end; or the true peak exceeds `true_peak_dbtp`, told where it does.
#include <algorithm>
#include <cmath>

#include "detectors/decibel.h"
#include "detectors/detector.h"
#include "detectors/hold.h"
#include "features/loudness_meter.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"target_lufs", -23, -70, 0, "LUFS", "programme loudness wanted"},
    {"tolerance_lu", 1, 0, 40, "LU", "deviation allowed"},
    {"true_peak_dbtp", -1, -20, 20, "dBTP", "highest true peak allowed"},
    {"least_s", 3, 0, 86400, "s", "sound shorter than this is no programme"},
};
constexpr std::string_view kKinds[] = {"audio.loudness"};
constexpr int kProgramme = 0;  // Finding::part
constexpr int kPeak = 1;

class Loudness final : public Detector {
 public:
  explicit Loudness(const Options& o)
      : target_(o["target_lufs"]),
        tolerance_(o["tolerance_lu"]),
        least_(MediaDuration::seconds(o["least_s"])),
        peak_limit_(from_decibel(o["true_peak_dbtp"])),
        over_({}, MediaDuration::seconds(1)) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.audio == nullptr) return;
    const AudioFeatures& f = *m.audio;
    meter_ = f.loudness;
    if (!started_) start_ = f.time;
    started_ = true;
    end_ = f.time + f.duration;
    const bool over = f.true_peak > peak_limit_;
    if (over) highest_ = std::max(highest_, f.true_peak);
    tell_peak(over_.observe(over, f.time, end_), out);
  }

  void finish(MediaTime, Findings& out) override {
    tell_peak(over_.finish(end_), out);
    if (meter_ == nullptr || end_ - start_ < least_) return;
    const double loudness = meter_->integrated();
    if (std::isnan(loudness) || std::abs(loudness - target_) <= tolerance_) return;
    Finding finding{.kind = kKinds[0],
                    .part = kProgramme,
                    .start = start_,
                    .end = end_,
                    .measures = {{"integrated_loudness_lufs", loudness}, {"target_lufs", target_}},
                    .note = loudness > target_ ? "the programme is too loud" : "the programme is too quiet"};
    out.push_back(finding);
    finding.phase = Finding::Phase::kEnded;
    out.push_back(std::move(finding));
  }

 private:
  void tell_peak(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    report(change, over_,
           {.kind = kKinds[0],
            .part = kPeak,
            .measures = {{"true_peak_dbtp", to_decibel(highest_)}},
            .note = "the true peak is too high"},
           out);
    if (change.closed) highest_ = 0;
  }

  double target_;
  double tolerance_;
  MediaDuration least_;
  double peak_limit_;  // linear full scale
  Hold over_;
  float highest_ = 0;
  const LoudnessMeter* meter_ = nullptr;
  bool started_ = false;
  MediaTime start_;
  MediaTime end_;
};

}  // namespace

const DetectorInfo& loudness_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "loudness",
      .summary = "programme loudness or true peak out of target",
      .source = "EBU R 128 (−23 LUFS ±1, −1 dBTP), ITU-R BS.1770-4",
      .scope = Scope::kAudio,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.levels = f.loudness = f.true_peak = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Loudness>(o); },
  };
  return kInfo;
}

}  // namespace monolens

// Colour bars: test bars (SMPTE, EBU, PAL; 75 % or 100 %) are on air for at least `duration_s`.
//
// A clock, a station name or a moving mark on the bars does not hide them.
#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"duration_s", 1.0, 0.04, 3600, "s", "shortest stretch of test bars"},
};
constexpr std::string_view kKinds[] = {"video.color_bars"};

class ColorBars final : public Detector {
 public:
  explicit ColorBars(const Options& o)
      : hold_(MediaDuration::seconds(o["duration_s"]), kind_info(kKinds[0]).merge, {}) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.video == nullptr) return;
    tell(hold_.observe(m.video->color_bars, m.time, m.time + m.video->duration), out);
  }

  void finish(MediaTime end, Findings& out) override { tell(hold_.finish(end), out); }

 private:
  void tell(Hold::Change change, Findings& out) {
    if (change.opened || change.closed) report(change, hold_, {.kind = kKinds[0], .note = "test bars"}, out);
  }

  Hold hold_;
};

}  // namespace

const DetectorInfo& color_bars_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "color_bars",
      .summary = "SMPTE, EBU or PAL test bars on air",
      .source = "ITU-R BT.471, SMPTE RP 219, EBU Tech 3325",
      .scope = Scope::kVideo,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.color_bars = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<ColorBars>(o); },
  };
  return kInfo;
}

}  // namespace monolens

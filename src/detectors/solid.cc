// Solid: nearly the whole picture is one flat colour that is not black (the green frame of a failed decoder,
// a grey or blue mute) for at least `duration_s`.
#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"duration_s", 0.5, 0.04, 3600, "s", "shortest solid picture"},
    {"share", 0.99, 0.5, 1, "share", "of the picture's cells that must be flat and of the one colour"},
};
constexpr std::string_view kKinds[] = {"video.solid"};

class Solid final : public Detector {
 public:
  explicit Solid(const Options& o)
      : hold_(MediaDuration::seconds(o["duration_s"]), kind_info(kKinds[0]).merge, {}), share_(o["share"]) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.video == nullptr) return;
    const VideoFeatures& f = *m.video;
    const bool solid = f.flat_share >= share_ && f.dark_share < kBlack;
    if (solid && !hold_.is_open()) {
      luma_ = f.luma.mean;
      cb_ = f.cb ? f.cb->mean : kNeutral;
      cr_ = f.cr ? f.cr->mean : kNeutral;
    }
    tell(hold_.observe(solid, f.time, f.time + f.duration), out);
  }

  void finish(MediaTime end, Findings& out) override { tell(hold_.finish(end), out); }

 private:
  static constexpr double kBlack = 0.98;  // that dark share is video.black
  static constexpr double kNeutral = 128;

  void tell(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    report(
        change, hold_,
        {.kind = kKinds[0], .measures = {{"y", luma_}, {"cb", cb_}, {"cr", cr_}}, .note = "one flat colour"},
        out);
  }

  Hold hold_;
  double share_;
  double luma_ = 0;  // 8-bit levels
  double cb_ = 0;
  double cr_ = 0;
};

}  // namespace

const DetectorInfo& solid_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "solid",
      .summary = "one flat colour, green frames included, that is not black",
      .source = "",
      .scope = Scope::kVideo,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.luma = f.flatness = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Solid>(o); },
  };
  return kInfo;
}

}  // namespace monolens

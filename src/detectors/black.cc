// Black: at least `share` of the pixels are dark for at least `duration_s`; a logo or a subtitle does not
// hide it.
//
// Peer: FFmpeg blackdetect (d=2:pix_th=0.10:pic_th=0.98), the same definition.
#include <algorithm>

#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"duration_s", 2.0, 0.04, 3600, "s", "shortest black"},
    {"share", 0.98, 0.5, 1, "share", "of the pixels that must be dark"},
    {"level", 0.10, 0, 0.5, "share", "of the range from black to white up to which a pixel is dark"},
};
constexpr std::string_view kKinds[] = {"video.black"};

class Black final : public Detector {
 public:
  explicit Black(const Options& o)
      : hold_(MediaDuration::seconds(o["duration_s"]), kind_info(kKinds[0]).merge, {}), share_(o["share"]) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.video == nullptr) return;
    const VideoFeatures& f = *m.video;
    const bool black = f.dark_share >= share_;
    if (black) least_share_ = std::min(least_share_, f.dark_share);
    tell(hold_.observe(black, f.time, f.time + f.duration), out);
    if (!hold_.is_running()) least_share_ = 1;
  }

  void finish(MediaTime end, Findings& out) override { tell(hold_.finish(end), out); }

 private:
  void tell(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    report(change, hold_,
           {.kind = kKinds[0], .measures = {{"dark_share", least_share_}}, .note = "black picture"}, out);
  }

  Hold hold_;
  double share_;
  double least_share_ = 1;
};

}  // namespace

const DetectorInfo& black_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "black",
      .summary = "(almost) black picture",
      .source = "FFmpeg blackdetect as a peer (2 s, 98 % of pixels ≤ 10 % luma)",
      .scope = Scope::kVideo,
      .kinds = kKinds,
      .options = kOptions,
      .request =
          [](const Options& o, FeatureOptions& f) {
            f.luma = true;
            f.dark_level = o["level"];
          },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Black>(o); },
  };
  return kInfo;
}

}  // namespace monolens

// Freeze: the picture stands still for at least `duration_s` though frames arrive.
//
// Every frame is compared with the one that the stretch began with, so that slow movement adds up; and both
// the whole picture and its most changed cell must stay still, so that a talking head or a clock before a
// still background moves. Flat pictures and test bars have kinds of their own and are left to them. Peer:
// FFmpeg freezedetect (−60 dB: mean ≤ 0.256, no local test).
#include <algorithm>

#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"duration_s", 2.0, 0.1, 3600, "s", "shortest freeze"},
    {"mean_change", 1.0, 0, 255, "8-bit levels",
     "largest mean difference of a still picture, encoder noise included"},
    {"cell_change", 6.0, 0, 255, "8-bit levels",
     "the same of any 16×16 pixels; 255 looks at the whole picture alone"},
    {"forgive_key_frames", 1, 0, 1, "", "1: key frames of a picture repeated to the bit may differ more"},
    {"flat_pictures", 0, 0, 1, "", "1: report still black, solid and test-bar pictures too"},
};
constexpr std::string_view kKinds[] = {"video.freeze"};

class Freeze final : public Detector {
 public:
  explicit Freeze(const Options& o)
      : hold_(MediaDuration::seconds(o["duration_s"]), {}), flat_pictures_(o["flat_pictures"] != 0) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.video == nullptr) return;
    const VideoFeatures& f = *m.video;
    const bool has_own_kind = f.dark_share >= kDarkPicture || f.flat_share >= kFlatPicture || f.color_bars;
    const bool frozen = f.still && (flat_pictures_ || !has_own_kind);
    if (frozen) largest_change_ = std::max(largest_change_, f.change_mean);
    const MediaTime from = frozen && !hold_.is_open() ? f.still_since : f.time;
    if (frozen && !hold_.is_open()) shown_since_ = f.shown_since;
    tell(hold_.observe(frozen, from, f.time + f.duration), out);
    if (!frozen) largest_change_ = 0;
  }

  void finish(MediaTime end, Findings& out) override { tell(hold_.finish(end), out); }

 private:
  static constexpr double kDarkPicture = 0.98;
  static constexpr double kFlatPicture = 0.99;

  // A freeze counts from the picture that all later ones were compared with, but begins with its first
  // showing.
  void tell(Hold::Change change, Findings& out) {
    const std::size_t first = out.size();
    if (!change.opened && !change.closed) return;
    report(change, hold_,
           {.kind = kKinds[0],
            .measures = {{"change_mean", largest_change_}},
            .note = "the picture stands still"},
           out);
    for (std::size_t i = first; i < out.size(); ++i) out[i].start = std::min(out[i].start, shown_since_);
  }

  Hold hold_;
  bool flat_pictures_;
  MediaTime shown_since_;
  double largest_change_ = 0;  // 8-bit levels
};

}  // namespace

const DetectorInfo& freeze_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "freeze",
      .summary = "the picture stands still though frames arrive",
      .source = "FFmpeg freezedetect as a peer (−60 dB, 2 s)",
      .scope = Scope::kVideo,
      .kinds = kKinds,
      .options = kOptions,
      .request =
          [](const Options& o, FeatureOptions& f) {
            f.luma = f.stillness = true;
            f.flatness = f.color_bars = true;
            f.still_mean = o["mean_change"];
            f.still_cell = o["cell_change"];
            f.forgive_key_frames = o["forgive_key_frames"] != 0;
          },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Freeze>(o); },
  };
  return kInfo;
}

}  // namespace monolens

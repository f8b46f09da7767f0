// Levels: more than `share` of the luma or of a chroma plane's samples lie outside the range that EBU R 103
// prefers (5 to 246 at 8 bits) for at least `duration_s`. Full-range video has no such range.
#include <algorithm>

#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"duration_s", 1.0, 0.04, 3600, "s", "shortest excursion"},
    {"share", 0.01, 0.0001, 1, "share", "of a plane's samples outside the range"},
};
constexpr std::string_view kKinds[] = {"video.levels"};

class Levels final : public Detector {
 public:
  explicit Levels(const Options& o)
      : hold_(MediaDuration::seconds(o["duration_s"]), kCloseAfter), share_(o["share"]) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.video == nullptr) return;
    const VideoFeatures& f = *m.video;
    const double luma = f.luma.outside_share;
    if (f.cb) chroma_now_ = std::max(f.cb->outside_share, f.cr->outside_share);
    const bool outside = std::max(luma, chroma_now_) > share_;
    luma_ = std::max(luma_, luma);
    chroma_ = std::max(chroma_, chroma_now_);
    tell(hold_.observe(outside, f.time, f.time + f.duration), out);
    if (!outside) luma_ = chroma_ = 0;
  }

  void finish(MediaTime end, Findings& out) override { tell(hold_.finish(end), out); }

 private:
  static constexpr auto kCloseAfter = MediaDuration::milliseconds(200);

  void tell(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    report(change, hold_,
           {.kind = kKinds[0],
            .measures = {{"luma_outside_share", luma_}, {"chroma_outside_share", chroma_}},
            .note = luma_ >= chroma_ ? "luma outside the legal range" : "chroma outside the legal range"},
           out);
  }

  Hold hold_;
  double share_;
  double chroma_now_ = 0;  // as last measured
  double luma_ = 0;        // largest shares so far
  double chroma_ = 0;
};

}  // namespace

const DetectorInfo& levels_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "levels",
      .summary = "luma or chroma outside the legal range",
      .source = "EBU R 103 (> 1 % of pixels)",
      .scope = Scope::kVideo,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.luma = f.chroma = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Levels>(o); },
  };
  return kInfo;
}

}  // namespace monolens

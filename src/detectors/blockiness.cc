// Blockiness: the grid of the coding blocks shows in at least `share` of the picture for at least
// `duration_s`: the picture is coded too coarsely.
//
// The grid is found wherever it lies, so that a picture that was cropped or encoded again keeps its own.
// A smooth picture coded coarsely may show no grid: deblocking filters blur it away. Peer: FFmpeg
// blockdetect, which gives a number for each picture and no verdict.
#include <algorithm>

#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"duration_s", 1.5, 0.2, 3600, "s", "shortest stretch"},
    {"share", 0.05, 0.01, 1, "share", "of the picture that must show the grid, beyond what chance gives"},
};
constexpr std::string_view kKinds[] = {"video.blockiness"};

class Blockiness final : public Detector {
 public:
  explicit Blockiness(const Options& o)
      : hold_(MediaDuration::seconds(o["duration_s"]), MediaDuration::milliseconds(500), {}),
        share_(o["share"]) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.video == nullptr || !m.video->block_grid) return;
    const BlockGrid& grid = *m.video->block_grid;
    const bool blocky = grid.share >= (hold_.is_open() ? kRecovery * share_ : share_);
    const Hold::Change change = hold_.observe(blocky, m.time, m.time + m.video->duration);
    if (blocky && grid.share >= worst_.share) worst_ = grid;
    tell(change, out);
    if (!hold_.is_running()) worst_ = {};
  }

  void finish(MediaTime end, Findings& out) override { tell(hold_.finish(end), out); }

 private:
  static constexpr double kRecovery = 0.7;  // of `share_`, below which it has ended

  void tell(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    report(change, hold_,
           {.kind = kKinds[0],
            .measures = {{"grid_share", worst_.share}, {"grid_left", worst_.left}, {"grid_top", worst_.top}},
            .note = "the blocks of coarse coding show"},
           out);
  }

  Hold hold_;
  double share_;
  BlockGrid worst_;
};

}  // namespace

const DetectorInfo& blockiness_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "blockiness",
      .summary = "coarse coding: the grid of its blocks shows",
      .source = "FFmpeg blockdetect as a peer",
      .scope = Scope::kVideo,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.luma = f.block_grid = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Blockiness>(o); },
  };
  return kInfo;
}

}  // namespace monolens

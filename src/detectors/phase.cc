// Phase: the first two channels of a track are in opposite phase: their correlation stays below `correlation`
// for at least `duration_s`, so that a mono sum cancels. Silence and one-sided sound say nothing.
#include <algorithm>
#include <array>
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
      : hold_(MediaDuration::seconds(o["duration_s"]), {}),
        limit_(o["correlation"]),
        floor_(from_decibel(o["floor_dbfs"])) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.audio == nullptr || m.audio->channels.size() < 2) return;
    const AudioFeatures& f = *m.audio;
    const Products hop{f.cross, f.channels[0].sum_squares, f.channels[1].sum_squares};
    const double least = floor_ * floor_ * f.samples;
    if (hop.left < least || hop.right < least) return;
    const Products window = push(hop);
    // The window decides, the hop says since when.
    const bool hop_is_opposite = hop.correlation() < limit_;
    if (hop_is_opposite != was_opposite_) turned_ = f.time;
    was_opposite_ = hop_is_opposite;
    const bool opposite = window.correlation() < limit_;
    if (opposite) lowest_ = std::min(lowest_, window.correlation());
    const bool turns = opposite != is_opposite_ && hop_is_opposite == opposite;
    is_opposite_ = opposite;
    tell(hold_.observe(opposite, turns ? turned_ : f.time, f.time + f.duration), out);
    if (!hold_.is_running()) lowest_ = 0;
  }

  void finish(MediaTime end, Findings& out) override { tell(hold_.finish(end), out); }

 private:
  struct Products {
    double cross = 0;
    double left = 0;
    double right = 0;

    double correlation() const { return left > 0 && right > 0 ? cross / std::sqrt(left * right) : 0; }
  };

  // The sums over the last 200 ms.
  Products push(const Products& hop) {
    hops_[next_] = hop;
    next_ = (next_ + 1) % hops_.size();
    Products sum;
    for (const Products& h : hops_) {
      sum.cross += h.cross;
      sum.left += h.left;
      sum.right += h.right;
    }
    return sum;
  }

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
  double floor_;                     // linear full scale
  std::array<Products, 20> hops_{};  // a ring
  std::size_t next_ = 0;
  bool was_opposite_ = false;  // the last hop
  bool is_opposite_ = false;   // the last window
  MediaTime turned_;           // when the hops last changed sides
  double lowest_ = 0;          // correlation
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

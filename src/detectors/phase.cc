// Phase: the first two channels of a track are in opposite phase: their correlation is below `correlation`
// for at least `duration_s`, so that a mono sum cancels. Silence and one-sided sound say nothing.
//
// Wide stereo with a channel inverted is opposite as a whole and not at every moment: up to half a second in
// between may be otherwise, as long as all since the beginning is below `correlation`.
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "detectors/decibel.h"
#include "detectors/detector.h"
#include "detectors/hold.h"
#include "detectors/ring.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"duration_s", 2.0, 0.2, 3600, "s", "shortest stretch in opposite phase"},
    {"correlation", -0.7, -1, 0, "", "of left and right, below which they are opposite"},
    {"floor_dbfs", -60, -120, -10, "dBFS", "RMS below which a channel says nothing"},
};
constexpr std::string_view kKinds[] = {"audio.phase"};
constexpr auto kMoment = MediaDuration::milliseconds(500);

class Phase final : public Detector {
 public:
  explicit Phase(const Options& o)
      : hold_(MediaDuration::seconds(o["duration_s"]), kMoment),
        limit_(o["correlation"]),
        floor_(from_decibel(o["floor_dbfs"])) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.audio == nullptr || m.audio->channels.size() < 2) return;
    const AudioFeatures& f = *m.audio;
    const Products hop{f.time, f.cross, f.channels[0].sum_squares, f.channels[1].sum_squares};
    const double least = floor_ * floor_ * f.samples;
    if (hop.left < least || hop.right < least) return;
    const double window = push(hop);
    if (!hold_.is_running()) whole_ = {};
    whole_.add(hop);
    const bool is_opposite = window < limit_ && whole_.correlation() < limit_;
    if (is_opposite) lowest_ = std::min(lowest_, window);
    const bool turns = is_opposite != was_opposite_;
    was_opposite_ = is_opposite;
    tell(hold_.observe(is_opposite, turns ? turned(is_opposite) : f.time, f.time + f.duration), out);
    if (!hold_.is_running()) lowest_ = 0;
  }

  void finish(MediaTime end, Findings& out) override { tell(hold_.finish(end), out); }

 private:
  struct Products {
    MediaTime time;
    double cross = 0;
    double left = 0;
    double right = 0;

    void add(const Products& other) {
      cross += other.cross;
      left += other.left;
      right += other.right;
    }
    double correlation() const { return left > 0 && right > 0 ? cross / std::sqrt(left * right) : 0; }
  };

  // Returns the correlation over the last 200 ms.
  double push(const Products& hop) {
    hops_.push(hop);
    Products sum;
    for (std::size_t i = 0; i < hops_.size(); ++i) sum.add(hops_[i]);
    return sum.correlation();
  }

  // Since when the hops of the window speak for it, the loud ones most.
  MediaTime turned(bool to_opposite) const {
    double sum = 0;
    double highest = 0;
    MediaTime since = hops_.last().time;
    for (std::size_t i = hops_.size(); i-- > 0;) {
      const Products& hop = hops_[i];
      const double below = limit_ * std::sqrt(hop.left * hop.right) - hop.cross;
      sum += to_opposite ? below : -below;
      if (sum <= highest) continue;
      highest = sum;
      since = hop.time;
    }
    return since;
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
  double floor_;  // linear full scale
  Ring<Products, 20> hops_;
  Products whole_;  // since the stretch began
  bool was_opposite_ = false;
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

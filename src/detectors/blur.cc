// Blur: the picture's edges have lost at least `loss` octaves of their slope, against the same shot's own
// recent ones, for at least `duration_s`: out of focus, or a low resolution scaled up.
//
// The sharpest tenth of the cells stands for the picture, so that a shallow focus is none; and the same cells
// must have lost what they had, so that neither a soft shot after a sharp one, a dissolve nor a title that
// vanishes is one. Peer: FFmpeg blurdetect, which gives a number for each picture and no verdict.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"duration_s", 1.0, 0.4, 3600, "s", "shortest blur"},
    {"loss", 0.25, 0.1, 3, "octaves", "of the edges' slope that are lost at least; 1 halves it"},
    {"edges", 0.02, 0, 1, "share", "of the picture that must hold edges to judge by"},
};
constexpr std::string_view kKinds[] = {"video.blur"};

class Blur final : public Detector {
 public:
  explicit Blur(const Options& o)
      : hold_(MediaDuration::seconds(o["duration_s"]), MediaDuration::milliseconds(300)),
        loss_(o["loss"]),
        edges_(o["edges"]) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.video == nullptr || !m.video->sharpness) return;
    const Sharpness& s = *m.video->sharpness;
    if (s.cut) begin_shot(s);
    if (s.slope > 0 && s.edge_share >= edges_) judge(s);
    tell(hold_.observe(blurred_, m.time, m.time + m.video->duration), out);
  }

  void finish(MediaTime end, Findings& out) override { tell(hold_.finish(end), out); }

 private:
  static constexpr std::size_t kHistory = 5;  // measurements of a shot: a second that says what is usual
  // So few are enough where the edges that show the same tell what was lost from one measurement to the next.
  static constexpr std::size_t kBriefHistory = 2;
  // Of `loss`: less is no blur any more, nor is less than half of what was lost.
  static constexpr double kRecovery = 0.6;
  // What the edges that show the same have lost, of what the picture has: neither much less nor much more;
  // over a second, in which a picture moves on, less is taken for the same.
  static constexpr double kLeastAlike = 0.3;
  static constexpr double kMostAlike = 2.0;
  static constexpr double kLeastAlikeSlowly = 0.4;
  static constexpr double kMostAlikeSlowly = 1.2;
  // Octaves that must be lost where it took longer than from one measurement to the next, as when the camera
  // moves, or where too few edges show the same to be compared.
  static constexpr double kDeepLoss = 0.6;
  // Octaves that a blur must have cost to be told from a soft shot that follows it.
  static constexpr double kAcrossCuts = 0.5;

  void begin_shot(const Sharpness& s) {
    if (blurred_ && s.slope > 0) blurred_ = reference_ - std::log2(s.slope) >= kAcrossCuts;
    if (!blurred_) count_ = 0;
  }

  void judge(const Sharpness& s) {
    const double slope = std::log2(s.slope);
    if (blurred_) {
      worst_ = std::max(worst_, reference_ - slope);
      blurred_ = reference_ - slope >= std::max(kRecovery * loss_, worst_ / 2);
    } else if (count_ >= kHistory || (count_ >= kBriefHistory && s.loss)) {
      const double lost = usual() - slope;
      if (lost >= loss_ && (suddenly(s, lost, slope) || (count_ >= kHistory && slowly(s, lost)))) {
        blurred_ = true;
        reference_ = usual();
        worst_ = lost;
      }
    }
    if (!blurred_) recent_[count_++ % recent_.size()] = slope;
  }

  bool suddenly(const Sharpness& s, double lost, double slope) const {
    if (!s.loss) return last() - slope >= kDeepLoss;
    return *s.loss >= kLeastAlike * lost && *s.loss <= kMostAlike * lost;
  }
  bool slowly(const Sharpness& s, double lost) const {
    return s.slow_loss && lost >= kDeepLoss && *s.slow_loss >= kLeastAlikeSlowly * lost &&
           *s.slow_loss <= kMostAlikeSlowly * lost;
  }

  double last() const { return recent_[(count_ - 1) % recent_.size()]; }

  // The median of the shot's last measurements.
  double usual() const {
    auto sorted = recent_;
    const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(std::min(count_, sorted.size()));
    const auto middle = sorted.begin() + (end - sorted.begin()) / 2;
    std::nth_element(sorted.begin(), middle, end);
    return *middle;
  }

  void tell(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    report(change, hold_,
           {.kind = kKinds[0],
            .measures = {{"slope_before", std::exp2(reference_)}, {"sharpness_ratio", std::exp2(-worst_)}},
            .note = "the edges of the picture have lost their sharpness"},
           out);
  }

  Hold hold_;
  double loss_;   // octaves
  double edges_;  // share
  bool blurred_ = false;
  double reference_ = 0;             // log2 of the slope before the blur
  double worst_ = 0;                 // octaves lost
  std::array<double, 16> recent_{};  // log2 of the slopes of this shot, a ring
  std::size_t count_ = 0;
};

}  // namespace

const DetectorInfo& blur_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "blur",
      .summary = "the picture is out of focus, or of a lower resolution, against its own recent sharpness",
      .source = "FFmpeg blurdetect as a peer",
      .scope = Scope::kVideo,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.luma = f.sharpness = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Blur>(o); },
  };
  return kInfo;
}

}  // namespace monolens

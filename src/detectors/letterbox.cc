// Letterbox: black borders of at least `border` of the picture's height (letterbox) or width (pillarbox),
// alike on both sides, stand for at least `duration_s`. Borders that change end one incident and begin the
// next.
//
// A dark scene has no borders: a matte ends within a few pixels.
#include <cstdlib>
#include <optional>

#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"duration_s", 3.0, 0.5, 3600, "s", "shortest stretch of unchanged borders"},
    {"border", 0.02, 0.005, 0.5, "share", "of the height or width that a border takes at least"},
    {"asymmetry", 0.02, 0, 1, "share", "of the height or width by which opposite borders may differ"},
};
constexpr std::string_view kKinds[] = {"video.letterbox"};

class Letterbox final : public Detector {
 public:
  explicit Letterbox(const Options& o)
      : hold_(MediaDuration::seconds(o["duration_s"]), MediaDuration::milliseconds(500)),
        border_(o["border"]),
        asymmetry_(o["asymmetry"]) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.video == nullptr || !m.video->active_area) return;
    const VideoFeatures& f = *m.video;
    const ActiveArea& now = *f.active_area;
    const bool boxed = now.sharp && has_borders(now, f.format) && !is_doubtful(now, f.format);
    if (boxed && !(area_ && alike(*area_, now, f.format))) {
      tell(hold_.finish(f.time), out);
      area_ = now;
    } else if (boxed && is_partly_soft(*area_)) {
      area_ = now;
    }
    tell(hold_.observe(boxed, f.time, f.time + f.duration), out);
  }

  void finish(MediaTime end, Findings& out) override { tell(hold_.finish(end), out); }

 private:
  static constexpr int kJitter = 4;  // pixels that a border may wander from frame to frame

  static bool alike(int before_a, int size_a, int before_b, int size_b) {
    return std::abs(before_a - before_b) <= kJitter &&
           std::abs(before_a + size_a - before_b - size_b) <= kJitter;
  }

  // Edges that are no borders come and go with what the picture shows there, and soft ones tell nothing.
  bool alike(const ActiveArea& a, const ActiveArea& b, const PictureFormat& f) const {
    const bool letterbox = boxed_along(a.top, a.height, f.height) || boxed_along(b.top, b.height, f.height);
    const bool pillarbox = boxed_along(a.left, a.width, f.width) || boxed_along(b.left, b.width, f.width);
    return (!letterbox || a.soft_ends || b.soft_ends || alike(a.top, a.height, b.top, b.height)) &&
           (!pillarbox || a.soft_sides || b.soft_sides || alike(a.left, a.width, b.left, b.width));
  }

  // What is seen in part alone does not end the borders that stand.
  bool is_doubtful(const ActiveArea& now, const PictureFormat& f) const {
    return is_partly_soft(now) && hold_.is_running() && !alike(*area_, now, f);
  }

  static bool is_partly_soft(const ActiveArea& a) { return a.soft_sides || a.soft_ends; }

  bool boxed_along(int before, int size, int whole) const {
    const int after = whole - before - size;
    const double least = border_ * whole;
    return before >= least && after >= least && std::abs(before - after) <= asymmetry_ * whole + 2;
  }

  bool has_borders(const ActiveArea& a, const PictureFormat& f) const {
    return boxed_along(a.top, a.height, f.height) || boxed_along(a.left, a.width, f.width);
  }

  void tell(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    report(change, hold_,
           {.kind = kKinds[0],
            .measures = {{"left", area_->left},
                         {"top", area_->top},
                         {"width", area_->width},
                         {"height", area_->height}},
            .note = "black borders around the picture"},
           out);
  }

  Hold hold_;
  double border_;
  double asymmetry_;
  std::optional<ActiveArea> area_;
};

}  // namespace

const DetectorInfo& letterbox_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "letterbox",
      .summary = "black borders (letterbox, pillarbox, both) appear, change or stand",
      .source = "FFmpeg cropdetect as a peer",
      .scope = Scope::kVideo,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.luma = f.active_area = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Letterbox>(o); },
  };
  return kInfo;
}

}  // namespace monolens

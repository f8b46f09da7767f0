// Interlaced: pictures that the stream calls progressive are woven of two moments (combing), or the fields of
// pictures that it calls interlaced stand in the wrong order, for at least `duration_s`.
//
// Fields are seen to differ only where something moves; a still picture says nothing, and goes on as what
// came before it; but it does not make a moment of combing long enough. 3:2 pulldown, two torn pictures in
// five, counts as combing. Peer: FFmpeg idet, which judges whole pictures and every one of them.
#include <algorithm>
#include <optional>

#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"duration_s", 1.0, 0.1, 3600, "s", "shortest combing"},
    {"cells", 0.002, 0, 1, "share", "of the picture's 16×16 pixels that are torn at least"},
    {"moving_cells", 0.03, 0, 1, "share", "the same of those in which something moves"},
};
constexpr std::string_view kKinds[] = {"video.interlaced"};

constexpr int kFewestCells = 6;
constexpr int kOneOrder = 3;  // times as many cells of one order as of the other
constexpr auto kQuiet = MediaDuration::milliseconds(1000);
constexpr auto kForget = MediaDuration::milliseconds(2000);

class Interlaced final : public Detector {
 public:
  explicit Interlaced(const Options& o)
      : duration_(MediaDuration::seconds(o["duration_s"])),
        hold_(duration_, kQuiet),
        cells_(o["cells"]),
        moving_cells_(o["moving_cells"]) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.video == nullptr || !m.video->combing) return;
    const VideoFeatures& f = *m.video;
    const Combing& c = *f.combing;
    const int cells = static_cast<int>(f.luma.cells.size());
    const int fewest = std::max(kFewestCells, static_cast<int>(cells_ * cells));
    const int torn = std::max(c.top_first, c.bottom_first);
    const bool combed = torn >= fewest && torn >= moving_cells_ * c.moving &&
                        torn >= kOneOrder * std::min(c.top_first, c.bottom_first);
    const bool says_nothing = !combed && c.moving < fewest;
    if (says_nothing && !still_since_) still_since_ = f.time;
    if (says_nothing && (hold_.is_open() || f.time - last_told_ < kForget)) return;
    last_told_ = f.time;
    const bool wrong = combed && (!f.interlaced || f.top_field_first != (c.top_first > c.bottom_first));
    if (wrong) {
      still_since_.reset();
      share_ = std::max(share_, static_cast<double>(torn) / cells);
      order_ = f.interlaced;
    }
    const Hold::Change change = hold_.observe(wrong, f.time, f.time + f.duration);
    tell(change, out);
    if (!hold_.is_running()) share_ = 0;
  }

  void finish(MediaTime end, Findings& out) override { tell(hold_.finish(end), out); }

 private:
  void tell(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    const bool known_by_its_end = change.opened && change.closed;
    if (known_by_its_end && still_since_ && *still_since_ - hold_.start() < duration_) return;
    report(change, hold_,
           {.kind = kKinds[0],
            .measures = {{"torn_share", share_}},
            .note = order_ ? "the fields stand in the wrong order"
                           : "two fields of different moments are woven into progressive pictures"},
           out);
  }

  MediaDuration duration_;
  Hold hold_;
  double cells_;  // shares
  double moving_cells_;
  double share_ = 0;                      // of the cells, the largest of the stretch
  bool order_ = false;                    // of fields is what is wrong
  MediaTime last_told_;                   // the last picture that said something
  std::optional<MediaTime> still_since_;  // the first picture since the last wrong one that said nothing
};

}  // namespace

const DetectorInfo& interlaced_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "interlaced",
      .summary = "combing in a stream that says it is progressive, or fields in the wrong order",
      .source = "FFmpeg idet as a peer",
      .scope = Scope::kVideo,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.luma = f.combing = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Interlaced>(o); },
  };
  return kInfo;
}

}  // namespace monolens

// Flash: more than `flashes` general or red flashes within any one second, over more than `area` of the
// picture: a risk for viewers with photosensitive epilepsy.
//
// A flash is a pair of opposing changes of the same part of the picture: a cut is none, and neither are cuts
// in fast succession unless the same parts go up and down. A general flash changes the relative luminance by
// at least `luminance_change`, where the darker of both is below `dark_level`; a red flash changes saturated
// red by `red_change`. Incidents begin with the first change of the flashes that are too many, and end with
// the last change. WCAG 2.2, success criterion 2.3.1; ITU-R BT.1702 says the same of a display of 200 cd/m²
// (20 cd/m², 160 cd/m²).
#include <algorithm>

#include "detectors/detector.h"
#include "detectors/flicker.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"flashes", 3, 1, 20, "", "allowed in any period of one second"},
    {"area", 0.25, 0.01, 1, "share", "of the picture that may flash more often"},
    {"luminance_change", 0.1, 0.01, 1, "share", "of the largest luminance that is a change"},
    {"dark_level", 0.8, 0, 1, "share", "changes between lighter pictures than this are harmless"},
    {"red_change", 20, 1, 320, "", "change of (R − G − B) × 320 to or from a saturated red"},
};
constexpr std::string_view kKinds[] = {"video.flash"};

FlickerLimits limits_of(const Options& o, std::string_view change, bool either_state) {
  return {.least_change = o[change],
          .flashes = static_cast<int>(o["flashes"]),
          .area = o["area"],
          .either_state = either_state};
}

class Flash final : public Detector {
 public:
  explicit Flash(const Options& o)
      : hold_({}, MediaDuration::seconds(1)),
        general_(limits_of(o, "luminance_change", false)),
        red_(limits_of(o, "red_change", true)),
        dark_(static_cast<float>(o["dark_level"])) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.video == nullptr || m.video->light.cells.empty()) return;
    const VideoFeatures& f = *m.video;
    restart_if_other(f.format, f.light);
    general_.begin(f.time);
    red_.begin(f.time);
    for (std::size_t i = 0; i < f.light.cells.size(); ++i) {
      const LightCell& cell = f.light.cells[i];
      general_.set(i, cell.share, cell.luminance, cell.luminance < dark_);
      red_.set(i, cell.share, cell.red, cell.saturated);
    }
    const auto general = general_.judge();
    const auto red = red_.judge();
    if (general) extend(*general, worst_general_, f.time, out);
    if (red) extend(*red, worst_red_, f.time, out);
    tell(hold_.observe(false, f.time, f.time + f.duration), out);
    if (!hold_.is_running()) worst_general_ = worst_red_ = {};
  }

  void finish(MediaTime end, Findings& out) override { tell(hold_.finish(end), out); }

 private:
  void restart_if_other(const PictureFormat& format, const LightGrid& grid) {
    if (format == format_ && grid.cells.size() == cells_) return;
    format_ = format;
    cells_ = grid.cells.size();
    general_.restart(cells_);
    red_.restart(cells_);
  }

  void extend(const Flicker::Excess& excess, Flicker::Excess& worst, MediaTime now, Findings& out) {
    worst.area = std::max(worst.area, excess.area);
    worst.rate = std::max(worst.rate, excess.rate);
    worst.change = std::max(worst.change, excess.change);
    tell(hold_.observe(true, std::max(excess.since, hold_.end()), now), out);
  }

  void tell(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    const bool general = worst_general_.area > 0;
    const bool red = worst_red_.area > 0;
    Finding finding{.kind = kKinds[0],
                    .measures = {{"flashes_per_s", std::max(worst_general_.rate, worst_red_.rate)},
                                 {"area_share", std::max(worst_general_.area, worst_red_.area)}},
                    .note = general && red ? "general and red flashes"
                            : red          ? "red flashes"
                                           : "general flashes"};
    if (general) finding.measures.emplace_back("luminance_change", worst_general_.change);
    if (red) finding.measures.emplace_back("red_change", worst_red_.change);
    report(change, hold_, std::move(finding), out);
  }

  Hold hold_;
  Flicker general_;
  Flicker red_;
  float dark_;  // relative luminance
  PictureFormat format_;
  std::size_t cells_ = 0;
  Flicker::Excess worst_general_;
  Flicker::Excess worst_red_;
};

}  // namespace

const DetectorInfo& flash_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "flash",
      .summary = "general and red flashes that may harm photosensitive viewers",
      .source = "WCAG 2.2, 2.3.1; ITU-R BT.1702 (more than three a second over a quarter of the picture)",
      .scope = Scope::kVideo,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.luma = f.light = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Flash>(o); },
  };
  return kInfo;
}

}  // namespace monolens

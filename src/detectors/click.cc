// Click: a single impulse of a millisecond or less that stands `strength` times above all that linear
// prediction leaves of the sound within 20 ms on either side, or a little more above all but the few
// milliseconds before it, over which a lossy encoder smears it.
//
// Clicks less than `quiet_s` apart are one incident, which counts them. Struck, plucked and spoken sounds
// ring on after their onset and are predicted; a click leaves the sound as it was.
#include <algorithm>

#include "detectors/decibel.h"
#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"strength", 5, 2, 100, "times", "of a click against the largest remainder within 20 ms"},
    {"quiet_s", 1.0, 0.05, 60, "s", "clicks less than this apart are one incident"},
};
constexpr std::string_view kKinds[] = {"audio.click"};
constexpr auto kLength = MediaDuration::milliseconds(1);

class Click final : public Detector {
 public:
  explicit Click(const Options& o)
      : hold_({}, MediaDuration::seconds(o["quiet_s"])), strength_(static_cast<float>(o["strength"])) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.audio == nullptr) return;
    const auto& found = m.audio->impulse;
    if (found && found->strength >= strength_) {
      count(*found, out);
    } else {
      tell(hold_.observe(false, end_, m.time - kDelay), out);
    }
  }

  void finish(MediaTime end, Findings& out) override {
    tell(hold_.observe(false, end_, end), out);
    tell(hold_.finish(end), out);
  }

 private:
  static constexpr auto kDelay = MediaDuration::milliseconds(40);  // by now every impulse before is known

  void count(const Impulse& impulse, Findings& out) {
    // The sound since the last click was good, perhaps long enough to have closed the incident.
    tell(hold_.observe(false, end_, impulse.time), out);
    if (!hold_.is_running()) {
      clicks_ = 0;
      strongest_ = 0;
      largest_step_ = 0;
    }
    ++clicks_;
    strongest_ = std::max(strongest_, impulse.strength);
    largest_step_ = std::max(largest_step_, impulse.step);
    end_ = impulse.time + kLength;
    tell(hold_.observe(true, impulse.time, end_), out);
  }

  void tell(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    report(change, hold_,
           {.kind = kKinds[0],
            .measures = {{"clicks", clicks_},
                         {"strength", double{strongest_}},
                         {"step_dbfs", to_decibel(double{largest_step_})}},
            .note = "single impulses in the sound"},
           out);
  }

  Hold hold_;
  float strength_;
  double clicks_ = 0;
  float strongest_ = 0;
  float largest_step_ = 0;
  MediaTime end_;  // of the last click
};

}  // namespace

const DetectorInfo& click_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "click",
      .summary = "single impulses, pops",
      .source = "",
      .scope = Scope::kAudio,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.impulses = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Click>(o); },
  };
  return kInfo;
}

}  // namespace monolens

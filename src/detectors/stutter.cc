// Stutter: for at least `duration_s` pictures are repeated or dropped, a moment apart, amid steady movement.
//
// Many programmes repeat pictures all along: film in 30 pictures a second, animation on twos, slides,
// screens. Theirs is a cadence, not a stutter. So hitches count where they depart from what went before in
// the same shot, or what comes after, or where they are too irregular or too rare for a cadence. Peer: none;
// FFmpeg's mpdecimate finds repeats and does not judge them.
#include <algorithm>
#include <cmath>

#include "detectors/detector.h"
#include "detectors/showing.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"duration_s", 1.0, 0.1, 3600, "s", "shortest stutter, from its first repeated or missing picture on"},
    {"hitches", 3, 2, 1000, "", "fewest pictures shown too long"},
    {"missed", 0.07, 0, 1, "share", "fewest pictures repeated or missing, of all within the stutter"},
    {"apart_s", 1.0, 0.1, 60, "s", "longest time between two of them"},
    {"longest_hold_s", 1.0, 0.1, 60, "s", "a picture shown longer is a pause or a freeze"},
    {"repeat_change", 0.3, 0, 1, "share",
     "largest change of a repeated picture, against that of the pictures around it; 0.4 of that from 0.6 "
     "levels on"},
    {"least_change", 0.5, 0, 255, "8-bit levels",
     "root mean square of the changes of the means of 16×16 pixels, below which movement is too slow to "
     "judge"},
};
constexpr std::string_view kKinds[] = {"video.stutter"};

constexpr std::size_t kLikeHitches = 6;  // so many make a cadence
constexpr int kManyPictures = 99;        // between two hitches: no relation
constexpr double kSteadyTime = 0.5;      // s of unbroken movement, in pictures at least…
constexpr int kFewestSteady = 6;
constexpr int kMostSteady = 15;  // …and at most
constexpr double kSlower = 0.4;  // movement that dies down to this share is another movement
constexpr double kFaster = 2.5;
constexpr double kCadenceTime = 5;  // s: what lasted longer before it ended was the programme's cadence
constexpr int kRareGap = 6;         // pictures between hitches: more than in any pulldown in use
constexpr double kAsFast = 0.7;  // of movement that goes on at one speed, in the time that a picture stands
constexpr double kNoFaster = 1.4;

// Hitches a moment apart.
struct Cluster {
  MediaTime start;  // the first picture that was missed
  MediaTime end;    // the picture that ended the last hitch
  int hitches = 0;
  int missed = 0;        // pictures repeated or dropped
  int murky = 0;         // holds that may be hitches or not
  int longest = 0;       // hold, in intervals
  bool departs = false;  // from what went before in the shot
  bool cut_since = false;
  double change_before = 0;
  Ring<int, 12> gaps;        // new pictures from hitch to hitch
  Ring<double, 15> changes;  // of the pictures that ended hitches

  void add(const Showing& s, int gap) {
    if (hitches++ == 0) {
      start = s.due;
    } else {
      gaps.push(gap);
    }
    end = s.shown;
    missed += s.intervals - 1;
    longest = std::max(longest, s.intervals);
    cut_since = false;
    changes.push(s.change);
  }
};

// A pattern of repeats that the programme has all along, such as 3:2 pulldown in 30 pictures a second.
struct Cadence {
  int gap;    // fewest new pictures from repeat to repeat
  int shown;  // intervals for which the repeated picture is shown
};

class Stutter final : public Detector {
 public:
  explicit Stutter(const Options& o)
      : duration_(o["duration_s"]),
        hitches_(static_cast<int>(o["hitches"])),
        missed_(o["missed"]),
        apart_(MediaDuration::seconds(o["apart_s"])),
        showings_({.repeat = o["repeat_change"],
                   .least_change = o["least_change"],
                   .longest_hold = MediaDuration::seconds(o["longest_hold_s"])}) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.video == nullptr) return;
    const auto showing = showings_.observe(m.video->time, m.video->change);
    if (!showing) return;
    switch (showing->type) {
      case Showing::Type::kMoved:
        gap_ = std::min(gap_ + 1, kManyPictures);
        if (showing->moving) {
          ++steady_;
          changes_.push(showing->change);
        }
        break;
      case Showing::Type::kHeld:
        hitch(*showing, out);
        gap_ = 0;
        steady_ = 0;
        break;
      case Showing::Type::kMurky:
        if (cluster_) ++cluster_->murky;
        gap_ = 0;
        steady_ = 0;
        break;
      case Showing::Type::kPause:
        close(out);
        candidate_.reset();
        gap_ = kManyPictures;
        steady_ = 0;
        break;
    }
    pass(*showing, out);
  }

  void finish(MediaTime, Findings& out) override { close(out); }

 private:
  void hitch(const Showing& s, Findings& out) {
    const int gap = std::min(gap_ + 1, kManyPictures);
    likes_.push({gap, s.intervals});
    if (cadence_ && s.intervals <= cadence_->shown && gap >= cadence_->gap) {
      if (candidate_) candidate_->add(s, gap);
      return;
    }
    if (!cluster_) {
      cluster_.emplace();
      cluster_->departs = cadence_ || steady_ >= steady_enough();
      cluster_->change_before = changes_.empty() ? 0 : median(changes_);
    }
    cluster_->add(s, gap);
    if (open_ || !long_enough(*cluster_)) {
      learn_cadence();
      return;
    }
    if (cluster_->departs ? median(cluster_->changes) >= kSlower * cluster_->change_before
                          : !is_cadence(*cluster_)) {
      open_ = true;
      tell(*cluster_, Finding::Phase::kBegan, out);
    } else {
      learn_cadence();
    }
  }

  // What goes on alike from the shot's beginning is taken for the programme's, unless it ends within the
  // shot.
  void learn_cadence() {
    if (open_ || cluster_->departs || !likes_.full()) return;
    int least = kManyPictures;
    for (std::size_t i = 0; i < likes_.size(); ++i) least = std::min(least, likes_[i].gap);
    const auto alike = [&](const Cadence& c) { return c.gap <= least + 1 && c.shown == likes_.last().shown; };
    if (likes_.count(alike) < likes_.size()) return;
    cadence_ = Cadence{least, likes_.last().shown};
    candidate_ = cluster_;
    cluster_.reset();
  }

  // Neither irregular nor rare.
  static bool is_cadence(const Cluster& c) {
    if (c.murky * 3 > c.hitches) return true;
    const int usual = c.gaps.empty() ? 0 : median(c.gaps);
    const std::size_t odd = c.gaps.count([&](int gap) { return std::abs(gap - usual) >= 2; });
    const bool irregular = c.gaps.size() >= 5 && usual >= 3 && 5 * odd >= 2 * c.gaps.size();
    const bool rare = c.gaps.size() >= 3 && c.gaps.count([](int gap) { return gap < kRareGap; }) == 0;
    return !irregular && !rare;
  }

  // After each new picture.
  void pass(const Showing& s, Findings& out) {
    if (s.cut) {
      steady_ = 0;
      changes_.clear();
    }
    if (cluster_) {
      cluster_->cut_since |= s.cut;
      if (!open_ && recovers(*cluster_)) {
        open_ = true;
        tell(*cluster_, Finding::Phase::kBegan, out);
      }
      if (s.shown - cluster_->end > apart_) close(out);
    }
    if (candidate_) {
      candidate_->cut_since |= s.cut;
      if (recovers(*candidate_)) {
        tell(*candidate_, Finding::Phase::kBegan, out);
        tell(*candidate_, Finding::Phase::kEnded, out);
        candidate_.reset();
        cadence_.reset();
      } else if (s.shown - candidate_->end > apart_) {
        candidate_.reset();
      }
    }
  }

  // Steady movement alike has followed in the same shot.
  bool recovers(const Cluster& c) const {
    return steady_ >= steady_enough() && !c.cut_since && long_enough(c) &&
           (c.end - c.start).seconds() < kCadenceTime && c.murky * 3 <= c.hitches &&
           (median(c.gaps) > 1 ? median(changes_) <= kFaster * median(c.changes) : keeps_speed(c));
  }

  // Where every picture stands for several, those that follow must move at the same speed: animation on twos
  // is followed by other movement, where the camera begins to move.
  bool keeps_speed(const Cluster& c) const {
    const double stood = 1 + static_cast<double>(c.missed) / c.hitches;
    const double expected = stood * median(changes_);
    return median(c.changes) >= kAsFast * expected && median(c.changes) <= kNoFaster * expected;
  }

  int steady_enough() const {
    const double interval = showings_.interval().seconds();
    return std::clamp(static_cast<int>(std::lround(kSteadyTime / interval)), kFewestSteady, kMostSteady);
  }

  bool long_enough(const Cluster& c) const {
    if (c.hitches < hitches_) return false;
    double pictures = 0;
    for (std::size_t i = 0; i < c.gaps.size(); ++i) pictures += c.gaps[i];
    const double next = pictures / static_cast<double>(c.gaps.size()) * showings_.interval().seconds();
    const double seconds = (c.end - c.start).seconds();
    return seconds + next >= duration_ && c.missed * showings_.interval().seconds() >= missed_ * seconds;
  }

  void close(Findings& out) {
    if (open_) tell(*cluster_, Finding::Phase::kEnded, out);
    open_ = false;
    cluster_.reset();
  }

  void tell(const Cluster& c, Finding::Phase phase, Findings& out) const {
    const double interval = showings_.interval().seconds();
    const double nominal = 1 / interval;
    const double seconds = (c.end - c.start).seconds();
    out.push_back({.phase = phase,
                   .kind = kKinds[0],
                   .start = c.start,
                   .end = c.end,
                   .measures = {{"new_pictures_per_s", nominal - c.missed / seconds},
                                {"nominal_pictures_per_s", nominal},
                                {"longest_hold_s", c.longest * interval}},
                   .note = "pictures are repeated or missing amid steady movement"});
  }

  double duration_;  // s
  int hitches_;
  double missed_;  // share
  MediaDuration apart_;
  Showings showings_;
  int gap_ = kManyPictures;            // new pictures since the last hold
  int steady_ = 0;                     // moving pictures since the last hold, cut or pause
  Ring<double, 12> changes_;           // of such pictures
  Ring<Cadence, kLikeHitches> likes_;  // the last hitches
  std::optional<Cadence> cadence_;
  std::optional<Cluster> cluster_;    // hitches that the cadence does not account for
  std::optional<Cluster> candidate_;  // those that it does, while they are few
  bool open_ = false;                 // the cluster has been told
};

}  // namespace

const DetectorInfo& stutter_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "stutter",
      .summary = "pictures are repeated or dropped against the programme's own cadence",
      .source = "",
      .scope = Scope::kVideo,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.luma = f.change = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Stutter>(o); },
  };
  return kInfo;
}

}  // namespace monolens

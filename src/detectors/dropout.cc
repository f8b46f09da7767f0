// Dropout: the sound of a channel is cut for `least_s` to `most_s` inside sounding audio: within two
// milliseconds it falls by `fall_db` or more, stays at least `depth_db` below what stood before and after,
// and comes back as abruptly.
//
// A pause in speech and a rest in music are entered by a decay, so just before the fall the sound must still
// be about as loud as over the last 20 ms; and they go down to the programme's own quiet, into which a fall
// must be steeper by half to count. Beeps with pauses between are no dropouts: before one there must have
// been half as much more sound than it lasts, and after a long one a quarter as much. No peer.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

#include "detectors/decibel.h"
#include "detectors/detector.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"least_s", 0.01, 0.008, 1, "s", "shortest dropout"},
    {"most_s", 2.0, 0.02, 10, "s", "longest dropout; what lasts longer is silence"},
    {"fall_db", 20, 10, 60, "dB", "least fall and rise within two milliseconds"},
    {"depth_db", 32, 15, 90, "dB", "least distance from the sound before and after to what is left between"},
    {"floor_dbfs", -50, -90, -10, "dBFS", "RMS below which sound has nothing to lose"},
};
constexpr std::string_view kKinds[] = {"audio.dropout"};
constexpr std::size_t kMostChannels = 16;

// In parts of a hop, a millisecond each.
constexpr int kAround = 20;           // what the sound before and after is judged by
constexpr int kNear = 5;              // what stands next to the edge
constexpr int kEdge = 3;              // what a lossy encoder smears, left out of what is between
constexpr int kBehind = kAround + 2;  // how far behind the newest part the judged one is
constexpr int kLongCut = 250;         // after a longer one, sound must follow…
constexpr int kFollowing = 4;         // …for this fraction of it

double from_power_decibel(double db) { return std::pow(10.0, db / 10); }

struct Limits {
  double fall;
  double depth;
  double floor;
  int least_parts;
  int most_parts;
};

// The sound next to the edge may be this far below that of 20 ms, and the sound after from that before.
const double kFading = from_power_decibel(-7);
const double kUnlike = from_power_decibel(-25);
// Every 20 ms: 10 dB in half a minute.
constexpr double kForget = 1.0015;
// Out of so deep a hole comes no natural sound in two milliseconds, however softly it begins.
const double kSharp = from_power_decibel(-30);

struct Cut {
  int parts = 0;      // long
  int ended_ago = 0;  // parts before the newest
  double before = 0;  // powers
  double between = 0;
};

// One channel, a millisecond at a time.
class Watch {
 public:
  std::optional<Cut> push(double power, const Limits& limits) {
    powers_[pushed_++ % powers_.size()] = power;
    if (pushed_ < powers_.size()) return std::nullopt;
    sounding_ = std::clamp(sounding_ + (at(0) > limits.floor ? 1 : -1), 0, 2 * limits.most_parts);
    if (cut_parts_ == 0) {
      if (pushed_ % kAround == 0) quiet_ = std::min(quiet_ * kForget, mean(-kAround, 0));
      if (falls(limits)) {
        cut_parts_ = 1;
        awaited_.reset();
      }
      if (awaited_ && ++awaited_->ended_ago >= kBehind + awaited_->parts / kFollowing)
        return std::exchange(awaited_, std::nullopt);
      return std::nullopt;
    }
    if (cut_parts_ > kNear + 1 && at(0) >= before_ * limits.fall) {
      const auto cut = judge(limits);
      cut_parts_ = 0;
      if (!cut || cut->parts <= kLongCut) return cut;
      awaited_ = cut;
      return std::nullopt;
    }
    if (cut_parts_ > 2 * kEdge) between_ += at(-kEdge);
    if (++cut_parts_ > limits.most_parts) cut_parts_ = 0;
    return std::nullopt;
  }

  void reset() {
    pushed_ = 0;
    cut_parts_ = 0;
    sounding_ = 0;
    awaited_.reset();
  }

 private:
  // The power of a part, counted from the judged one.
  double at(int offset) const {
    return powers_[(pushed_ + powers_.size() - 1 - static_cast<std::size_t>(kBehind - offset)) %
                   powers_.size()];
  }

  double mean(int from, int to) const {
    double sum = 0;
    for (int i = from; i < to; ++i) sum += at(i);
    return sum / (to - from);
  }

  double highest(int from, int to) const {
    double most = 0;
    for (int i = from; i < to; ++i) most = std::max(most, at(i));
    return most;
  }

  bool falls(const Limits& limits) {
    if (at(0) >= at(-1) / 2 && at(1) >= at(-1) / 10) return false;
    before_ = mean(-kAround, 0);
    between_ = 0;
    sounded_ = sounding_;
    steep_ = highest(1, 2 + kNear) < before_ * std::pow(limits.fall, 1.5);
    return before_ > limits.floor && at(-1) > before_ * limits.fall * 4 &&
           mean(-kNear, 0) > before_ * kFading && highest(2, 2 + kNear) < before_ * limits.fall;
  }

  std::optional<Cut> judge(const Limits& limits) const {
    const double after = mean(1, 1 + kAround);
    const double near = mean(1, 1 + kNear);
    const bool abrupt = (near > after * kFading && at(-kEdge) < after * limits.fall) ||
                        highest(-5, 1 - kEdge) < near * kSharp;
    const int parts_between = cut_parts_ - 2 * kEdge - 1;
    const double between = parts_between > 0 ? between_ / parts_between : at(-kEdge);
    if (!abrupt || after < before_ * kUnlike || between > std::min(before_, after) * limits.depth ||
        cut_parts_ < limits.least_parts || 2 * sounded_ < 3 * cut_parts_ ||
        (!steep_ && between > quiet_ / 2 && between < quiet_ * 4)) {
      return std::nullopt;
    }
    return Cut{cut_parts_, kBehind, before_, between};
  }

  std::array<double, 2 * kAround + 4> powers_{};  // a ring
  std::size_t pushed_ = 0;
  int cut_parts_ = 0;  // since the fall; 0: none
  int sounding_ = 0;   // parts that sounded, less those that did not
  int sounded_ = 0;    // the same when the sound fell
  bool steep_ = false;
  double quiet_ = 1;  // the quietest 20 ms of the last half minute or so, cuts left out
  double before_ = 0;
  double between_ = 0;          // sum of the parts', the edges left out
  std::optional<Cut> awaited_;  // a long one, until enough sound has followed
};

class Dropout final : public Detector {
 public:
  explicit Dropout(const Options& o)
      : limits_{.fall = from_power_decibel(-o["fall_db"]),
                .depth = from_power_decibel(-o["depth_db"]),
                .floor = from_power_decibel(o["floor_dbfs"]),
                .least_parts = static_cast<int>(std::lround(o["least_s"] * 1000)),
                .most_parts = static_cast<int>(std::lround(o["most_s"] * 1000))} {}

  void observe(const Measured& m, Findings& out) override {
    if (m.audio == nullptr) return;
    const AudioFeatures& f = *m.audio;
    const MediaDuration part = MediaDuration::nanoseconds(f.duration.ns() / std::int64_t{kHopParts});
    const bool follows = f.time - end_ < part && end_ - f.time < part && f.channels.size() == channels_;
    const bool whole = f.duration > MediaDuration::nanoseconds(9'500'000);
    if (!follows || !whole) {
      for (Watch& w : watches_) w.reset();
    }
    end_ = f.time + f.duration;
    channels_ = f.channels.size();
    if (!whole) return;
    const double part_samples = static_cast<double>(f.samples) / double{kHopParts};
    for (std::size_t c = 0; c < std::min(channels_, kMostChannels); ++c) {
      for (std::size_t p = 0; p < kHopParts; ++p) {
        const auto cut = watches_[c].push(double{f.channels[c].part_energy[p]} / part_samples, limits_);
        if (cut) tell(*cut, f.time + part * static_cast<std::int64_t>(p) - part * cut->ended_ago, part, out);
      }
    }
  }

 private:
  void tell(const Cut& cut, MediaTime end, MediaDuration part, Findings& out) {
    const MediaTime start = end - part * cut.parts;
    if (told_ && start < *told_) return;  // another channel's
    told_ = end;
    Finding finding{.kind = kKinds[0],
                    .start = start,
                    .end = end,
                    .measures = {{"duration_ms", (end - start).seconds() * 1000},
                                 {"before_dbfs", to_decibel(std::sqrt(cut.before))},
                                 {"left_dbfs", to_decibel(std::sqrt(cut.between))}},
                    .note = "the sound is cut"};
    out.push_back(finding);
    finding.phase = Finding::Phase::kEnded;
    out.push_back(finding);
  }

  Limits limits_;
  std::array<Watch, kMostChannels> watches_;
  std::size_t channels_ = 0;
  MediaTime end_;                  // of the last hop
  std::optional<MediaTime> told_;  // the end of the last dropout
};

}  // namespace

const DetectorInfo& dropout_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "dropout",
      .summary = "the sound is cut for a moment",
      .source = "",
      .scope = Scope::kAudio,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.part_energy = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Dropout>(o); },
  };
  return kInfo;
}

}  // namespace monolens

// Corruption: blocks of wrong content cover at least `area` of the picture: what lost packets, broken
// references and their concealment leave, also when it was encoded again upstream.
//
// Each of the pictures that CorruptionMapper looked at is a map of 16×16 blocks, of which the likely ones
// count. One picture with much of it is enough, of less it takes two in a row; it is over once less than half
// of the area has been seen for `quiet_s`. While the decoder tells of damage, or the way in which the picture
// changes does (features/torn_changes.h), the picture must show less of it. Published practice binarises such
// a map and alarms at 7 % of the area.
#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>

#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"area", 0.03, 0.001, 1, "share", "least part of the picture that is corrupt"},
    {"probability", 0.99, 0.05, 1, "", "a block this likely corrupt counts"},
    {"known_area", 0.01, 0.001, 1, "share", "the same as area, while the decoder tells of damage"},
    {"known_probability", 0.5, 0.05, 1, "", "the same as probability, while the decoder tells of damage"},
    {"torn", 2.5, 0.5, 100, "standard deviations", "how torn changes must be to tell of damage"},
    {"torn_s", 0.5, 0, 60, "s", "for so long from torn changes on damage is told of"},
    {"torn_area", 0.05, 0.001, 1, "share", "the same as area, while torn changes tell of damage"},
    {"torn_probability", 0.7, 0.05, 1, "", "the same as probability, while torn changes tell of damage"},
    {"single_area", 0.07, 0.001, 1, "share",
     "corrupt part of a picture that needs no second one, but of torn changes"},
    {"quiet_s", 0.3, 0, 60, "s", "time without corruption that ends an incident"},
};
constexpr std::string_view kKinds[] = {"video.corruption"};

// What the pictures of a shot look like to the network though nothing is wrong with them: some content has
// seams of its own. A loss rises above it.
class Usual {
 public:
  // REQUIRES: pictures in presentation order, each of which was looked at and found whole.
  void add(MediaTime time, double area) {
    if (!last_) {
      area_ = area;
    } else {
      const double seconds = std::min(1.0, (time - *last_).seconds());
      area_ += (area - area_) * std::min(1.0, seconds / kSeconds);
    }
    last_ = time;
  }
  bool is_known() const { return last_.has_value(); }
  double area() const { return area_; }

 private:
  static constexpr double kSeconds = 0.8;  // in which it follows

  double area_ = 0;
  std::optional<MediaTime> last_;
};

class Corruption final : public Detector {
 public:
  explicit Corruption(const Options& o)
      : hold_({}, MediaDuration::seconds(o["quiet_s"])),
        plain_{o["area"], o["probability"]},
        known_{o["known_area"], o["known_probability"]},
        torn_{o["torn_area"], o["torn_probability"]},
        least_torn_(o["torn"]),
        torn_for_(MediaDuration::seconds(o["torn_s"])),
        single_area_(o["single_area"]) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.video == nullptr) return;
    const VideoFeatures& f = *m.video;
    watch_for_cuts(f);
    if (f.torn >= least_torn_) torn_until_ = f.time + torn_for_;
    if (!f.corruption) {
      // Not looked at: it shows what the one before showed.
      if (hold_.is_open()) tell(hold_.observe(corrupt_, f.time, f.time + f.duration), f, plain_, out);
      return;
    }
    const Limits& limits = f.suspect ? known_ : f.time < torn_until_ ? torn_ : plain_;
    const double area = f.corruption->share(limits.probability);
    corrupt_ = area >= least_area(f, limits);
    const bool may_be_alone = area >= single_area_ && &limits != &torn_;
    if (corrupt_ && !hold_.is_open() && !suspected_ && !may_be_alone) {
      suspected_ = f.time;
      return;
    }
    if (!corrupt_) {
      usual_.add(f.time, f.corruption->share(plain_.probability));
      usual_torn_.add(f.time, f.corruption->share(torn_.probability));
    }
    const MediaTime from = corrupt_ ? suspected_.value_or(f.time) : f.time;
    suspected_.reset();
    if (corrupt_) largest_area_ = std::max(largest_area_, area);
    tell(hold_.observe(corrupt_, from, f.time + f.duration), f, limits, out);
  }

  void finish(MediaTime end, Findings& out) override {
    if (hold_.is_open()) tell(hold_.finish(end), {}, plain_, out);
  }

 private:
  struct Limits {
    double area;
    double probability;
  };

  // A new shot has seams of its own, that the ones before say nothing of.
  void watch_for_cuts(const VideoFeatures& f) {
    constexpr double kCutLevels = 10;
    constexpr double kCutFactor = 3;
    if (!f.comparable || f.still) return;
    if (f.change_mean > kCutLevels && f.change_mean > kCutFactor * usual_change_) {
      usual_ = usual_torn_ = {};
      new_until_ = f.time + kNewShot;
    }
    usual_change_ += (std::min(f.change_mean, 2 * usual_change_ + 1) - usual_change_) / 8;
  }

  double least_area(const VideoFeatures& f, const Limits& limits) const {
    constexpr double kAboveUsual = 1.5;
    constexpr double kNewShotFactor = 5;
    const Usual& of = &limits == &torn_ ? usual_torn_ : usual_;
    const double usual = kAboveUsual * of.area();
    if (hold_.is_open()) return limits.area / 2 + usual;
    if (f.suspect) return limits.area;
    if (!of.is_known() || f.time < new_until_) return kNewShotFactor * limits.area;
    return limits.area + usual;
  }

  // Most of the corrupt blocks stand in rows of blocks that are mostly corrupt.
  static bool is_sliced(const CorruptionMap& map, double probability) {
    constexpr double kMost = 0.6;
    double all = 0;
    double in_slices = 0;
    for (int row = 0; row < map.rows; ++row) {
      const auto columns = static_cast<std::size_t>(map.columns);
      const CorruptionMap line{
          .columns = map.columns,
          .rows = 1,
          .probabilities = map.probabilities.subspan(static_cast<std::size_t>(row) * columns, columns)};
      const double share = line.share(probability);
      all += share;
      if (share >= kMost) in_slices += share;
    }
    return in_slices >= kMost * all;
  }

  void tell(Hold::Change change, const VideoFeatures& f, const Limits& limits, Findings& out) {
    if (!change.opened && !change.closed) return;
    if (change.opened && f.corruption) sliced_ = is_sliced(*f.corruption, limits.probability);
    const std::size_t first = out.size();
    report(change, hold_,
           {.kind = kKinds[0],
            .measures = {{"area_share", largest_area_}},
            .note = sliced_ ? "slices of the picture are torn or wrong" : "blocks of wrong content"},
           out);
    if (change.opened && f.corruption) {
      const CorruptionMap& map = *f.corruption;
      out[first].map = {.columns = map.columns,
                        .rows = map.rows,
                        .probabilities = {map.probabilities.begin(), map.probabilities.end()}};
    }
    if (change.closed) largest_area_ = 0;
  }

  static constexpr auto kNewShot = MediaDuration::milliseconds(300);

  Hold hold_;
  Usual usual_;              // by the plain limits
  Usual usual_torn_;         // and by those for torn changes
  double usual_change_ = 1;  // of a picture from the one before, 8-bit levels
  MediaTime new_until_;      // the shot's first pictures
  Limits plain_;
  Limits known_;
  Limits torn_;
  double least_torn_;
  MediaDuration torn_for_;
  MediaTime torn_until_;
  double single_area_;
  bool corrupt_ = false;                // the picture looked at last
  std::optional<MediaTime> suspected_;  // the first of two pictures
  double largest_area_ = 0;             // share of the picture, of the incident so far
  bool sliced_ = false;
};

}  // namespace

const DetectorInfo& corruption_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "corruption",
      .summary = "blocks of wrong content in the picture: losses, broken references, their concealment",
      .source = "a network trained on damaged streams; area of a binarised map, as published practice has it",
      .scope = Scope::kVideo,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.luma = f.stillness = f.corruption = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Corruption>(o); },
  };
  return kInfo;
}

}  // namespace monolens

// Clipping: runs of samples cut off at full scale make up at least `share` of a channel's samples over a
// second.
//
// Once it clips, half that share keeps it going. A single sample at full scale is a normalised peak, not clipping:
// only runs count.
#include <algorithm>
#include <array>

#include "detectors/decibel.h"
#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"share", 0.002, 0.00001, 1, "share", "of a second's samples that are clipped, in the worst channel"},
    {"level_dbfs", -0.1, -6, 0, "dBFS", "level at which a sample may be clipped"},
    {"run", 3, 2, 100, "samples", "so many in a row at that level are clipped"},
};
constexpr std::string_view kKinds[] = {"audio.clipping"};
constexpr std::size_t kMostChannels = 16;

class Clipping final : public Detector {
 public:
  explicit Clipping(const Options& o) : hold_({}, MediaDuration::seconds(1)), share_(o["share"]) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.audio == nullptr) return;
    const AudioFeatures& f = *m.audio;
    push(f);
    const double worst = hops_[last()].any() ? worst_share() : 0;
    const bool clipping = worst >= (running_ ? share_ / 2 : share_);
    if (clipping) highest_ = std::max(highest_, worst);
    const MediaTime from = clipping && !running_ ? first_clipped() : f.time;
    running_ = clipping || (running_ && f.time - last_clipped_ < MediaDuration::seconds(1));
    if (clipping) last_clipped_ = f.time;
    tell(hold_.observe(clipping, from, f.time + f.duration), out);
    if (!running_) highest_ = 0;
  }

  void finish(MediaTime end, Findings& out) override { tell(hold_.finish(end), out); }

 private:
  struct Hop {
    MediaTime time;
    std::array<std::uint32_t, kMostChannels> clipped{};  // samples of each channel

    bool any() const {
      return std::any_of(clipped.begin(), clipped.end(), [](std::uint32_t n) { return n > 0; });
    }
  };

  std::size_t last() const { return (next_ + hops_.size() - 1) % hops_.size(); }
  bool within_last_second(const Hop& h) const {
    return hops_[last()].time - h.time < MediaDuration::seconds(1);
  }

  void push(const AudioFeatures& f) {
    sample_rate_ = f.sample_rate;
    Hop hop{.time = f.time};
    for (std::size_t c = 0; c < std::min(f.channels.size(), hop.clipped.size()); ++c) {
      hop.clipped[c] = f.channels[c].clipped;
    }
    hops_[next_] = hop;
    next_ = (next_ + 1) % hops_.size();
  }

  double worst_share() const {
    std::array<std::uint32_t, kMostChannels> clipped{};
    for (const Hop& h : hops_) {
      if (!within_last_second(h)) continue;
      for (std::size_t c = 0; c < clipped.size(); ++c) clipped[c] += h.clipped[c];
    }
    return *std::max_element(clipped.begin(), clipped.end()) / static_cast<double>(sample_rate_);
  }

  MediaTime first_clipped() const {
    for (std::size_t i = 0; i < hops_.size(); ++i) {
      const Hop& h = hops_[(next_ + i) % hops_.size()];
      if (within_last_second(h) && h.any()) return h.time;
    }
    return hops_[last()].time;
  }

  void tell(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    report(change, hold_,
           {.kind = kKinds[0],
            .measures = {{"clipped_share", highest_}},
            .note = "samples cut off at full scale"},
           out);
  }

  Hold hold_;
  double share_;
  double highest_ = 0;  // share of clipped samples in the worst second
  bool running_ = false;
  MediaTime last_clipped_;
  int sample_rate_ = 1;          // Hz
  std::array<Hop, 100> hops_{};  // the last second, a ring; more where there was a gap
  std::size_t next_ = 0;
};

}  // namespace

const DetectorInfo& clipping_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "clipping",
      .summary = "samples flat at or near full scale",
      .source = "",
      .scope = Scope::kAudio,
      .kinds = kKinds,
      .options = kOptions,
      .request =
          [](const Options& o, FeatureOptions& f) {
            f.levels = true;
            f.clip_level = from_decibel(o["level_dbfs"]);
            f.clip_run = static_cast<int>(o["run"]);
          },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Clipping>(o); },
  };
  return kInfo;
}

}  // namespace monolens

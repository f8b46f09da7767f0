// Clipping: runs of samples cut off at full scale make up at least `share` of a channel's samples over a
// second.
//
// A single sample at full scale is a normalised peak, not clipping: only runs count.
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
constexpr int kMostChannels = 16;

class Clipping final : public Detector {
 public:
  explicit Clipping(const Options& o) : hold_({}, MediaDuration::seconds(1)), share_(o["share"]) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.audio == nullptr) return;
    const AudioFeatures& f = *m.audio;
    push(f);
    const double worst = worst_share();
    const bool clipped_now = hops_[last()].clipped > 0;
    const bool clipping = clipped_now && worst >= share_;
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
    std::uint32_t samples = 0;
    std::uint32_t clipped = 0;  // in the worst channel
  };

  std::size_t last() const { return (next_ + hops_.size() - 1) % hops_.size(); }

  void push(const AudioFeatures& f) {
    Hop hop{.time = f.time, .samples = static_cast<std::uint32_t>(f.samples)};
    for (const ChannelFeatures& c :
         f.channels.first(std::min<std::size_t>(f.channels.size(), kMostChannels))) {
      hop.clipped = std::max(hop.clipped, c.clipped);
    }
    hops_[next_] = hop;
    next_ = (next_ + 1) % hops_.size();
  }

  double worst_share() const {
    double samples = 0;
    double clipped = 0;
    for (const Hop& h : hops_) {
      samples += h.samples;
      clipped += h.clipped;
    }
    return samples > 0 ? clipped / samples : 0;
  }

  MediaTime first_clipped() const {
    for (std::size_t i = 0; i < hops_.size(); ++i) {
      const Hop& h = hops_[(next_ + i) % hops_.size()];
      if (h.clipped > 0) return h.time;
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
  std::array<Hop, 100> hops_{};  // the last second, a ring
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

// Clipping: flat tops, which a limit has cut off at the highest level of the last second, make up at least
// `share` of a channel's samples over that second; or, where a lossy encoder has rippled them, amplitudes
// pile up just below a level that is hardly exceeded, `pile` times as densely as they would thinning out; or
// runs of samples at or beyond full scale, whatever their shape, make up at least `over_share`.
//
// The first two do not ask for full scale: clipping that was turned down afterwards is clipping. Once it
// clips, half the share, or four fifths of the pile, keeps it going.
#include <algorithm>
#include <array>

#include "detectors/decibel.h"
#include "detectors/detector.h"
#include "detectors/hold.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"share", 0.0005, 0.00001, 1, "share",
     "of a second's samples that are in flat tops, in the worst channel"},
    {"floor_dbfs", -30, -60, 0, "dBFS", "limits below this level are not looked for"},
    {"over_share", 0.002, 0.00001, 1, "share",
     "of a second's samples that are in runs at or beyond full scale, in the worst channel"},
    {"run", 3, 3, 100, "samples", "so many in a row make a flat top, or a run beyond full scale"},
    {"pile", 2, 1.2, 100, "times",
     "as many samples just below the level as thinning out would leave, after a lossy encoder"},
};
constexpr std::string_view kKinds[] = {"audio.clipping"};
constexpr std::size_t kMostChannels = 16;
constexpr auto kSecond = MediaDuration::seconds(1);

constexpr double kAtTheTop = 0.99;    // of the second's peak: flat tops at least so high count
constexpr float kLimits = 0.8F;       // of the loudest of late: no pile below it can be a limit's
constexpr float kForget = 0.993F;     // of the loudest, every hop: 6 dB a second
constexpr float kLeastPile = 0.002F;  // of a second's samples
constexpr double kTone = 0.9;         // where more of the samples are flat, they are a square wave

class Clipping final : public Detector {
 public:
  explicit Clipping(const Options& o)
      : hold_({}, kSecond),
        share_(o["share"]),
        floor_(static_cast<float>(from_decibel(o["floor_dbfs"]))),
        over_share_(o["over_share"]),
        pile_(o["pile"]) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.audio == nullptr) return;
    const AudioFeatures& f = *m.audio;
    push(f);
    Evidence worst;
    for (std::size_t c = 0; c < std::min(f.channels.size(), kMostChannels); ++c) {
      for (const Evidence& e : {flat_tops(f, c), over_scale(f, c), pile(f, c)}) {
        if (e.share > worst.share) worst = e;
      }
    }
    const bool clipping = worst.share > 0;
    if (clipping && worst.share > highest_.share) highest_ = worst;
    tell(hold_.observe(clipping, clipping ? worst.since : f.time, f.time + f.duration), out);
    if (!hold_.is_running()) highest_ = {};
  }

  void finish(MediaTime end, Findings& out) override { tell(hold_.finish(end), out); }

 private:
  struct Evidence {
    double share = 0;  // of the last second's samples; 0: none
    float level = 0;   // linear full scale
    MediaTime since;   // within the last second
  };

  struct Channel {
    float peak = 0;
    std::uint32_t clipped = 0;  // samples
    float clipped_level = 0;
    std::uint32_t over_scale = 0;  // samples
  };

  struct Hop {
    MediaTime time;
    std::array<Channel, kMostChannels> channels{};
  };

  void push(const AudioFeatures& f) {
    for (std::size_t c = 0; c < std::min(f.channels.size(), kMostChannels); ++c) {
      loudest_[c] = std::max(f.channels[c].peak, loudest_[c] * kForget);
    }
    Hop& hop = hops_[next_];
    hop = {.time = f.time};
    for (std::size_t c = 0; c < std::min(f.channels.size(), kMostChannels); ++c) {
      const ChannelFeatures& channel = f.channels[c];
      hop.channels[c] = {channel.peak, channel.clipped, channel.clipped_level, channel.over_scale};
    }
    next_ = (next_ + 1) % hops_.size();
  }

  // Calls see(hop) for the hops of the last second, in their order.
  template <class See>
  void each_of_last_second(MediaTime now, See see) const {
    for (std::size_t i = 0; i < hops_.size(); ++i) {
      const Hop& hop = hops_[(next_ + i) % hops_.size()];
      if (now - hop.time < kSecond) see(hop);
    }
  }

  Evidence flat_tops(const AudioFeatures& f, std::size_t c) const {
    if (f.channels[c].clipped == 0) return {};
    float peak = 0;
    each_of_last_second(f.time, [&](const Hop& h) { peak = std::max(peak, h.channels[c].peak); });
    const double lowest = kAtTheTop * double{peak};
    if (double{f.channels[c].clipped_level} < lowest) return {};
    std::uint32_t clipped = 0;
    Evidence found{.level = peak, .since = f.time};
    each_of_last_second(f.time, [&](const Hop& h) {
      const Channel& channel = h.channels[c];
      if (channel.clipped == 0 || double{channel.clipped_level} < lowest) return;
      if (clipped == 0) found.since = h.time;
      clipped += channel.clipped;
    });
    const double share = clipped / static_cast<double>(f.sample_rate);
    if (share >= (hold_.is_running() ? share_ / 2 : share_) && share < kTone) found.share = share;
    return found;
  }

  Evidence over_scale(const AudioFeatures& f, std::size_t c) const {
    if (f.channels[c].over_scale == 0) return {};
    std::uint32_t over = 0;
    Evidence found{.level = 1, .since = f.time};
    each_of_last_second(f.time, [&](const Hop& h) {
      if (h.channels[c].over_scale > 0 && over == 0) found.since = h.time;
      over += h.channels[c].over_scale;
    });
    const double share = over / static_cast<double>(f.sample_rate);
    if (share >= (hold_.is_running() ? over_share_ / 2 : over_share_)) found.share = share;
    return found;
  }

  Evidence pile(const AudioFeatures& f, std::size_t c) const {
    const AmplitudeDensity::Pile& pile = f.channels[c].pile;
    const auto reaches = [&pile](float peak) {
      return peak > pile.level * 0.93F && peak < pile.level * 1.3F;
    };
    if (pile.level < std::max(kLimits * loudest_[c], floor_) || pile.share < kLeastPile) return {};
    if (double{pile.ratio} < (hold_.is_running() ? pile_ * 0.8 : pile_) || !reaches(f.channels[c].peak))
      return {};
    Evidence found{.share = double{pile.share}, .level = pile.level, .since = f.time};
    each_of_last_second(f.time, [&](const Hop& h) {
      if (reaches(h.channels[c].peak)) found.since = std::min(found.since, h.time);
    });
    return found;
  }

  void tell(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    report(
        change, hold_,
        {.kind = kKinds[0],
         .measures = {{"clipped_share", highest_.share}, {"level_dbfs", to_decibel(double{highest_.level})}},
         .note = "samples cut off at a limit"},
        out);
  }

  Hold hold_;
  double share_;
  float floor_;  // linear full scale
  double over_share_;
  double pile_;
  Evidence highest_;             // of this stretch
  std::array<Hop, 100> hops_{};  // the last second, a ring; more where there was a gap
  std::size_t next_ = 0;
  std::array<float, kMostChannels> loudest_{};  // peaks of late
};

}  // namespace

const DetectorInfo& clipping_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "clipping",
      .summary = "samples cut off at a limit, at any level",
      .source = "",
      .scope = Scope::kAudio,
      .kinds = kKinds,
      .options = kOptions,
      .request =
          [](const Options& o, FeatureOptions& f) {
            f.flat_tops = true;
            f.clip_floor = from_decibel(o["floor_dbfs"]);
            f.clip_run = static_cast<int>(o["run"]);
          },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Clipping>(o); },
  };
  return kInfo;
}

}  // namespace monolens

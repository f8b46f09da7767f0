// Hiss: in at least two neighbouring half octaves, up to the highest, the sound rests on a floor that does
// not move, of at least `floor_dbfs`.
//
// A floor shows in the quietest third of the last 1.2 or 2 s: there the powers of noise differ by less than a
// decibel or two, those of breath, applause or a fading note by far more. A steady noise louder than
// `loudest_dbfs` is the programme and no floor.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "detectors/decibel.h"
#include "detectors/detector.h"
#include "detectors/hold.h"
#include "detectors/memory.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"duration_s", 3, 1, 3600, "s",
     "shortest hiss: wind, water and applause may rest on a floor for a moment"},
    {"floor_dbfs", -58, -100, -20, "dBFS", "RMS of the floor from which it is hiss"},
    {"loudest_dbfs", -30, -100, 0, "dBFS", "a steady noise above this is the programme"},
    {"spread", 1.0, 0.1, 4, "", "factor of how much the powers of a floor may differ"},
    {"major_dbfs", -45, -100, 0, "dBFS", "floor from which hiss is major"},
};
constexpr std::string_view kKinds[] = {"audio.hiss"};

constexpr std::size_t kMostChannels = 8;
constexpr std::size_t kMemory = 500;    // windows, 10 s
constexpr std::size_t kJudgeEvery = 5;  // windows
constexpr auto kWindowLength = MediaDuration::milliseconds(20);
constexpr auto kBreak = MediaDuration::milliseconds(60);
constexpr std::size_t kLeastBands = 2;
constexpr std::size_t kHighestNeeded =
    7;  // the floor must reach this band, 11 to 16 kHz, or the highest there is

// Over so many windows, the powers of the quietest `low` and `high` share are compared.
struct Stretch {
  std::size_t windows;
  double low;
  double high;
};
constexpr std::array kStretches = {Stretch{60, 0.12, 0.40}, Stretch{100, 0.08, 0.30}};
constexpr std::size_t kMostWindows = 100;
constexpr std::size_t kSmoothed = 3;  // windows

// Decibels between the two shares of noise; the narrower a band, the more its power varies.
constexpr std::array<double, kBandCount> kSpread = {2.0, 1.8, 1.6, 1.4, 1.3, 1.2, 1.1, 1.0, 0.9};
// Decibels by which the density of a band may stand below or above that of the one beneath.
constexpr double kMostFall = 7;
constexpr double kMostRise = 4;
constexpr double kLeastBand = 1e-7;  // −70 dBFS: coders and resamplers leave that much

constexpr double kMissing = 0.5;       // of the floor's power: a band below this lacks the floor
constexpr std::size_t kMissedFor = 3;  // windows without the floor that end it

struct Window {
  MediaTime end;
  BandPowers bands;
};

// A floor as it was confirmed.
struct Floor {
  std::size_t channel = 0;
  std::size_t first = 0;  // bands first … last − 1
  std::size_t last = 0;
  BandPowers bands{};
  double power = 0;  // mean square up to 20 kHz, as flat below the first band as in it
};

// The last windows of one channel, without a break.
using Windows = Memory<Window, kMemory>;

// Most of the floor's bands lack it in this window.
bool lacks(const Window& window, const Floor& floor) {
  std::size_t missing = 0;
  for (std::size_t b = floor.first; b < floor.last; ++b) {
    if (window.bands[b] < kMissing * floor.bands[b]) ++missing;
  }
  return 2 * missing >= floor.last - floor.first;
}

class Hiss final : public Detector {
 public:
  explicit Hiss(const Options& o)
      : hold_(MediaDuration::seconds(o["duration_s"]), {}),
        least_(from_decibel(o["floor_dbfs"])),
        loudest_(from_decibel(o["loudest_dbfs"])),
        major_(from_decibel(o["major_dbfs"])),
        spread_(o["spread"]) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.audio == nullptr || !m.audio->has_bands) return;
    const AudioFeatures& f = *m.audio;
    const MediaTime end = f.time + f.duration;
    if (f.channels.size() != channels_) finish(last_, out);
    if (f.channels.size() != channels_ || end - last_ > kBreak || last_ > end) restart(f.channels.size());
    last_ = end;
    band_count_ = band_count(f.sample_rate);
    for (std::size_t c = 0; c < memories_.size(); ++c) memories_[c].push({end, f.channels[c].bands});
    if (hold_.is_running()) {
      track(out);
    } else if (++since_judged_ >= kJudgeEvery) {
      since_judged_ = 0;
      judge(out);
    }
  }

  void finish(MediaTime end, Findings& out) override {
    tell(hold_.finish(missed_ > 0 ? missing_since_ : end), out);
  }

 private:
  void restart(std::size_t channels) {
    channels_ = channels;
    memories_.resize(std::min(channels, kMostChannels));
    for (Windows& memory : memories_) memory.clear();
    since_judged_ = 0;
    missed_ = 0;
  }

  void judge(Findings& out) {
    Floor best;
    for (std::size_t c = 0; c < memories_.size(); ++c) {
      for (const Stretch& stretch : kStretches) {
        if (memories_[c].size() < stretch.windows + kSmoothed - 1) continue;
        Floor floor = widest(memories_[c], stretch);
        floor.channel = c;
        const bool hiss = floor.power >= least_ * least_ && floor.power <= loudest_ * loudest_;
        if (hiss && floor.power > best.power) best = floor;
      }
    }
    if (best.power > 0) begin(best, out);
  }

  // The bands that rest on a floor, from the highest that must be among them downwards.
  Floor widest(const Windows& memory, const Stretch& stretch) const {
    Floor floor;
    if (band_count_ < kLeastBands) return floor;
    std::size_t b = std::min(kHighestNeeded, band_count_ - 1) + 1;
    floor.first = floor.last = b;
    while (floor.first > 0 && extend(floor, floor.first - 1, memory, stretch)) --floor.first;
    if (floor.last - floor.first == 0) return floor;
    while (floor.last < band_count_ && extend(floor, floor.last, memory, stretch)) ++floor.last;
    if (floor.last - floor.first < kLeastBands) return floor;
    for (b = floor.first; b < floor.last; ++b) floor.power += floor.bands[b];
    floor.power += density(floor, floor.first) * band_edge_hz(floor.first);
    return floor;
  }

  static double density(const Floor& floor, std::size_t b) {
    return floor.bands[b] / (band_edge_hz(b + 1) - band_edge_hz(b));
  }

  // Whether band b rests on a floor that goes on from that of its neighbour; then floor.bands[b] is known.
  bool extend(Floor& floor, std::size_t b, const Windows& memory, const Stretch& stretch) const {
    std::array<float, kMostWindows> powers{};
    for (std::size_t i = 0; i < stretch.windows; ++i) {
      float sum = 0;
      for (std::size_t k = 0; k < kSmoothed; ++k) sum += memory[i + k].bands[b];
      powers[i] = sum / kSmoothed;
    }
    const auto begin = powers.begin();
    const auto end = begin + static_cast<std::ptrdiff_t>(stretch.windows);
    const auto low = begin + static_cast<std::ptrdiff_t>(stretch.low * static_cast<double>(stretch.windows));
    const auto high =
        begin + static_cast<std::ptrdiff_t>(stretch.high * static_cast<double>(stretch.windows));
    std::nth_element(begin, high, end);
    std::nth_element(begin, low, high);
    if (*low < kLeastBand || 10 * std::log10(*high / *low) > kSpread[b] * spread_) return false;
    floor.bands[b] = *high;
    if (floor.first == floor.last) return true;
    const std::size_t beneath = b < floor.first ? b : b - 1;
    const double rise = 10 * std::log10(density(floor, beneath + 1) / density(floor, beneath));
    return rise > -kMostFall && rise < kMostRise;
  }

  // It begins after the last windows that lack the floor.
  void begin(const Floor& floor, Findings& out) {
    const Windows& memory = memories_[floor.channel];
    std::size_t oldest = 0;
    std::size_t missed = 0;
    for (std::size_t age = 0; age < memory.size() && missed < kMissedFor; ++age) {
      missed = lacks(memory[age], floor) ? missed + 1 : 0;
      if (missed == 0) oldest = age;
    }
    floor_ = floor;
    missed_ = 0;
    tell(hold_.observe(true, std::max(memory[oldest].end - kWindowLength, MediaTime{}), last_), out);
  }

  void track(Findings& out) {
    if (!lacks(memories_[floor_.channel][0], floor_)) {
      missed_ = 0;
    } else if (++missed_ == 1) {
      missing_since_ = last_ - kWindowLength;
    }
    if (missed_ < kMissedFor) {
      tell(hold_.observe(true, last_, last_), out);
      return;
    }
    tell(hold_.observe(false, missing_since_, last_), out);
    restart(channels_);
  }

  void tell(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    Finding finding{.kind = kKinds[0],
                    .measures = {{"floor_dbfs", to_decibel(std::sqrt(floor_.power))},
                                 {"from_hz", band_edge_hz(floor_.first)},
                                 {"to_hz", band_edge_hz(floor_.last)}},
                    .note = "a raised noise floor"};
    if (floor_.power >= major_ * major_) finding.severity = Severity::kMajor;
    report(change, hold_, std::move(finding), out);
  }

  Hold hold_;
  double least_;    // linear full scale, RMS
  double loudest_;  // the same
  double major_;    // the same
  double spread_;
  std::size_t channels_ = 0;
  std::size_t band_count_ = 0;
  std::vector<Windows> memories_;  // of each channel
  MediaTime last_;                 // end of the last window
  std::size_t since_judged_ = 0;   // windows
  Floor floor_;                    // while the hold is running
  std::size_t missed_ = 0;         // windows in a row that lack the floor
  MediaTime missing_since_;
};

}  // namespace

const DetectorInfo& hiss_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "hiss",
      .summary = "a raised broadband noise floor",
      .source = "",
      .scope = Scope::kAudio,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.bands = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<Hiss>(o); },
  };
  return kInfo;
}

}  // namespace monolens

// Hum: lines at 50 or 60 Hz and their harmonics stand still in phase and strength for 2 to 4 s and add up to
// at least `level_dbfs`, while the programme goes on above them.
//
// What stands still is told from what sounds by its phase: a bass note of 49 Hz turns once a second against
// the mains, one drum beat is not in step with the next, and neither adds up over seconds. A single steady
// line is a tone and no hum: `harmonics` lines must stand still. Hum in one channel alone is hum.
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <functional>
#include <numbers>
#include <numeric>
#include <utility>
#include <vector>

#include "detectors/decibel.h"
#include "detectors/detector.h"
#include "detectors/hold.h"
#include "detectors/memory.h"

namespace monolens {
namespace {

constexpr OptionInfo kOptions[] = {
    {"level_dbfs", -50, -90, -10, "dBFS", "RMS of all lines together, from which a hum is told"},
    {"harmonics", 3, 2, 8, "", "so many lines, of the first eight, must stand still"},
    {"major_dbfs", -35, -90, 0, "dBFS", "level from which a hum is major"},
};
constexpr std::string_view kKinds[] = {"audio.hum"};

constexpr std::size_t kMostChannels = 8;
constexpr std::size_t kMemory = 240;    // measurements, 12 s
constexpr std::size_t kJudgeEvery = 4;  // measurements
constexpr double kStep = 0.05;          // s, between measurements
constexpr auto kBreak =
    MediaDuration::milliseconds(120);  // between measurements: the clock of phases is gone

// How still the lines must stand: the sum of the coherence of the four most coherent, 0 to 4, over so many
// measurements. Music and speech reach 2.5 over 2 s and 1.8 over 4 s.
struct Window {
  std::size_t measurements;
  double coherence;
};
constexpr Window kWindows[] = {{40, 2.75}, {80, 2.2}};
constexpr std::size_t kMostMeasurements = 80;
constexpr double kLineCoherence = 0.5;
constexpr double kUnsteady = 0.1;       // of a line's mean square
constexpr double kExplained = 1.5;      // of what stands beside it
constexpr double kLeastLine = 1e-6;     // mean square of a line: −60 dBFS
constexpr double kWeakestLine = 1e-3;   // and of that of the strongest: leaks of a loud tone are no lines
constexpr std::size_t kLowestLine = 3;  // one of the first three must be there

// The search for how far the mains are off.
constexpr double kDriftStep = 0.025;    // Hz, of the fundamental
constexpr std::size_t kDriftSteps = 6;  // either way

// What stands beside a line counts at least so much: −60 dBFS. Below, quiet is as good as silence.
constexpr float kQuiet = 1e-6F;

constexpr double kTurn = 2 * std::numbers::pi;
constexpr double kFullTrust = 1.0;   // a line's say in one measurement, at most
constexpr double kEndsAfter = 14.0;  // so much says that the hum has ended
constexpr float kFollow = 0.05F;     // how fast the known lines follow the measured ones
constexpr double kSteer = 0.0125;    // Hz a turn: how fast their drift does; kFollow² / 4 kStep

using Line = std::complex<float>;

struct Measurement {
  MediaTime end;  // of its window
  MainsLines mains;
};

// A hum as it was confirmed: its lines, turning with the mains' drift.
struct Hum {
  std::size_t channel = 0;
  std::size_t mains = 0;                // index of kMains
  double drift = 0;                     // Hz
  double score = 0;                     // coherence of the four most coherent lines
  std::array<Line, kHarmonics> line{};  // 0 for those that do not stand still
  double power = 0;                     // mean square of all lines
  int harmonics = 0;                    // that stand still

  double frequency() const { return kMains[mains] + drift; }
};

// The last measurements of one channel, without a break.
using Measurements = Memory<Measurement, kMemory>;

Line turned(double turns) { return Line(std::polar(1.0, kTurn * turns)); }

// How much a measurement of a line counts: the less, the more stands beside it or in it.
float weight(const MainsLines::Line& line, float beside) {
  return 1.0F / (beside + kQuiet + 0.5F * std::norm(line.value));
}

// Whether one line's measurement speaks for (positive) or against the known line.
double evidence(const MainsLines::Line& measured, Line known) {
  if (known == Line{}) return 0;
  const float difference = std::norm(measured.value) - std::norm(measured.value - known);
  return std::clamp<double>(difference / (measured.beside + kQuiet), -kFullTrust, kFullTrust);
}

double evidence(const std::array<MainsLines::Line, kHarmonics>& measured,
                const std::array<Line, kHarmonics>& known) {
  double sum = 0;
  for (std::size_t h = 0; h < kHarmonics; ++h) sum += evidence(measured[h], known[h]);
  return sum;
}

// One measurement on (steps = 1) or back (−1): the lines turn with the drift and follow what was measured.
// Onwards the drift follows too: it was known to a step only, and the mains wander.
void follow(Hum& hum, const std::array<MainsLines::Line, kHarmonics>& measured, int steps) {
  double drift = hum.drift;
  for (std::size_t h = 0; h < kHarmonics; ++h) {
    Line& line = hum.line[h];
    if (line == Line{}) continue;
    line *= turned(hum.drift * static_cast<double>(h + 1) * kStep * steps);
    const float trust = std::norm(line) / (std::norm(line) + measured[h].beside + kQuiet);
    const Line error = measured[h].value - line;
    if (std::norm(error) >= std::norm(line)) continue;
    const double ahead = std::arg(measured[h].value / line) / kTurn;
    if (steps > 0) drift += kSteer * double{trust} * ahead / static_cast<double>(h + 1);
    line += kFollow * trust * error;
  }
  hum.drift = drift;
}

// Cosine and sine of the turns from the newest measurement to each one before it.
struct Turns {
  std::array<float, kMostMeasurements> cosine;
  std::array<float, kMostMeasurements> sine;
};

// Of a line that is off by so many drift steps.
const Turns& turns_of(std::size_t steps) {
  static const std::vector<Turns> kTurns = [] {
    std::vector<Turns> all(kDriftSteps * kHarmonics + 1);
    for (std::size_t s = 0; s < all.size(); ++s) {
      const double each = kTurn * static_cast<double>(s) * kDriftStep * kStep;
      for (std::size_t i = 0; i < kMostMeasurements; ++i) {
        all[s].cosine[i] = static_cast<float>(std::cos(each * static_cast<double>(i)));
        all[s].sine[i] = static_cast<float>(std::sin(each * static_cast<double>(i)));
      }
    }
    return all;
  }();
  return kTurns[steps];
}

// The lines of one mains as they were measured, the newest first, each weighted.
class Weighted {
 public:
  struct Sums {
    double strength = 0;  // of weighted amplitudes
    double squares = 0;   // of the same
    double weight = 0;

    // A few strong measurements among quiet ones say little: 1 where at least half of them are as strong.
    double fullness(std::size_t measurements) const {
      if (squares <= 0) return 0;
      return std::min(1.0, strength * strength / squares / (0.5 * static_cast<double>(measurements)));
    }
    // That of a line that stands quite still.
    double highest_mean_square() const { return weight > 0 ? std::pow(strength / weight, 2) / 2 : 0; }
  };

  Weighted(const Measurements& memory, std::size_t mains) {
    const std::size_t known = std::min(memory.size(), kMostMeasurements);
    std::array<const std::array<MainsLines::Line, kHarmonics>*, kMostMeasurements> measured{};
    for (std::size_t i = 0; i < known; ++i) measured[i] = &memory[i].mains.lines[mains];
    for (std::size_t h = 0; h < kHarmonics; ++h) {
      Sums sums;
      for (std::size_t i = 0; i < known; ++i) {
        const MainsLines::Line& line = (*measured[i])[h];
        const float before = (*measured[std::min(i + 1, known - 1)])[h].beside;
        const float after = (*measured[i > 0 ? i - 1 : 0])[h].beside;
        const float w = weight(line, (line.beside + before + after) / 3);
        real_[h][i] = w * line.value.real();
        imaginary_[h][i] = w * line.value.imag();
        const double square =
            double{real_[h][i]} * double{real_[h][i]} + double{imaginary_[h][i]} * double{imaginary_[h][i]};
        sums.strength += std::sqrt(square);
        sums.squares += square;
        sums.weight += double{w};
        sums_[h][i] = sums;
      }
    }
  }

  // REQUIRES: so many are known.
  const Sums& sums(std::size_t h, std::size_t measurements) const { return sums_[h][measurements - 1]; }

  // The sum of a line's measurements, each turned back by `turns`; and that of each turned the other way.
  std::pair<Line, Line> turned_back(std::size_t h, const Turns& turns, std::size_t measurements) const {
    float real_cosine = 0;
    float real_sine = 0;
    float imaginary_cosine = 0;
    float imaginary_sine = 0;
    for (std::size_t i = 0; i < measurements; ++i) {
      real_cosine += real_[h][i] * turns.cosine[i];
      real_sine += real_[h][i] * turns.sine[i];
      imaginary_cosine += imaginary_[h][i] * turns.cosine[i];
      imaginary_sine += imaginary_[h][i] * turns.sine[i];
    }
    return {{real_cosine - imaginary_sine, imaginary_cosine + real_sine},
            {real_cosine + imaginary_sine, imaginary_cosine - real_sine}};
  }

 private:
  std::array<std::array<float, kMostMeasurements>, kHarmonics> real_;
  std::array<std::array<float, kMostMeasurements>, kHarmonics> imaginary_;
  std::array<std::array<Sums, kMostMeasurements>, kHarmonics> sums_;  // of the newest so many
};

// The sum of the four highest coherences.
double score_of(std::array<double, kHarmonics> coherences) {
  std::partial_sort(coherences.begin(), coherences.begin() + 4, coherences.end(), std::greater<>());
  return std::accumulate(coherences.begin(), coherences.begin() + 4, 0.0);
}

class HumDetector final : public Detector {
 public:
  explicit HumDetector(const Options& o)
      : hold_({}, {}),
        least_(from_decibel(o["level_dbfs"])),
        major_(from_decibel(o["major_dbfs"])),
        harmonics_(static_cast<int>(o["harmonics"])) {}

  void observe(const Measured& m, Findings& out) override {
    if (m.audio == nullptr || !m.audio->has_mains) return;
    const AudioFeatures& f = *m.audio;
    const MediaTime end = f.time + f.duration;
    if (f.channels.size() != channels_ || end - last_ > kBreak || last_ > end) {
      finish(last_, out);
      restart(f.channels.size());
    }
    last_ = end;
    for (std::size_t c = 0; c < memories_.size(); ++c) memories_[c].push({end, f.channels[c].mains});
    if (hold_.is_running()) {
      track(out);
    } else if (++since_judged_ >= kJudgeEvery) {
      since_judged_ = 0;
      judge(out);
    }
  }

  void finish(MediaTime end, Findings& out) override { tell(hold_.finish(ended_or(end)), out); }

 private:
  void restart(std::size_t channels) {
    channels_ = channels;
    memories_.resize(std::min(channels, kMostChannels));
    for (Measurements& memory : memories_) memory.clear();
    since_judged_ = 0;
    against_ = 0;
  }

  void judge(Findings& out) {
    Hum best;
    for (std::size_t c = 0; c < memories_.size(); ++c) {
      if (memories_[c].size() < kWindows[0].measurements) continue;
      for (std::size_t mains = 0; mains < kMains.size(); ++mains) {
        const Weighted lines(memories_[c], mains);
        for (const Window& window : kWindows) {
          if (memories_[c].size() < window.measurements || !can_be_hum(lines, window)) continue;
          Hum hum = most_coherent(lines, window.measurements);
          hum.channel = c;
          hum.mains = mains;
          if (hum.score < window.coherence) continue;
          keep_steady_lines(hum, memories_[c], window.measurements);
          if (is_hum(hum) && hum.power > best.power) best = hum;
        }
      }
    }
    if (best.power > 0) begin(best, out);
  }

  // Most sound is not: what its lines come to if they stand quite still is soon known.
  bool can_be_hum(const Weighted& lines, const Window& window) const {
    std::array<double, kHarmonics> coherences{};
    int harmonics = 0;
    bool low = false;
    for (std::size_t h = 0; h < kHarmonics; ++h) {
      const Weighted::Sums sums = lines.sums(h, window.measurements);
      coherences[h] = sums.fullness(window.measurements);
      if (coherences[h] < kLineCoherence || sums.highest_mean_square() < kLeastLine) continue;
      ++harmonics;
      low = low || h < kLowestLine;
    }
    return low && harmonics >= harmonics_ && score_of(coherences) >= window.coherence;
  }

  bool is_hum(const Hum& hum) const {
    const bool low = std::any_of(hum.line.begin(), hum.line.begin() + kLowestLine,
                                 [](Line line) { return line != Line{}; });
    return low && hum.harmonics >= harmonics_ && hum.power >= least_ * least_;
  }

  static Hum most_coherent(const Weighted& lines, std::size_t measurements) {
    std::array<Hum, 2 * kDriftSteps + 1> hums;
    std::array<std::array<double, kHarmonics>, hums.size()> coherences{};
    for (std::size_t h = 0; h < kHarmonics; ++h) {
      const Weighted::Sums sums = lines.sums(h, measurements);
      if (sums.strength <= 0) continue;
      const double fullness = sums.fullness(measurements);
      const auto put = [&](std::size_t at, Line total) {
        coherences[at][h] = double{std::abs(total)} / sums.strength * fullness;
        if (coherences[at][h] >= kLineCoherence) hums[at].line[h] = total / static_cast<float>(sums.weight);
      };
      for (std::size_t step = 0; step <= kDriftSteps; ++step) {
        const auto [ahead, back] = lines.turned_back(h, turns_of(step * (h + 1)), measurements);
        put(kDriftSteps + step, ahead);
        put(kDriftSteps - step, back);
      }
    }
    std::size_t best = 0;
    for (std::size_t at = 0; at < hums.size(); ++at) {
      hums[at].drift = (static_cast<double>(at) - double{kDriftSteps}) * kDriftStep;
      hums[at].score = score_of(coherences[at]);
      if (hums[at].score > hums[best].score) best = at;
    }
    return hums[best];
  }

  // Sets aside the lines that are too weak, and those that fade or come and go as notes do: half of their
  // measurements differ from the line by more than it and what stands beside it explain. Where the stronger
  // part of all lines fades, it is no hum.
  static void keep_steady_lines(Hum& hum, const Measurements& memory, std::size_t measurements) {
    double all = 0;  // mean square of all lines
    double strongest = 0;
    for (const Line line : hum.line) strongest = std::max(strongest, double{std::norm(line)});
    for (std::size_t h = 0; h < kHarmonics; ++h) {
      const double square = std::norm(hum.line[h]);
      if (square == 0) continue;
      std::array<float, kMostMeasurements> differences{};
      std::array<float, kMostMeasurements> beside{};
      Line at = hum.line[h];
      const Line turn = turned(-hum.drift * static_cast<double>(h + 1) * kStep);
      for (std::size_t i = 0; i < measurements; ++i) {
        const MainsLines::Line& measured = memory[i].mains.lines[hum.mains][h];
        differences[i] = std::norm(measured.value - at);
        beside[i] = measured.beside;
        at *= turn;
      }
      const double allowed = kUnsteady * square + kExplained * median(beside, measurements);
      const bool kept = square / 2 >= kLeastLine && square >= kWeakestLine * strongest &&
                        median(differences, measurements) <= allowed;
      all += square / 2;
      if (!kept) {
        hum.line[h] = {};
        continue;
      }
      hum.power += square / 2;
      ++hum.harmonics;
    }
    if (hum.power < all / 2) hum.harmonics = 0;
  }

  static float median(std::array<float, kMostMeasurements>& values, std::size_t count) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(count / 2);
    std::nth_element(values.begin(), middle, values.begin() + static_cast<std::ptrdiff_t>(count));
    return *middle;
  }

  // The hum is the stretch of measurements that says so most: it may have begun before the window that showed
  // it, and may have ended within.
  void begin(const Hum& confirmed, Findings& out) {
    const Measurements& memory = memories_[confirmed.channel];
    Hum hum = confirmed;
    double sum = 0;
    double highest = 0;
    std::size_t oldest = 0;  // age of the oldest measurement of the hum
    for (std::size_t age = 0; age < memory.size(); ++age) {
      const auto& measured = memory[age].mains.lines[hum.mains];
      sum += evidence(measured, hum.line);
      follow(hum, measured, -1);
      if (sum >= highest) {
        highest = sum;
        oldest = age;
      }
    }
    hum_ = confirmed;
    power_ = confirmed.power;
    against_ = 0;
    newest_ = last_;
    const bool from_the_start = oldest + 1 == memory.size() && !memory.has_forgotten();
    const MediaTime start =
        from_the_start ? memory[oldest].end - MediaDuration::seconds(kStep) : onset(memory[oldest].end);
    tell(hold_.observe(true, std::max(start, MediaTime{}), last_), out);
  }

  // The first measurement that shows the hum has more than half of it in its window.
  static MediaTime onset(MediaTime window_end) { return window_end - MediaDuration::milliseconds(75); }
  static MediaTime offset(MediaTime window_end) { return window_end - MediaDuration::milliseconds(25); }

  void track(Findings& out) {
    const auto& measured = memories_[hum_.channel][0].mains.lines[hum_.mains];
    follow(hum_, measured, 1);
    against_ = std::max(0.0, against_ - evidence(measured, hum_.line));
    if (against_ == 0) newest_ = last_;
    if (against_ < kEndsAfter) {
      tell(hold_.observe(true, last_, last_), out);
      return;
    }
    tell(hold_.observe(false, offset(newest_), last_), out);
    restart(channels_);
  }

  MediaTime ended_or(MediaTime end) const { return against_ > kEndsAfter / 2 ? offset(newest_) : end; }

  void tell(Hold::Change change, Findings& out) {
    if (!change.opened && !change.closed) return;
    Finding finding{.kind = kKinds[0],
                    .measures = {{"mains_hz", hum_.frequency()},
                                 {"level_dbfs", to_decibel(std::sqrt(power_))},
                                 {"harmonics", static_cast<double>(hum_.harmonics)}},
                    .note = kMains[hum_.mains] == 50 ? "mains hum at 50 Hz" : "mains hum at 60 Hz"};
    if (power_ >= major_ * major_) finding.severity = Severity::kMajor;
    report(change, hold_, std::move(finding), out);
  }

  Hold hold_;
  double least_;  // linear full scale, RMS
  double major_;  // the same
  int harmonics_;
  std::size_t channels_ = 0;
  std::vector<Measurements> memories_;  // of each channel
  MediaTime last_;                      // end of the last measurement
  std::size_t since_judged_ = 0;        // measurements
  Hum hum_;                             // while the hold is running
  double power_ = 0;                    // mean square when confirmed
  double against_ = 0;                  // evidence that it has ended
  MediaTime newest_;                    // end of the last measurement that showed it
};

}  // namespace

const DetectorInfo& hum_detector() {
  static constexpr DetectorInfo kInfo{
      .name = "hum",
      .summary = "mains hum at 50 or 60 Hz with harmonics",
      .source = "",
      .scope = Scope::kAudio,
      .kinds = kKinds,
      .options = kOptions,
      .request = [](const Options&, FeatureOptions& f) { f.mains = true; },
      .make = [](const Options& o) -> std::unique_ptr<Detector> { return std::make_unique<HumDetector>(o); },
  };
  return kInfo;
}

}  // namespace monolens

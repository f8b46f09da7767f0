#include "compare/alignment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>

namespace monolens {
namespace {

constexpr std::size_t kProbePrints = 5;
constexpr auto kProbeStep = MediaDuration::milliseconds(200);  // between the prints of a probe
constexpr std::size_t kMostProbes = 1500;
constexpr std::size_t kMostOffsets = 24;
constexpr float kAsLikely = 0.01F;  // places that resemble a probe as much as the best one share its vote
constexpr double kLeastVotes = 0.8;

// A print's gain: nothing where the likeness is AlignLimits::match, more above it and less below.
constexpr float kLeastGain = -3;
constexpr float kSwitch = 6;  // what another offset costs

constexpr auto kLeastStretch = MediaDuration::milliseconds(400);
constexpr auto kBridged = MediaDuration::milliseconds(1000);
constexpr double kUnlikeOfChange = 0.5;  // of what a stretch itself changes in half a second
constexpr auto kChangeStep = MediaDuration::milliseconds(500);
constexpr std::size_t kMostRefined = 3000;  // prints that refine a stretch

MediaDuration least_interval(const PrintTrack& a, const PrintTrack& b) {
  return std::max(std::min(a.interval(), b.interval()), MediaDuration::milliseconds(1));
}

// The likeness of the print `i` of the reference to what the test shows at the same time plus `offset`.
// −1 where the test shows nothing then.
float likeness_at(const PrintTrack& reference, std::size_t i, const PrintTrack& test, MediaDuration offset) {
  const MediaTime time = reference.time(i) + offset;
  const std::size_t j = test.nearest(time);
  const MediaDuration off = time > test.time(j) ? time - test.time(j) : test.time(j) - time;
  if (off > test.interval() * 2 + MediaDuration::milliseconds(20)) return -1;
  return likeness(reference, i, test, j);
}

struct Probe {
  std::size_t first = 0;               // print of the reference
  std::vector<MediaDuration> offsets;  // where the test resembles it most
};

class Voting {
 public:
  Voting(const PrintTrack& reference, const PrintTrack& test, const AlignLimits& limits)
      : reference_(reference), test_(test), limits_(limits) {
    step_ = (test.end() - test.time(0)).seconds() < 1200 ? MediaDuration::milliseconds(100) : kProbeStep;
    for (MediaTime t = test.time(0); t < test.end(); t = t + step_) places_.push_back(test.nearest(t));
    probe();
  }

  // The offsets with the most votes, the most first.
  std::vector<MediaDuration> elect() {
    std::map<std::int64_t, double> votes;
    for (const Probe& p : probes_) {
      for (const MediaDuration o : p.offsets) votes[bin(o)] += 1.0 / static_cast<double>(p.offsets.size());
    }
    std::vector<MediaDuration> elected;
    while (elected.size() < kMostOffsets) {
      std::int64_t best = 0;
      double most = 0;
      for (const auto& [b, weight] : votes) {
        const double sum = weight + at(votes, b - 1) + at(votes, b + 1);
        if (sum > most) {
          most = sum;
          best = b;
        }
      }
      if (most < kLeastVotes) break;
      elected.push_back(refined(best));
      for (std::int64_t b = best - 1; b <= best + 1; ++b) votes.erase(b);
    }
    std::sort(elected.begin(), elected.end());
    const MediaDuration same = least_interval(reference_, test_);
    const auto alike = [&](MediaDuration a, MediaDuration b) { return b - a < same; };
    elected.erase(std::unique(elected.begin(), elected.end(), alike), elected.end());
    return elected;
  }

 private:
  static double at(const std::map<std::int64_t, double>& votes, std::int64_t b) {
    const auto found = votes.find(b);
    return found == votes.end() ? 0 : found->second;
  }

  std::int64_t bin(MediaDuration offset) const {
    return static_cast<std::int64_t>(
        std::floor(static_cast<double>(offset.ns()) / static_cast<double>(step_.ns()) + 0.5));
  }

  void probe() {
    const MediaDuration length = reference_.end() - reference_.time(0);
    const auto every =
        std::max(MediaDuration::milliseconds(500),
                 MediaDuration::nanoseconds(length.ns() / static_cast<std::int64_t>(kMostProbes)));
    for (MediaTime t = reference_.time(0); t < reference_.end(); t = t + every) {
      Probe p{.first = reference_.nearest(t), .offsets = {}};
      find(p);
      if (!p.offsets.empty()) probes_.push_back(std::move(p));
    }
  }

  void find(Probe& p) {
    std::array<std::size_t, kProbePrints> prints{};
    for (std::size_t k = 0; k < kProbePrints; ++k) {
      const MediaTime t = reference_.time(p.first) + kProbeStep * static_cast<std::int64_t>(k);
      prints[k] = reference_.nearest(t);
      if (reference_.says_nothing(prints[k])) return;
    }
    const auto stride = static_cast<std::size_t>(kProbeStep.ns() / step_.ns());
    const std::size_t reach = stride * (kProbePrints - 1);
    likenesses_.assign(places_.size(), -1);
    float best = limits_.probe;
    for (std::size_t place = 0; place + reach < places_.size(); ++place) {
      float sum = 0;
      for (std::size_t k = 0; k < kProbePrints; ++k) {
        sum += likeness(reference_, prints[k], test_, places_[place + k * stride]);
        if (sum < static_cast<float>(k + 1) - kProbePrints * (1 - limits_.probe)) break;
      }
      likenesses_[place] = sum / kProbePrints;
      best = std::max(best, likenesses_[place]);
    }
    for (std::size_t place = 0; place < places_.size(); ++place) {
      if (likenesses_[place] < limits_.probe || likenesses_[place] < best - kAsLikely) continue;
      p.offsets.push_back(test_.time(places_[place]) - reference_.time(p.first));
    }
  }

  // The offset about `b` at which the prints of its voters resemble the test most.
  MediaDuration refined(std::int64_t b) const {
    std::vector<std::size_t> prints;
    for (const Probe& p : probes_) {
      const bool votes = std::any_of(p.offsets.begin(), p.offsets.end(),
                                     [&](MediaDuration o) { return std::abs(bin(o) - b) <= 1; });
      if (!votes) continue;
      const MediaTime end = reference_.time(p.first) + kProbeStep * kProbePrints;
      for (std::size_t i = p.first; i < reference_.size() && reference_.time(i) < end; ++i)
        prints.push_back(i);
      if (prints.size() > kMostRefined) break;
    }
    const MediaDuration step = MediaDuration::nanoseconds(least_interval(reference_, test_).ns() / 2);
    MediaDuration best;
    double most = -std::numeric_limits<double>::infinity();
    for (MediaDuration o = step_ * (b - 2); o <= step_ * (b + 2); o += step) {
      double sum = 0;
      for (const std::size_t i : prints) sum += static_cast<double>(likeness_at(reference_, i, test_, o));
      if (sum > most) {
        most = sum;
        best = o;
      }
    }
    return best;
  }

  const PrintTrack& reference_;
  const PrintTrack& test_;
  AlignLimits limits_;
  MediaDuration step_;               // of places
  std::vector<std::size_t> places_;  // prints of the test, evenly in time
  std::vector<float> likenesses_;    // of each place to a probe
  std::vector<Probe> probes_;
};

// For each print of the reference the index of its offset, or `offsets.size()` for none.
std::vector<std::uint8_t> likeliest_path(const PrintTrack& reference, const PrintTrack& test,
                                         const std::vector<MediaDuration>& offsets,
                                         const AlignLimits& limits) {
  const std::size_t n = offsets.size();
  const std::size_t none = n;
  std::vector<float> score(n + 1, 0);
  std::vector<float> before(n + 1, 0);
  std::vector<std::uint8_t> came((n + 1) * reference.size());
  for (std::size_t i = 0; i < reference.size(); ++i) {
    std::swap(score, before);
    const auto best =
        static_cast<std::size_t>(std::max_element(before.begin(), before.end()) - before.begin());
    for (std::size_t k = 0; k <= n; ++k) {
      const float cost = k == none ? 0 : kSwitch;
      const bool stays = before[k] >= before[best] - cost;
      const float gain =
          k == none ? 0
                    : std::max(kLeastGain, (likeness_at(reference, i, test, offsets[k]) - limits.match) *
                                               limits.steepness);
      score[k] = (stays ? before[k] : before[best] - cost) + gain;
      came[i * (n + 1) + k] = static_cast<std::uint8_t>(stays ? k : best);
    }
  }
  std::vector<std::uint8_t> path(reference.size());
  auto k = static_cast<std::size_t>(std::max_element(score.begin(), score.end()) - score.begin());
  for (std::size_t i = reference.size(); i-- > 0;) {
    path[i] = static_cast<std::uint8_t>(k);
    k = came[i * (n + 1) + k];
  }
  return path;
}

struct Run {
  std::size_t first = 0;  // prints of the reference
  std::size_t last = 0;
  std::size_t offset = 0;  // index
};

std::vector<Run> runs_of(const PrintTrack& reference, const std::vector<std::uint8_t>& path,
                         std::size_t none) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == none) continue;
    if (!runs.empty() && runs.back().offset == path[i] &&
        reference.time(i) - reference.time(runs.back().last) <= kBridged) {
      runs.back().last = i;
    } else {
      runs.push_back({.first = i, .last = i, .offset = path[i]});
    }
  }
  return runs;
}

class Refinement {
 public:
  Refinement(const PrintTrack& reference, const PrintTrack& test, const Run& run)
      : reference_(reference), test_(test), every_((run.last - run.first) / kMostRefined + 1), run_(run) {}

  double likeness_of(MediaDuration offset) const {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t i = run_.first; i <= run_.last; i += every_, ++count)
      sum += static_cast<double>(likeness_at(reference_, i, test_, offset));
    return sum / static_cast<double>(count);
  }

  // The middle of the offsets that fit best: with pictures at equal rates a whole interval of them fits
  // alike.
  MediaDuration best(MediaDuration about) const {
    constexpr int kParts = 16;
    constexpr int kReach = 2 * kParts;
    const MediaDuration step = MediaDuration::nanoseconds(least_interval(reference_, test_).ns() / kParts);
    std::vector<double> fits;
    for (int k = -kReach; k <= kReach; ++k) fits.push_back(likeness_of(about + step * k));
    const auto [least, most] = std::minmax_element(fits.begin(), fits.end());
    if (*most - *least < 1e-5) return about;
    const double fitting = *most - 0.1 * (*most - *least);
    auto from = most;
    auto to = most;
    while (from != fits.begin() && from[-1] >= fitting) --from;
    while (to + 1 != fits.end() && to[1] >= fitting) ++to;
    const auto offset_of = [&](auto place) { return about + step * (place - fits.begin() - kReach); };
    const MediaDuration first = edge(offset_of(from), -step, fitting);
    const MediaDuration last = edge(offset_of(to), step, fitting);
    return first + MediaDuration::nanoseconds((last - first).ns() / 2);
  }

  // What the stretch itself changes in half a second, as 1 − likeness.
  double change() const {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t i = run_.first; i <= run_.last; i += every_, ++count)
      sum += 1 - static_cast<double>(likeness_at(reference_, i, reference_, kChangeStep));
    return sum / static_cast<double>(count);
  }

 private:
  // The furthest offset from `inside` that still fits, less than `step` away.
  MediaDuration edge(MediaDuration inside, MediaDuration step, double fitting) const {
    for (int i = 0; i < 6; ++i) {
      step = MediaDuration::nanoseconds(step.ns() / 2);
      if (likeness_of(inside + step) >= fitting) inside += step;
    }
    return inside;
  }

  const PrintTrack& reference_;
  const PrintTrack& test_;
  std::size_t every_;
  Run run_;
};

// The stretches that follow one another in the test too, as long as possible in all. They may overlap there
// by `slack`. REQUIRES: in the order of the reference.
std::vector<Stretch> in_order(const std::vector<Stretch>& all, MediaDuration slack) {
  constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  std::vector<MediaDuration> length(all.size());  // of the longest chain that ends with each
  std::vector<std::size_t> before(all.size(), kNone);
  std::size_t last = kNone;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const bool follows = all[i].from + all[i].offset + slack >= all[j].to + all[j].offset;
      if (!follows || length[j] <= length[i]) continue;
      length[i] = length[j];
      before[i] = j;
    }
    length[i] += all[i].to - all[i].from;
    if (last == kNone || length[i] > length[last]) last = i;
  }
  std::vector<Stretch> chain;
  for (; last != kNone; last = before[last]) chain.push_back(all[last]);
  std::reverse(chain.begin(), chain.end());
  return chain;
}

}  // namespace

std::vector<Stretch> align(const PrintTrack& reference, const PrintTrack& test, const AlignLimits& limits) {
  if (reference.empty() || test.empty()) return {};
  const std::vector<MediaDuration> offsets = Voting(reference, test, limits).elect();
  if (offsets.empty()) return {};
  std::vector<Stretch> stretches;
  for (const Run& run :
       runs_of(reference, likeliest_path(reference, test, offsets, limits), offsets.size())) {
    Stretch s{.from = reference.time(run.first), .to = reference.time(run.last) + reference.interval()};
    if (s.to - s.from < kLeastStretch) continue;
    const Refinement refinement(reference, test, run);
    s.offset = refinement.best(offsets[run.offset]);
    s.likeness = refinement.likeness_of(s.offset);
    const double unlike = 1 - s.likeness;
    if (unlike > limits.unlike && unlike > kUnlikeOfChange * refinement.change()) continue;
    stretches.push_back(s);
  }
  return in_order(stretches, reference.interval() * 2);
}

}  // namespace monolens

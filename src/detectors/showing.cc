#include "detectors/showing.h"

#include <algorithm>
#include <cmath>

namespace monolens {
namespace {

constexpr std::size_t kLeastSteps = 4;
constexpr double kSameStep = 0.25;    // of an interval
constexpr double kNoise = 0.02;       // 8-bit levels: a change by less is none
constexpr double kCoding = 0.6;       // 8-bit levels: coding noise seldom changes a repeat by more…
constexpr double kFastShare = 0.4;    // …or else by so much of the share that a repeat may change
constexpr double kCut = 4;            // times the usual change…
constexpr double kCutAfterHold = 10;  // …and after a hold, during which movement adds up
constexpr double kCutChange = 8;      // 8-bit levels

}  // namespace

std::optional<Showing> Showings::observe(MediaTime time, std::optional<double> change) {
  const bool regular = learn_interval(time);
  last_ = time;
  if (!change) {
    restart(time);
    return std::nullopt;
  }
  if (steps_.size() < kLeastSteps) {
    last_new_ = time;
    changes_.push(*change);
    return std::nullopt;
  }
  if (repeats(*change)) {
    repeat_change_ = std::max(repeat_change_, *change);
    if (!last_new_ || time - *last_new_ <= limits_.longest_hold) return std::nullopt;
    restart(time);
    last_new_.reset();
    return Showing{.type = Showing::Type::kPause, .due = time, .shown = time};
  }
  const Showing showing = judge(time, *change, regular);
  if (showing.type == Showing::Type::kPause) restart(time);
  last_new_ = time;
  changes_.push(*change);
  repeat_change_ = 0;
  return showing;
}

void Showings::restart(MediaTime time) {
  last_new_ = time;
  changes_.clear();
  repeat_change_ = 0;
}

// Whether pictures come at a regular rate.
bool Showings::learn_interval(MediaTime time) {
  if (last_ && time > *last_) steps_.push(time - *last_);
  if (steps_.size() < kLeastSteps) return false;
  interval_ = median(steps_);
  const double usual = interval_.seconds();
  const auto alike = [&](MediaDuration step) { return std::abs(step.seconds() - usual) < kSameStep * usual; };
  return 2 * steps_.count(alike) >= steps_.size();
}

bool Showings::repeats(double change) const {
  if (change < kNoise) return true;
  if (changes_.empty()) return false;
  const double most = limits_.repeat * std::min(median(changes_), changes_.last());
  return change < most && (change < kCoding || change < kFastShare * most);
}

Showing Showings::judge(MediaTime time, double change, bool regular) const {
  Showing s{.type = Showing::Type::kMoved, .due = time, .shown = time, .intervals = 1, .change = change};
  const double usual = changes_.empty() ? change : median(changes_);
  if (last_new_) {
    s.due = *last_new_ + interval_;
    s.intervals = static_cast<int>(std::lround((time - *last_new_).seconds() / interval_.seconds()));
  }
  s.cut = change > (s.intervals <= 1 ? kCut : kCutAfterHold) * usual && change > kCutChange;
  s.moving = change >= limits_.least_change;
  if (!regular || interval_ * s.intervals > limits_.longest_hold) {
    s.type = Showing::Type::kPause;
  } else if (s.intervals > 1) {
    const std::size_t n = changes_.size();
    const double least = n < 3 ? 0 : std::min({changes_[n - 1], changes_[n - 2], change});
    const bool steady = least >= limits_.least_change && repeat_change_ <= limits_.repeat * least && !s.cut &&
                        change < kCut * s.intervals * usual;
    s.type = steady ? Showing::Type::kHeld : Showing::Type::kMurky;
  }
  return s;
}

}  // namespace monolens

#include "detectors/stamp_offset.h"

#include <algorithm>
#include <cmath>

namespace monolens {
namespace {

// A joined stream begins ragged.
constexpr auto kSettle = MediaDuration::milliseconds(500);
// What belongs to one step, and how long the pictures and the damage that explain it may take to come.
constexpr auto kQuiet = MediaDuration::milliseconds(1000);
// A cut of the picture so near to where the sound goes on makes it a splice of two programmes.
constexpr auto kSplice = MediaDuration::milliseconds(30);
// A track that is away for longer is missing, and no offset follows from it.
constexpr auto kLongestStep = MediaDuration::milliseconds(5000);
// Of steps that never cease, so much is one.
constexpr auto kLongestBurst = MediaDuration::milliseconds(10'000);
constexpr auto kSameDamage = MediaDuration::milliseconds(100);
// How long the other track may take to follow a jump, and how much of it must be seen at the end of the
// input.
constexpr auto kFollow = MediaDuration::milliseconds(5000);
constexpr auto kFollowAtEnd = MediaDuration::milliseconds(1500);
constexpr double kLongestJump = 60'000;  // ms
constexpr double kSameEpoch = 1;         // ms

// Timestamps are rounded to a millisecond by some containers; a larger departure from the samples is no
// drift.
constexpr double kRough = 12;          // ms
constexpr double kLeastQuarter = 0.4;  // of an even share
constexpr auto kStrayInterval = MediaDuration::milliseconds(100);

constexpr double kDisplacementTolerance = 50;  // ms: a picture and a frame of sound
constexpr auto kShortestDisplaced = MediaDuration::milliseconds(2500);

double ms(MediaDuration d) { return d.seconds() * 1000; }

}  // namespace

void StampOffset::hear(MediaTime time, MediaDuration duration) {
  if (!sound_start_) {
    sound_start_ = sound_end_ = time;
    next_stray_ = time;
  }
  const double moved = ms(time - sound_end_);
  const bool rough = std::abs(moved) >= kRough;
  if (rough && !sound_burst_) sound_burst_ = Burst{.span = {std::min(time, sound_end_), time}};
  (sound_burst_ ? sound_burst_->moved_ms : strayed_ms_) += moved;
  if (rough) {
    sound_burst_->span.to = std::max(time, sound_end_);
    sound_burst_->hole |= announced_.hole;
    sound_burst_->lost |= announced_.lost;
    announced_ = {};
    rough_until_ = time + kStrayInterval * static_cast<std::int64_t>(kHistory);
  }
  sound_end_ = time + duration;
}

void StampOffset::see(MediaTime time, MediaDuration duration, bool cut) {
  if (!picture_start_) picture_start_ = picture_end_ = time;
  if (cut) cuts_.push(time);
  picture_end_ = std::max(picture_end_, time + std::min(duration, kLongestStep));
}

void StampOffset::note(const StreamEvent& e, std::optional<bool> video) {
  switch (e.type) {
    case StreamEvent::Type::kTimestampGap:
      if (video) note_hole(e, *video);
      return;
    case StreamEvent::Type::kTimestampEpoch:
      if (!video) return;
      (*video ? picture_epoch_ms_ : sound_epoch_ms_) = ms(e.length);
      jumped_ = e.time;
      return;
    case StreamEvent::Type::kDecodeError:
      if (video && !*video) note_damage(e.time);
      return;
    case StreamEvent::Type::kContinuity:
    case StreamEvent::Type::kCorruptPacket:
    case StreamEvent::Type::kTransportError:
    case StreamEvent::Type::kSyncLoss:
      note_damage(e.time);
      return;
    case StreamEvent::Type::kTimestampJump:
    case StreamEvent::Type::kPcr:
    case StreamEvent::Type::kTable:
    case StreamEvent::Type::kTableCrc:
    case StreamEvent::Type::kPidMissing:
    case StreamEvent::Type::kPts:
    case StreamEvent::Type::kSegmentMissing:
    case StreamEvent::Type::kSegmentFetched:
    case StreamEvent::Type::kPlaylistJump:
    case StreamEvent::Type::kDiscontinuitySequence:
    case StreamEvent::Type::kPlaylistStale:
    case StreamEvent::Type::kPlaylistGrew:
    case StreamEvent::Type::kReadError:
    case StreamEvent::Type::kStalled:
      return;
  }
}

void StampOffset::note_hole(const StreamEvent& e, bool video) {
  const MediaTime end = e.time + e.length;
  if (video) outage_ = {e.time, end};
  if (e.length > kLongestStep) return;
  if (!video) {
    (e.whole ? announced_.lost : announced_.hole) = true;
    return;
  }
  if (!picture_burst_) picture_burst_ = Burst{.span = {e.time, end}};
  picture_burst_->span.to = end;
  picture_burst_->moved_ms += ms(e.length);
  (e.whole ? picture_burst_->lost : picture_burst_->hole) = true;
}

void StampOffset::note_damage(MediaTime at) {
  const auto known = damages_.count([at](MediaTime t) { return Span{t, t}.is_near({at, at}, kSameDamage); });
  if (known == 0) damages_.push(at);
}

std::optional<StampOffset::Change> StampOffset::next() { return judge(false); }
std::optional<StampOffset::Change> StampOffset::next_at_end() { return judge(true); }

std::optional<StampOffset::Change> StampOffset::judge(bool at_end) {
  if (!sound_start_ || !picture_start_) return std::nullopt;
  if (auto change = judge_steps(at_end)) return change;
  if (auto change = judge_jump(at_end)) return change;
  return measure_drift();
}

StampOffset::Change StampOffset::change(MediaTime since, Cause cause) const {
  return {.since = since, .offset_ms = steps_ms_ + drift_ms_ + jump_ms_, .cause = cause};
}

bool StampOffset::is_over(const Burst& burst, bool at_end) const {
  return at_end || both_end() - burst.span.to >= kQuiet || both_end() - burst.span.from >= kLongestBurst;
}

// Whether the burst leaves an offset between tracks that both go on.
bool StampOffset::is_step(const Burst& burst, MediaTime track_start, bool at_end) const {
  const bool moved = burst.moved_ms < -kRough || (burst.hole && !burst.lost);
  const bool settled = burst.span.from - track_start >= kSettle;
  const bool alone = at_end && both_end() < burst.since();
  return moved && settled && !alone && burst.moved_ms <= ms(kLongestStep) && !is_explained(burst);
}

// By what the transport lost, or by another programme that begins there with sound and picture.
bool StampOffset::is_explained(const Burst& burst) const {
  if (burst.moved_ms < 0) return false;  // neither leaves more samples than there is time for
  const Span end{burst.span.to, burst.span.to};
  const auto damages = damages_.count([&](MediaTime t) { return burst.span.is_near({t, t}, kQuiet); });
  const auto cuts = cuts_.count([&](MediaTime t) { return end.is_near({t, t}, kSplice); });
  return damages + cuts > 0;
}

std::optional<StampOffset::Change> StampOffset::judge_steps(bool at_end) {
  if (sound_burst_ && is_over(*sound_burst_, at_end)) {
    const Burst burst = *sound_burst_;
    sound_burst_.reset();
    const bool both = outage_ && burst.span.is_near(*outage_, kQuiet);
    if (both) picture_burst_.reset();
    if (!both && is_step(burst, *sound_start_, at_end)) {
      steps_ms_ += burst.moved_ms;
      return change(burst.since(), Cause::kStep);
    }
  }
  if (picture_burst_ && !sound_burst_ && is_over(*picture_burst_, at_end)) {
    const Burst burst = *picture_burst_;
    picture_burst_.reset();
    if (is_step(burst, *picture_start_, at_end)) {
      steps_ms_ -= burst.moved_ms;
      return change(burst.since(), Cause::kStep);
    }
  }
  return std::nullopt;
}

std::optional<StampOffset::Change> StampOffset::judge_jump(bool at_end) {
  if (!jumped_) return std::nullopt;
  const MediaDuration seen = both_end() - *jumped_;
  const double apart = sound_epoch_ms_ - picture_epoch_ms_;
  if (std::abs(apart - jump_ms_) < kSameEpoch) jumped_.reset();
  if (!jumped_ || seen < (at_end ? kFollowAtEnd : kFollow) || std::abs(apart) > kLongestJump)
    return std::nullopt;
  const MediaTime since = *jumped_;
  jumped_.reset();
  jump_ms_ = apart;
  return change(since, Cause::kJump);
}

// Whether each quarter of the history took its part in a change; a stagger of the timestamps does not.
bool StampOffset::is_steady(double before, double strayed) const {
  constexpr std::size_t kQuarters = 4;
  double last = before;
  for (std::size_t q = 1; q <= kQuarters; ++q) {
    const double here = strays_[q * kHistory / kQuarters - 1];
    if ((here - last) / strayed < kLeastQuarter / kQuarters) return false;
    last = here;
  }
  return true;
}

// The rate is that of the last 5 s.
std::optional<StampOffset::Change> StampOffset::measure_drift() {
  if (sound_end_ < next_stray_) return std::nullopt;
  next_stray_ = next_stray_ + kStrayInterval;
  if (sound_end_ >= next_stray_) next_stray_ = sound_end_ + kStrayInterval;
  const bool full = strays_.full();
  const double before = full ? strays_[0] : 0;
  strays_.push(strayed_ms_);
  if (!full) return std::nullopt;

  const double strayed = strayed_ms_ - before;
  const double rate = strayed / (kStrayInterval.seconds() * static_cast<double>(kHistory));
  const bool drifts =
      std::abs(rate) >= drift_limit_ && sound_end_ >= rough_until_ && is_steady(before, strayed);
  if (drifts && !drifting_) drift_from_ms_ = before - drift_ms_;
  drifting_ = drifts;
  if (!drifts) return std::nullopt;
  drift_rate_ = rate;
  drift_ms_ = strayed_ms_ - drift_from_ms_;
  return change(sound_end_, Cause::kDrift);
}

std::optional<double> StampOffset::displacement_ms() const {
  if (!sound_start_ || !picture_start_ || steps_ms_ != 0 || drift_ms_ != 0 || jump_ms_ != 0)
    return std::nullopt;
  if (sound_end_ - *sound_start_ < kShortestDisplaced) return std::nullopt;
  const double start = ms(*sound_start_ - *picture_start_);
  const double end = ms(sound_end_ - picture_end_);
  if (std::abs(start - end) > kDisplacementTolerance) return std::nullopt;
  return start;
}

}  // namespace monolens

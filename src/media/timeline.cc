#include "media/timeline.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>

namespace monolens {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kBackLimit = 500 * kMillisecond;
constexpr std::int64_t kSameEpoch = 1000 * kMillisecond;
constexpr std::int64_t kAudioGap = 50 * kMillisecond;
constexpr std::int64_t kVideoGap = 150 * kMillisecond;
// ISO/IEC 13818-1 2.4.3.7: presentation time stamps count 90 kHz in 33 bits.
constexpr std::int64_t kWrap = 95'443'717'688'889;
// Two values within the limit can be added or subtracted, and a third added, without overflow.
constexpr std::int64_t kLimit = std::int64_t{1} << 61;

std::int64_t saturate(std::int64_t ns) { return std::clamp(ns, -kLimit, kLimit); }

}  // namespace

void Timeline::Intervals::add(std::int64_t interval) { last_[added_++ % last_.size()] = interval; }

std::int64_t Timeline::Intervals::median() const {
  const std::size_t count = std::min(added_, last_.size());
  if (count == 0) return 0;
  std::array<std::int64_t, 16> sorted = last_;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(sorted.begin(), middle, sorted.begin() + static_cast<std::ptrdiff_t>(count));
  return *middle;
}

bool Timeline::Intervals::regular() const {
  const std::size_t count = std::min(added_, last_.size());
  if (count < 8) return false;
  const std::int64_t middle = median();
  return std::all_of(last_.begin(), last_.begin() + static_cast<std::ptrdiff_t>(count),
                     [middle](std::int64_t interval) { return std::abs(interval - middle) <= middle / 4; });
}

Timeline::Timeline(TimelineOptions options)
    : may_jump_(options.may_jump), max_gap_(std::clamp(options.max_gap.ns(), std::int64_t{0}, kLimit)) {
  if (options.origin) {
    base_ = -saturate(options.origin->ns());
    remember(base_);
  }
}

int Timeline::add_track(TrackType type) {
  tracks_.emplace_back().type = type;
  return static_cast<int>(tracks_.size()) - 1;
}

Placement Timeline::place(int track_number, std::optional<MediaDuration> raw, MediaDuration declared) {
  assert(track_number >= 0 && static_cast<std::size_t>(track_number) < tracks_.size());
  Track& track = tracks_[static_cast<std::size_t>(track_number)];
  const std::int64_t duration =
      declared.ns() > 0 ? std::min(declared.ns(), kLimit) : track.intervals.median();

  Placement out;
  std::int64_t position = track.started ? track.end : front_;
  if (raw && track.started) position = land_next(track, saturate(raw->ns()), out);
  if (raw && !track.started) position = land_first(track, saturate(raw->ns()), out);

  track.time = track.started ? std::max(track.time, position) : position;
  // A wrong duration, however long, must not carry the track away: a later sample's own time corrects it.
  const std::int64_t end = saturate(position + std::min(duration, max_gap_));
  track.end = !track.started || position >= track.time ? end : std::max(track.end, end);
  track.declared_end = saturate(position + duration);
  track.position = position;
  track.duration_known = duration > 0;
  track.started = true;
  front_ = std::max(front_, track.end);

  out.time = MediaTime::since_start(MediaDuration::nanoseconds(track.time));
  out.duration = MediaDuration::nanoseconds(duration);
  out.epoch = MediaDuration::nanoseconds(-track.offset);
  return out;
}

// The first sample of a track has nothing before it to be compared with but the other tracks.
std::int64_t Timeline::land_first(Track& track, std::int64_t raw, Placement& out) {
  if (epochs_added_ == 0) {
    base_ = front_ - raw;
    return new_epoch(track, raw, front_);
  }
  track.offset = may_jump_ ? epochs_[(epochs_added_ - 1) % epochs_.size()] : base_;
  const std::int64_t position = saturate(raw + track.offset);
  if (!may_jump_ || std::abs(position - front_) <= max_gap_) return position;

  if (const auto offset = find_epoch(track, raw, front_, max_gap_)) {
    track.offset = *offset;
    remember(*offset);
    return saturate(raw + *offset);
  }
  const bool others = std::any_of(tracks_.begin(), tracks_.end(), [](const Track& t) { return t.started; });
  if (others) {
    out.event = position > front_ ? TimelineEvent::kJumpForward : TimelineEvent::kJumpBack;
    out.delta = MediaDuration::nanoseconds(position - front_);
  }
  return new_epoch(track, raw, front_);
}

std::int64_t Timeline::land_next(Track& track, std::int64_t raw, Placement& out) {
  // Before any raw time was seen, samples without one may have been placed.
  if (epochs_added_ == 0) {
    base_ = track.end - raw;
    return new_epoch(track, raw, track.end);
  }
  const std::int64_t position = saturate(raw + track.offset);
  const std::int64_t ahead = position - track.end;
  const bool back = -ahead > kBackLimit + track.adopted_lag && position < track.time;
  // A track that was away for long and comes back where the others are has not jumped.
  const bool forward = may_jump_ && ahead > max_gap_ && !another_track_is_near(track, track.offset, position);
  if (!back && !forward) {
    classify(track, position, track.declared_end - track.position, out);
    return position;
  }

  track.after_gap = false;
  if (const auto offset = find_epoch(track, raw, track.end, kSameEpoch)) {
    track.offset = *offset;
    remember(*offset);
    const std::int64_t adopted = saturate(raw + *offset);
    track.lag = track.adopted_lag = std::max<std::int64_t>(0, track.end - adopted);
    if (adopted - track.end > kSameEpoch) {
      out.event = TimelineEvent::kGap;
      out.delta = MediaDuration::nanoseconds(adopted - track.end);
    }
    return adopted;
  }
  out.event = forward ? TimelineEvent::kJumpForward : TimelineEvent::kJumpBack;
  out.delta = MediaDuration::nanoseconds(ahead);
  return new_epoch(track, raw, track.end);
}

std::int64_t Timeline::new_epoch(Track& track, std::int64_t raw, std::int64_t at) {
  track.offset = at - raw;
  track.lag = track.adopted_lag = 0;
  remember(track.offset);
  return at;
}

// The offset that puts `raw` nearest to where it is expected: of the recent epochs, or of the track's own one
// before or after a wrap of 33 bits.
std::optional<std::int64_t> Timeline::find_epoch(const Track& track, std::int64_t raw, std::int64_t expected,
                                                 std::int64_t tolerance) const {
  std::optional<std::int64_t> best;
  std::int64_t best_distance = 0;
  const auto consider = [&](std::int64_t offset) {
    const std::int64_t position = saturate(raw + offset);
    const std::int64_t distance = std::abs(position - expected);
    const bool fits =
        distance <= tolerance || (position > expected && another_track_is_near(track, offset, position));
    if (!fits || (best && distance >= best_distance)) return;
    best = offset;
    best_distance = distance;
  };
  for (std::size_t age = 1; age <= std::min(epochs_added_, epochs_.size()); ++age) {
    const std::int64_t offset = epochs_[(epochs_added_ - age) % epochs_.size()];
    if (offset != track.offset) consider(offset);
  }
  consider(track.offset + kWrap);
  consider(track.offset - kWrap);
  return best;
}

bool Timeline::another_track_is_near(const Track& track, std::int64_t offset, std::int64_t position) const {
  return std::any_of(tracks_.begin(), tracks_.end(), [&](const Track& other) {
    return &other != &track && other.started && other.offset == offset &&
           std::abs(other.end - position) <= max_gap_ / 2;
  });
}

void Timeline::remember(std::int64_t offset) {
  const auto known = epochs_.begin() + static_cast<std::ptrdiff_t>(std::min(epochs_added_, epochs_.size()));
  if (std::find(epochs_.begin(), known, offset) != known) return;
  epochs_[epochs_added_++ % epochs_.size()] = offset;
}

// Gap or overlap within one epoch. `declared` is the duration of the previous sample.
void Timeline::classify(Track& track, std::int64_t position, std::int64_t declared, Placement& out) {
  const std::int64_t ahead = position - track.end;
  const std::int64_t interval = position - track.position;
  const std::int64_t uncovered = position - std::max(track.end, track.declared_end);
  const std::int64_t lag = std::max<std::int64_t>(0, -ahead);
  const bool regular = track.type == TrackType::kVideo && track.intervals.regular();

  bool gap = false;
  if (track.type == TrackType::kAudio) {
    gap = track.duration_known && uncovered > kAudioGap;
  } else if (regular) {
    const std::int64_t median = track.intervals.median();
    gap = interval > kVideoGap && interval / 5 * 2 > median && uncovered > median / 2;
  }
  // Pictures of varying rate often declare more than the interval; two at one time overlap in any case.
  const bool overlap =
      lag - track.lag > declared / 2 && (track.type == TrackType::kAudio || regular || interval <= 0);

  if (gap || overlap) {
    out.event = gap ? TimelineEvent::kGap : TimelineEvent::kOverlap;
    out.delta = MediaDuration::nanoseconds(ahead);
  }
  // A hole is no interval, but the second hole in a row is the new rate.
  if (interval > 0 && (!gap || track.after_gap)) track.intervals.add(interval);
  track.after_gap = gap;
  track.lag = lag;
  track.adopted_lag = std::min(track.adopted_lag, lag);
}

MediaTime Timeline::where(int track_number, MediaDuration raw) const {
  const Track& track = tracks_[static_cast<std::size_t>(track_number)];
  const std::int64_t offset = track.started ? track.offset : base_;
  return MediaTime::since_start(MediaDuration::nanoseconds(saturate(saturate(raw.ns()) + offset)));
}

}  // namespace monolens

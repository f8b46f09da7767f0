#include "media/hls_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace monolens {
namespace {

using Type = StreamEvent::Type;

constexpr std::size_t kMostPlaylists = 64;

std::string_view without_query(std::string_view url) { return url.substr(0, url.find_first_of("?#")); }

MediaDuration media(HlsWatch::Clock::duration duration) {
  return MediaDuration::nanoseconds(std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count());
}

// RFC 8216 6.2.1: a new version comes at the latest 1.5 target durations after the one before.
MediaDuration patience(const HlsPlaylist& playlist) {
  return MediaDuration::nanoseconds(playlist.interval().ns() / 2 * 3);
}

std::uint32_t count_of(std::uint64_t n) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(n, 1'000'000'000));
}

// Seconds of the segments that have come since. The numbers are the stream's: no 64 bits of nanoseconds hold
// what it may claim.
double length_of_new(const HlsPlaylist& before, const HlsPlaylist& now) {
  const auto add = [](double sum, const HlsSegment& s) { return sum + s.duration.seconds(); };
  const double usual = now.segments.empty()
                           ? now.interval().seconds()
                           : std::accumulate(now.segments.begin(), now.segments.end(), 0.0, add) /
                                 static_cast<double>(now.segments.size());
  return usual * static_cast<double>(now.end() - before.end());
}

}  // namespace

HlsWatch::Known* HlsWatch::find(std::string_view url) {
  const auto found = std::find_if(known_.begin(), known_.end(),
                                  [url](const Known& k) { return k.url == without_query(url); });
  return found == known_.end() ? nullptr : &*found;
}

// A caching network may hand out the version before the last one for a moment, which is no fault. All of it
// before all of the last one, or other segments under the same numbers, is a packager that began again.
bool HlsWatch::went_back(const HlsPlaylist& before, const HlsPlaylist& now) {
  if (now.media_sequence >= before.media_sequence) return false;
  const std::uint64_t offset = before.media_sequence - now.media_sequence;
  if (offset >= now.segments.size() || before.segments.empty()) return true;
  return without_query(now.segments[static_cast<std::size_t>(offset)].uri) !=
         without_query(before.segments.front().uri);
}

void HlsWatch::check_numbers(const HlsPlaylist& before, const HlsPlaylist& now, bool back,
                             MediaDuration since, Events& out) {
  if (back) {
    out.push_back({.type = Type::kPlaylistJump,
                   .detail = fmt::format("the media sequence goes back from {} to {}", before.media_sequence,
                                         now.media_sequence)});
    return;
  }
  if (now.media_sequence <= before.end()) return;
  // The window may have passed by while nobody looked, but not faster than the stream is shown.
  const auto possible = MediaDuration::nanoseconds(since.ns() / 2 * 3) + now.interval() * 2;
  if (length_of_new(before, now) <= possible.seconds()) return;
  const std::uint64_t missed = now.media_sequence - before.end();
  out.push_back({.type = Type::kPlaylistJump,
                 .count = count_of(missed),
                 .detail = fmt::format("the media sequence jumps ahead from {} to {}", before.end(),
                                       now.media_sequence)});
}

// RFC 8216 4.3.3.3 and 6.2.2: a segment keeps its discontinuity sequence number. Who never gives the number
// is forgiven: many do, and it matters only between variants.
void HlsWatch::check_discontinuities(const HlsPlaylist& before, const HlsPlaylist& now, Events& out) {
  if (!before.discontinuity_sequence && !now.discontinuity_sequence) return;
  const std::uint64_t number = now.media_sequence;
  if (number < before.media_sequence || number >= before.end() || now.segments.empty()) return;
  const std::uint64_t was = before.discontinuities(number);
  const std::uint64_t is = now.discontinuities(number);
  if (was == is) return;
  out.push_back(
      {.type = Type::kDiscontinuitySequence,
       .detail = fmt::format("the discontinuity sequence of segment {} was {} and is {}", number, was, is)});
}

void HlsWatch::playlist(std::string_view url, std::string_view text, Clock::time_point now, Events& out) {
  auto parsed = parse_hls_playlist(text);
  if (!parsed) return;
  trouble_.clear();
  Known* known = find(url);
  if (known == nullptr) {
    if (known_.size() < kMostPlaylists)
      known_.push_back({std::string(without_query(url)), std::move(*parsed), now, now});
    return;
  }
  const auto since = media(now - known->fetched);
  known->fetched = now;
  known->read = known->read || since <= patience(known->last) * 2;
  const bool on_demand = known->last.on_demand || parsed->on_demand;
  const bool back = went_back(known->last, *parsed);
  const bool older = !back && parsed->media_sequence < known->last.media_sequence;
  const bool grew = on_demand || back || parsed->end() > known->last.end();
  if (!on_demand) {
    check_numbers(known->last, *parsed, back, since, out);
    check_discontinuities(known->last, *parsed, out);
  }
  if (on_demand || !older) known->last = std::move(*parsed);
  if (grew) {
    known->changed = now;
    if (std::exchange(known->stale, false) && !stale(now)) out.push_back({.type = Type::kPlaylistGrew});
    return;
  }
  const auto unchanged = media(now - known->changed);
  if (!known->read || unchanged <= patience(known->last)) return;
  trouble_ = fmt::format("the playlist {} has not changed for {:.1f} s; its target duration is {:g} s",
                         file_name_of(url), unchanged.seconds(), known->last.interval().seconds());
  if (std::exchange(known->stale, true)) return;
  out.push_back({.type = Type::kPlaylistStale, .length = unchanged, .detail = trouble_});
}

bool HlsWatch::stale(Clock::time_point now) const {
  bool any = false;
  for (const Known& k : known_) {
    if (!k.read || media(now - k.fetched) > patience(k.last) * 2) continue;
    if (!k.stale) return false;
    any = true;
  }
  return any;
}

const HlsSegment* HlsWatch::segment_at(std::string_view url) const {
  for (const Known& k : known_) {
    const auto found = std::find_if(k.last.segments.rbegin(), k.last.segments.rend(),
                                    [url](const HlsSegment& s) { return is_address_of(url, s.uri); });
    if (found != k.last.segments.rend()) return &*found;
  }
  return nullptr;
}

void HlsWatch::fetched(std::string_view url, Clock::duration took, Events& out) const {
  const HlsSegment* segment = segment_at(url);
  if (segment == nullptr || segment->duration == MediaDuration()) return;
  out.push_back({.type = Type::kSegmentFetched,
                 .length = media(took),
                 .span = segment->duration,
                 .detail = file_name_of(url)});
}

void HlsWatch::failed(std::string_view url, std::string_view why, Events& out) {
  if (find(url) != nullptr) {
    trouble_ = fmt::format("the playlist {}: {}", file_name_of(url), why);
    return;
  }
  const HlsSegment* segment = segment_at(url);
  out.push_back(
      {.type = Type::kSegmentMissing,
       .span = segment != nullptr ? segment->duration : MediaDuration(),
       .detail = fmt::format("{}{}: {}", segment != nullptr ? "segment " : "", file_name_of(url), why)});
}

MediaDuration HlsWatch::longest_interval() const {
  MediaDuration longest;
  for (const Known& k : known_) {
    if (!k.last.on_demand) longest = std::max(longest, k.last.interval());
  }
  return longest;
}

}  // namespace monolens

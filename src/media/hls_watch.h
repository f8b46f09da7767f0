// HlsWatch: what the playlists of HTTP Live Streaming and the fetching of what they name say of a live
// stream.
//
// Told are, as events without a time: sequence numbers that jump, playlists that do not grow, segments that
// can't be fetched, and how long each took. Of a playlist that is on demand only the latter two.
//
// It outlives a source, so that a playlist that had stopped growing is known again when the source is opened
// anew. Bounded: 64 playlists. The thread that reads the source calls it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "media/hls_playlist.h"
#include "media/stream_event.h"

namespace monolens {

class HlsWatch {
 public:
  using Clock = std::chrono::steady_clock;
  using Events = std::vector<StreamEvent>;

  // A playlist as it was fetched at `now`; nothing if it is none. Addresses count without their query, in
  // which tokens change.
  void playlist(std::string_view url, std::string_view text, Clock::time_point now, Events& out);

  // What else was fetched: `took` of waiting for the server.
  void fetched(std::string_view url, Clock::duration took, Events& out) const;

  // What could not be fetched, or not to its end, and why.
  void failed(std::string_view url, std::string_view why, Events& out);

  bool knows_segment(std::string_view url) const { return segment_at(url) != nullptr; }

  // Whether all playlists that are being read have stopped growing. Those of variants that nobody looks at
  // are fetched when a source is opened, and then no more: they don't count.
  bool stale(Clock::time_point now) const;

  // Of the last playlist that was fetched: why that failed, empty if it did not; or that it does not grow.
  const std::string& trouble() const { return trouble_; }

  // The longest wait for a segment that a live playlist announces; zero if there is none.
  MediaDuration longest_interval() const;

 private:
  struct Known {
    std::string url;
    HlsPlaylist last;
    Clock::time_point fetched;
    Clock::time_point changed;
    bool read = false;  // it was fetched again soon: somebody waits for its segments
    bool stale = false;
  };

  Known* find(std::string_view url);
  const HlsSegment* segment_at(std::string_view url) const;
  static bool went_back(const HlsPlaylist& before, const HlsPlaylist& now);
  static void check_numbers(const HlsPlaylist& before, const HlsPlaylist& now, bool back, MediaDuration since,
                            Events& out);
  static void check_discontinuities(const HlsPlaylist& before, const HlsPlaylist& now, Events& out);

  std::vector<Known> known_;
  std::string trouble_;
};

}  // namespace monolens

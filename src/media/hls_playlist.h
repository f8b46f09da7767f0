// HlsPlaylist: what a media playlist of HTTP Live Streaming (RFC 8216) says of its segments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace monolens {

struct HlsSegment {
  std::string uri{};           // as written: often relative to the playlist's address
  MediaDuration duration{};    // EXTINF, 0 to a day
  bool discontinuity = false;  // EXT-X-DISCONTINUITY stands before it
};

struct HlsPlaylist {
  MediaDuration target{};            // EXT-X-TARGETDURATION, 0 to a day; 0 if it is not given
  std::uint64_t media_sequence = 0;  // number of the first segment
  std::optional<std::uint64_t> discontinuity_sequence{};  // of the first segment, where it is given
  bool on_demand = false;                                 // EXT-X-ENDLIST or type VOD: nothing will be added
  std::vector<HlsSegment> segments{};

  // The number of the segment that is to come next.
  std::uint64_t end() const { return media_sequence + segments.size(); }

  // How often the stream was interrupted before the segment of that number, itself included (4.3.3.3).
  // REQUIRES: media_sequence <= number < end().
  std::uint64_t discontinuities(std::uint64_t number) const;

  // How long its segments are: the target duration or, without one, the longest of them; at least a second.
  MediaDuration interval() const;
};

// nullopt if the text is no media playlist: a master playlist, something else, or numbers that lie. Takes
// hostile text; tags that say nothing of the above are passed over.
std::optional<HlsPlaylist> parse_hls_playlist(std::string_view text);

// Whether libavformat may have made `address` of an entry: the entry itself, or ending in it.
bool is_address_of(std::string_view address, std::string_view uri);

// The last part of an address's path, for messages: without query, user and password, and not long.
std::string file_name_of(std::string_view address);

}  // namespace monolens

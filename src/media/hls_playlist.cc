#include "media/hls_playlist.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "media/url_policy.h"

namespace monolens {
namespace {

constexpr std::uint64_t kLargestNumber = std::uint64_t{1} << 62;
constexpr double kLongest_s = 86'400;
constexpr std::size_t kLongestName = 100;

// What stands behind `tag` in a line that begins with it.
std::optional<std::string_view> value_of(std::string_view line, std::string_view tag) {
  if (!line.starts_with(tag)) return std::nullopt;
  return line.substr(tag.size());
}

// RFC 8216 4.2, decimal-integer. What follows it is passed over, as libavformat does.
std::optional<std::uint64_t> integer(std::string_view text) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || value > kLargestNumber) return std::nullopt;
  return value;
}

MediaDuration duration(std::string_view text) {
  double seconds = 0;
  const auto read =
      std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
  if (read.ec != std::errc() || !std::isfinite(seconds) || seconds < 0) return {};
  return MediaDuration::seconds(std::min(seconds, kLongest_s));
}

// The lines of a text, without their ends.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  std::optional<std::string_view> next() {
    if (rest_.empty()) return std::nullopt;
    const std::size_t end = rest_.find('\n');
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    return line;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::uint64_t HlsPlaylist::discontinuities(std::uint64_t number) const {
  const auto marked = std::count_if(
      segments.begin(), segments.begin() + static_cast<std::ptrdiff_t>(number - media_sequence) + 1,
      [](const HlsSegment& s) { return s.discontinuity; });
  return discontinuity_sequence.value_or(0) + static_cast<std::uint64_t>(marked);
}

MediaDuration HlsPlaylist::interval() const {
  MediaDuration longest = target;
  if (target == MediaDuration()) {
    for (const HlsSegment& s : segments) longest = std::max(longest, s.duration);
  }
  return std::max(longest, MediaDuration::milliseconds(1000));
}

std::optional<HlsPlaylist> parse_hls_playlist(std::string_view text) {
  Lines lines(text);
  if (lines.next() != "#EXTM3U") return std::nullopt;
  HlsPlaylist playlist;
  HlsSegment segment;
  bool is_segment = false;
  bool is_media = false;
  while (const auto line = lines.next()) {
    if (line->starts_with("#EXT-X-STREAM-INF:")) return std::nullopt;
    if (const auto target = value_of(*line, "#EXT-X-TARGETDURATION:")) {
      playlist.target = duration(*target);
      is_media = true;
    } else if (const auto first = value_of(*line, "#EXT-X-MEDIA-SEQUENCE:")) {
      const auto number = integer(*first);
      if (!number) return std::nullopt;
      playlist.media_sequence = *number;
    } else if (const auto interrupted = value_of(*line, "#EXT-X-DISCONTINUITY-SEQUENCE:")) {
      playlist.discontinuity_sequence = integer(*interrupted);
    } else if (*line == "#EXT-X-DISCONTINUITY") {
      segment.discontinuity = true;
    } else if (*line == "#EXT-X-ENDLIST" || *line == "#EXT-X-PLAYLIST-TYPE:VOD") {
      playlist.on_demand = true;
    } else if (const auto length = value_of(*line, "#EXTINF:")) {
      segment.duration = duration(*length);
      is_segment = is_media = true;
    } else if (is_segment && !line->empty() && line->front() != '#') {
      segment.uri = *line;
      playlist.segments.push_back(std::exchange(segment, {}));
      is_segment = false;
    }
  }
  if (!is_media) return std::nullopt;
  return playlist;
}

bool is_address_of(std::string_view address, std::string_view uri) {
  for (const std::string_view wrapper : {"crypto+", "crypto:"}) {
    if (address.starts_with(wrapper)) address.remove_prefix(wrapper.size());
  }
  if (uri.find("://") != std::string_view::npos) return address == uri;
  for (const std::string_view up : {"/", "./", "../"}) {
    while (uri.starts_with(up)) uri.remove_prefix(up.size());
  }
  if (uri.empty() || !address.ends_with(uri)) return false;
  return address.size() == uri.size() || address[address.size() - uri.size() - 1] == '/';
}

std::string file_name_of(std::string_view address) {
  std::string shown = display_url(address.substr(0, address.find_first_of("?#")));
  if (const std::size_t slash = shown.find_last_of('/'); slash != std::string::npos)
    shown.erase(0, slash + 1);
  if (shown.size() > kLongestName) shown.replace(kLongestName, std::string::npos, "…");
  return printable(std::move(shown));
}

}  // namespace monolens

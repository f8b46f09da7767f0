// Bytes as the playlists of a live stream, fetched one after the other: nothing said lies outside of them.
//
// Input: texts separated by a zero byte, each fetched a second after the one before.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "check.h"
#include "media/hls_watch.h"

namespace {

using monolens::HlsPlaylist;
using monolens::MediaDuration;

void check_playlist(const HlsPlaylist& playlist, std::size_t size) {
  constexpr auto kDay = MediaDuration::seconds(86'400);
  check(playlist.end() >= playlist.media_sequence);
  check(playlist.segments.size() * 2 <= size);
  check(playlist.target >= MediaDuration() && playlist.interval() <= kDay);
  for (const auto& segment : playlist.segments) {
    check(!segment.uri.empty() && segment.uri.find('\n') == std::string::npos);
    check(segment.duration >= MediaDuration() && segment.duration <= kDay);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace monolens;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  HlsWatch watch;
  HlsWatch::Clock::time_point now{};
  while (!rest.empty()) {
    const std::string_view text = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(rest.size(), text.size() + 1));
    now += std::chrono::seconds(1);
    HlsWatch::Events events;
    watch.playlist("http://h/live.m3u8", text, now, events);
    if (const auto playlist = parse_hls_playlist(text)) {
      check_playlist(*playlist, text.size());
      for (const auto& segment : playlist->segments) {
        watch.fetched("http://h/" + segment.uri, std::chrono::seconds(3), events);
        watch.failed("http://h/" + segment.uri, "it is not there", events);
        break;
      }
    }
    for (const StreamEvent& event : events) {
      check(event.length >= MediaDuration() && event.span >= MediaDuration() && event.count > 0);
      for (const char c : event.detail) check(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    }
  }
  check(watch.longest_interval() >= MediaDuration());
  return 0;
}

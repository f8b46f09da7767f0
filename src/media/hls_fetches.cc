#include "media/hls_fetches.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace monolens {

AVIOContext* HlsFetches::opened(AVIOContext* io, const char* url, FetchTap::Clock::duration opening) {
  open_.push_back(std::make_unique<FetchTap>(io, url, opening));
  return open_.back()->context();
}

void HlsFetches::failed(const char* url, int error) {
  // That time is up, that somebody wants to stop or forbids it, is no fault of the address.
  if (error == AVERROR_EXIT || error == AVERROR(EACCES)) return;
  HlsWatch::Events events;
  watch_->failed(url, av::error_text(error), events);
  tell(events);
}

bool HlsFetches::close(const AVIOContext* io) {
  const auto ours =
      std::find_if(open_.begin(), open_.end(), [io](const auto& fetch) { return fetch->context() == io; });
  if (ours == open_.end()) return false;
  const auto fetch = std::move(*ours);
  open_.erase(ours);
  HlsWatch::Events events;
  note(*fetch, events);
  tell(events);
  return true;
}

void HlsFetches::playlist(std::string_view url, std::string_view text) {
  HlsWatch::Events events;
  watch_->playlist(url, text, HlsWatch::Clock::now(), events);
  tell(events);
}

void HlsFetches::note(const FetchTap& fetch, HlsWatch::Events& events) {
  if (fetch.error() == AVERROR_EXIT) return;
  if (fetch.error() != 0) {
    watch_->failed(fetch.url(), fmt::format("it breaks off after {} bytes", fetch.bytes()), events);
  } else if (const auto text = fetch.playlist()) {
    watch_->playlist(fetch.url(), *text, HlsWatch::Clock::now(), events);
  } else if (fetch.bytes() > 0) {
    watch_->fetched(fetch.url(), fetch.waited(), events);
  }
}

void HlsFetches::tell(const HlsWatch::Events& events) const {
  for (const StreamEvent& event : events) tell_(event);
}

}  // namespace monolens

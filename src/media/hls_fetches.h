// HlsFetches: what libavformat fetches while it reads HLS, each through a FetchTap, as news for an HlsWatch.
//
// One thread at a time: all of it happens within libavformat's callbacks.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "media/fetch_tap.h"
#include "media/hls_watch.h"

namespace monolens {

class HlsFetches {
 public:
  using Tell = std::function<void(const StreamEvent&)>;

  HlsFetches(std::shared_ptr<HlsWatch> watch, Tell tell) : watch_(std::move(watch)), tell_(std::move(tell)) {}

  const HlsWatch& watch() const { return *watch_; }

  // Takes `io` over, which was opened for `url` within `opening`; gives what libavformat is to read instead.
  AVIOContext* opened(AVIOContext* io, const char* url, FetchTap::Clock::duration opening);
  // `url` can't be opened, by an error of libav*.
  void failed(const char* url, int error);
  // libavformat is done with `io`; false if that was not opened here.
  bool close(const AVIOContext* io);
  // The input itself, if it is a playlist.
  void playlist(std::string_view url, std::string_view text);

 private:
  void note(const FetchTap& fetch, HlsWatch::Events& events);
  void tell(const HlsWatch::Events& events) const;

  std::shared_ptr<HlsWatch> watch_;
  Tell tell_;
  std::vector<std::unique_ptr<FetchTap>> open_;
};

}  // namespace monolens

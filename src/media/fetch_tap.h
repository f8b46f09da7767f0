// FetchTap: stands between libavformat and one address that a playlist names, hands all bytes on as they are,
// and knows how long they took.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "media/av.h"
#include "media/playlist_text.h"

namespace monolens {

class FetchTap {
 public:
  using Clock = std::chrono::steady_clock;

  // Takes `inner` over, which was opened for `url` within `opening`.
  FetchTap(AVIOContext* inner, std::string url, Clock::duration opening);
  // Closes it, after libavformat is done with context().
  ~FetchTap();
  FetchTap(const FetchTap&) = delete;
  FetchTap& operator=(const FetchTap&) = delete;

  // For libavformat. Options, such as where redirects have led, are looked up in `inner`.
  AVIOContext* context() const { return outer_; }

  const std::string& url() const { return url_; }
  // Time spent waiting for the server, from the request on: what is done between two reads is left out.
  Clock::duration waited() const { return waited_; }
  std::uint64_t bytes() const { return bytes_; }
  int error() const { return error_; }  // of libav*, that ended it before its end; 0 if none did
  std::optional<std::string_view> playlist() const { return text_.text(); }

 private:
  static const AVClass kClass;
  static void* child(void* context, void* before);
  static int on_read(void* self, std::uint8_t* to, int size);
  static std::int64_t on_seek(void* self, std::int64_t offset, int whence);

  AVIOContext* inner_;
  AVIOContext* outer_;
  std::string url_;
  Clock::duration waited_;
  std::uint64_t bytes_ = 0;
  int error_ = 0;
  PlaylistText text_;
};

}  // namespace monolens

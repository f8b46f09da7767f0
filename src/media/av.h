// Owners of libav* objects and its error texts. Only this folder may include it.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <string>

#include "base/time.h"

namespace monolens::av {

struct Free {
  void operator()(AVCodecContext* c) const { avcodec_free_context(&c); }
  void operator()(AVFrame* f) const { av_frame_free(&f); }
  void operator()(AVPacket* p) const { av_packet_free(&p); }
  void operator()(SwrContext* s) const { swr_free(&s); }
  void operator()(SwsContext* s) const { sws_freeContext(s); }
};

template <class T>
using Owned = std::unique_ptr<T, Free>;

inline std::string error_text(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof text);
  return text;
}

// The address that is open, which is where redirects have led; empty for protocols that know none.
inline std::string location_of(AVIOContext* io) {
  std::uint8_t* value = nullptr;
  if (av_opt_get(io, "location", AV_OPT_SEARCH_CHILDREN, &value) < 0 || value == nullptr) return {};
  std::string location(reinterpret_cast<const char*>(value));
  av_free(value);
  return location;
}

inline constexpr AVRational kNanoseconds{1, 1'000'000'000};

// REQUIRES: ts is not AV_NOPTS_VALUE. Saturates.
inline MediaDuration to_duration(std::int64_t ts, AVRational time_base) {
  return MediaDuration::nanoseconds(av_rescale_q_rnd(
      ts, time_base, kNanoseconds, static_cast<AVRounding>(AV_ROUND_NEAR_INF | AV_ROUND_PASS_MINMAX)));
}

}  // namespace monolens::av

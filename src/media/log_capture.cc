#include "media/log_capture.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <utility>

#include "media/av.h"

namespace monolens {
namespace {

thread_local std::string t_demuxer_error;

void on_message(void* object, int level, const char* format, va_list args) {
  if (level > AV_LOG_ERROR || object == nullptr) return;
  const AVClass* type = *static_cast<AVClass**>(object);
  if (type == nullptr) return;
  if (type == avcodec_get_class()) {
    auto* log = static_cast<DecoderLog*>(static_cast<AVCodecContext*>(object)->opaque);
    if (log != nullptr) log->errors.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  if (!t_demuxer_error.empty()) return;
  char text[256];
  std::vsnprintf(text, sizeof text, format, args);
  t_demuxer_error.assign(text, std::strcspn(text, "\r\n"));
}

}  // namespace

void capture_ffmpeg_log() {
  static std::once_flag once;
  std::call_once(once, [] { av_log_set_callback(on_message); });
}

std::string take_demuxer_error() { return std::exchange(t_demuxer_error, {}); }

}  // namespace monolens

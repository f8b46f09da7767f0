#include "media/library_versions.h"

#include <fmt/format.h>

#include "media/av.h"

namespace monolens {
namespace {

std::string dotted(unsigned version) {
  return fmt::format("{}.{}.{}", AV_VERSION_MAJOR(version), AV_VERSION_MINOR(version),
                     AV_VERSION_MICRO(version));
}

}  // namespace

std::string media_library_versions() {
  return fmt::format("FFmpeg {}: libavformat {}, libavcodec {}, libavutil {}", av_version_info(),
                     dotted(avformat_version()), dotted(avcodec_version()), dotted(avutil_version()));
}

}  // namespace monolens

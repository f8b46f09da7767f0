// StillEncoder and StillDecoder: libavcodec's codecs of single pictures (JPEG, PNG), kept open from one
// picture to the next. One thread at a time. Only this folder may include it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "media/av.h"

namespace monolens {

class StillEncoder {
 public:
  explicit StillEncoder(AVCodecID codec) : codec_(codec) {}

  // Appends the picture's bytes, its samples taken as those of `format`, whose planes must be of the same
  // sizes. False where it can't be done.
  bool encode(const AVFrame& picture, AVPixelFormat format, std::string& bytes);

 private:
  bool open(int width, int height, AVPixelFormat format);

  AVCodecID codec_;
  av::Owned<AVCodecContext> encoder_;
  av::Owned<AVFrame> frame_{av_frame_alloc()};
  av::Owned<AVPacket> packet_{av_packet_alloc()};
  std::int64_t next_pts_ = 0;
};

class StillDecoder {
 public:
  explicit StillDecoder(AVCodecID codec) : codec_(codec) {}

  // False if the bytes are no picture.
  bool decode(std::string_view bytes, AVFrame& picture);

 private:
  bool open();

  AVCodecID codec_;
  av::Owned<AVCodecContext> decoder_;
  av::Owned<AVPacket> packet_{av_packet_alloc()};
  std::string padded_;
};

}  // namespace monolens

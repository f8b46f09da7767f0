#include "media/jpeg.h"

#include <algorithm>

#include "media/av.h"

namespace monolens {
namespace {

constexpr int kQuality = 5;  // FFmpeg's quantiser scale, 2 (best) to 31

av::Owned<AVFrame> shrink(const AVFrame& picture, int widest) {
  const int width = std::max(2, std::min(widest, picture.width) & ~1);
  const int height =
      std::max(2, static_cast<int>(static_cast<std::int64_t>(picture.height) * width / picture.width) & ~1);
  av::Owned<AVFrame> small(av_frame_alloc());
  small->format = AV_PIX_FMT_YUVJ420P;
  small->width = width;
  small->height = height;
  if (av_frame_get_buffer(small.get(), 0) < 0) return nullptr;
  av::Owned<SwsContext> scaler(sws_getContext(picture.width, picture.height,
                                              static_cast<AVPixelFormat>(picture.format), width, height,
                                              AV_PIX_FMT_YUVJ420P, SWS_AREA, nullptr, nullptr, nullptr));
  if (!scaler) return nullptr;
  sws_scale(scaler.get(), picture.data, picture.linesize, 0, picture.height, small->data, small->linesize);
  return small;
}

}  // namespace

std::vector<std::uint8_t> encode_jpeg(const Frame& frame, int widest) {
  if (!frame.buffer || frame.buffer->width < 2 || frame.buffer->height < 2) return {};
  const auto small = shrink(*frame.buffer, widest);
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
  av::Owned<AVCodecContext> encoder(avcodec_alloc_context3(codec));
  av::Owned<AVPacket> packet(av_packet_alloc());
  if (!small || codec == nullptr || !encoder || !packet) return {};
  encoder->width = small->width;
  encoder->height = small->height;
  encoder->pix_fmt = AV_PIX_FMT_YUVJ420P;
  encoder->time_base = {1, 25};
  encoder->flags |= AV_CODEC_FLAG_QSCALE;
  encoder->global_quality = kQuality * FF_QP2LAMBDA;
  small->quality = encoder->global_quality;
  if (avcodec_open2(encoder.get(), codec, nullptr) < 0) return {};
  if (avcodec_send_frame(encoder.get(), small.get()) < 0) return {};
  if (avcodec_receive_packet(encoder.get(), packet.get()) < 0) return {};
  return {packet->data, packet->data + packet->size};
}

}  // namespace monolens

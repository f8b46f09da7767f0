#include "media/still_codec.h"

namespace monolens {
namespace {

// FFmpeg's quantiser scale of JPEG, 2 (best) to 31: what an image service takes for "high quality".
constexpr int kQuality = 3;

}  // namespace

bool StillEncoder::encode(const AVFrame& picture, AVPixelFormat format, std::string& bytes) {
  const bool same = encoder_ && encoder_->width == picture.width && encoder_->height == picture.height &&
                    encoder_->pix_fmt == format;
  if (!same && !open(picture.width, picture.height, format)) return false;
  av_frame_unref(frame_.get());
  if (av_frame_ref(frame_.get(), &picture) < 0) return false;
  frame_->format = format;
  frame_->color_range = AVCOL_RANGE_JPEG;
  frame_->quality = encoder_->global_quality;
  frame_->pict_type = AV_PICTURE_TYPE_NONE;
  frame_->pts = next_pts_++;
  if (avcodec_send_frame(encoder_.get(), frame_.get()) < 0) return false;
  if (avcodec_receive_packet(encoder_.get(), packet_.get()) < 0) return false;
  bytes.append(reinterpret_cast<const char*>(packet_->data), static_cast<std::size_t>(packet_->size));
  av_packet_unref(packet_.get());
  return true;
}

bool StillEncoder::open(int width, int height, AVPixelFormat format) {
  const AVCodec* codec = avcodec_find_encoder(codec_);
  encoder_.reset(avcodec_alloc_context3(codec));
  if (codec == nullptr || !encoder_ || !frame_ || !packet_) return false;
  encoder_->width = width;
  encoder_->height = height;
  encoder_->pix_fmt = format;
  encoder_->color_range = AVCOL_RANGE_JPEG;
  encoder_->time_base = {1, 25};
  encoder_->thread_count = 1;
  if (codec_ == AV_CODEC_ID_MJPEG) {
    encoder_->flags |= AV_CODEC_FLAG_QSCALE;
    encoder_->global_quality = kQuality * FF_QP2LAMBDA;
  }
  return avcodec_open2(encoder_.get(), codec, nullptr) >= 0;
}

bool StillDecoder::decode(std::string_view bytes, AVFrame& picture) {
  if (!decoder_ && !open()) return false;
  // The decoder reads a little beyond the data.
  padded_.assign(bytes);
  padded_.append(AV_INPUT_BUFFER_PADDING_SIZE, '\0');
  packet_->data = reinterpret_cast<std::uint8_t*>(padded_.data());
  packet_->size = static_cast<int>(bytes.size());
  packet_->flags = AV_PKT_FLAG_KEY;  // else FFmpeg adds a PNG to the one before
  return avcodec_send_packet(decoder_.get(), packet_.get()) >= 0 &&
         avcodec_receive_frame(decoder_.get(), &picture) >= 0;
}

bool StillDecoder::open() {
  const AVCodec* codec = avcodec_find_decoder(codec_);
  decoder_.reset(avcodec_alloc_context3(codec));
  if (codec == nullptr || !decoder_ || !packet_) return false;
  decoder_->thread_count = 1;
  return avcodec_open2(decoder_.get(), codec, nullptr) >= 0;
}

}  // namespace monolens

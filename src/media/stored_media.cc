#include "media/stored_media.h"

#include <fmt/format.h>

extern "C" {
#include <libavutil/imgutils.h>
}

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <vector>

#include "base/text.h"
#include "media/av.h"
#include "media/frame_pool.h"
#include "media/picture.h"

namespace monolens {
namespace {

// FFmpeg's quantiser scale, 2 (best) to 31: what an image service takes for "high quality".
constexpr int kQuality = 3;
constexpr int kLargestSide = 32768;

struct Shape {
  AVPixelFormat format = AV_PIX_FMT_NONE;
  int width = 0;
  int height = 0;
  int range = 0;
  int space = 0;

  bool operator==(const Shape&) const = default;
};

Shape shape_of(const AVFrame& f) {
  return {static_cast<AVPixelFormat>(f.format), f.width, f.height, f.color_range, f.colorspace};
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Shape> parse_shape(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() != 4) return std::nullopt;
  const auto size = split(parts[1], 'x');
  if (size.size() != 2) return std::nullopt;
  const auto width = number(size[0]);
  const auto height = number(size[1]);
  const auto range = number(parts[2]);
  const auto space = number(parts[3]);
  const AVPixelFormat format = av_get_pix_fmt(std::string(parts[0]).c_str());
  const bool known = width && height && range && space && format != AV_PIX_FMT_NONE;
  if (!known || *width < 1 || *width > kLargestSide || *height < 1 || *height > kLargestSide)
    return std::nullopt;
  return Shape{format, *width, *height, *range, *space};
}

// Rows without padding, one plane after the other.
struct PlaneSize {
  std::size_t row_bytes = 0;
  int rows = 0;
};
std::vector<PlaneSize> planes_of(const Shape& s) {
  const auto* d = av_pix_fmt_desc_get(s.format);
  std::vector<PlaneSize> planes;
  for (int p = 0; p < av_pix_fmt_count_planes(s.format); ++p) {
    const int row = av_image_get_linesize(s.format, s.width, p);
    const bool chroma = p == 1 || p == 2;
    planes.push_back({static_cast<std::size_t>(std::max(row, 0)),
                      chroma ? AV_CEIL_RSHIFT(s.height, d->log2_chroma_h) : s.height});
  }
  return planes;
}

// The layout that JPEG knows of the same samples, or none.
AVPixelFormat jpeg_format(AVPixelFormat format) {
  switch (format) {
    case AV_PIX_FMT_YUV420P:
    case AV_PIX_FMT_YUVJ420P:
      return AV_PIX_FMT_YUVJ420P;
    case AV_PIX_FMT_YUV422P:
    case AV_PIX_FMT_YUVJ422P:
      return AV_PIX_FMT_YUVJ422P;
    case AV_PIX_FMT_YUV444P:
    case AV_PIX_FMT_YUVJ444P:
      return AV_PIX_FMT_YUVJ444P;
    default:
      return AV_PIX_FMT_NONE;
  }
}

void label(AVFrame& frame, const Shape& s) {
  frame.format = s.format;
  frame.color_range = static_cast<AVColorRange>(s.range);
  frame.colorspace = static_cast<AVColorSpace>(s.space);
}

void pack_raw(const AVFrame& picture, std::string& bytes) {
  const auto planes = planes_of(shape_of(picture));
  for (std::size_t p = 0; p < planes.size(); ++p) {
    for (int y = 0; y < planes[p].rows; ++y) {
      const auto* row = picture.data[p] + static_cast<std::ptrdiff_t>(y) * picture.linesize[p];
      bytes.append(reinterpret_cast<const char*>(row), planes[p].row_bytes);
    }
  }
}

Error broken(std::string_view shape) {
  return {ErrorCode::kInternal, fmt::format("the bytes are no picture of {}", printable(std::string(shape)))};
}

}  // namespace

// An encoder for pictures of one shape after the other.
class PicturePacker::Jpeg {
 public:
  Result<void> pack(const AVFrame& picture, std::string& bytes) {
    const Shape shape = shape_of(picture);
    if (jpeg_format(shape.format) == AV_PIX_FMT_NONE) {
      return Error{ErrorCode::kUsage, fmt::format("{} can't be coded as JPEG; use raw pictures",
                                                  av_get_pix_fmt_name(shape.format))};
    }
    if (!encoder_ || encoder_->width != shape.width || encoder_->height != shape.height ||
        encoder_->pix_fmt != jpeg_format(shape.format)) {
      if (auto opened = open(shape); !opened) return opened;
    }
    av_frame_unref(frame_.get());
    if (av_frame_ref(frame_.get(), &picture) < 0) return failed();
    frame_->format = encoder_->pix_fmt;
    frame_->color_range = AVCOL_RANGE_JPEG;
    frame_->quality = encoder_->global_quality;
    frame_->pict_type = AV_PICTURE_TYPE_NONE;
    frame_->pts = next_pts_++;
    if (avcodec_send_frame(encoder_.get(), frame_.get()) < 0) return failed();
    if (avcodec_receive_packet(encoder_.get(), packet_.get()) < 0) return failed();
    bytes.append(reinterpret_cast<const char*>(packet_->data), static_cast<std::size_t>(packet_->size));
    av_packet_unref(packet_.get());
    return {};
  }

 private:
  static Error failed() { return {ErrorCode::kInternal, "a picture could not be coded as JPEG"}; }

  Result<void> open(const Shape& shape) {
    const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
    encoder_.reset(avcodec_alloc_context3(codec));
    if (codec == nullptr || !encoder_ || !frame_ || !packet_) return failed();
    encoder_->width = shape.width;
    encoder_->height = shape.height;
    encoder_->pix_fmt = jpeg_format(shape.format);
    encoder_->color_range = AVCOL_RANGE_JPEG;
    encoder_->time_base = {1, 25};
    encoder_->thread_count = 1;
    encoder_->flags |= AV_CODEC_FLAG_QSCALE;
    encoder_->global_quality = kQuality * FF_QP2LAMBDA;
    if (avcodec_open2(encoder_.get(), codec, nullptr) < 0) return failed();
    return {};
  }

  av::Owned<AVCodecContext> encoder_;
  av::Owned<AVFrame> frame_{av_frame_alloc()};
  av::Owned<AVPacket> packet_{av_packet_alloc()};
  std::int64_t next_pts_ = 0;
};

PicturePacker::PicturePacker(PictureCoding coding) : coding_(coding), jpeg_(std::make_unique<Jpeg>()) {}
PicturePacker::~PicturePacker() = default;

Result<void> PicturePacker::pack(const Frame& frame, std::string& bytes) {
  if (coding_ == PictureCoding::kJpeg) return jpeg_->pack(*frame.buffer, bytes);
  pack_raw(*frame.buffer, bytes);
  return {};
}

class PictureUnpacker::Impl {
 public:
  explicit Impl(PictureCoding coding) : coding_(coding) {}

  Result<Frame> unpack(std::string_view text, std::string_view bytes) {
    const auto shape = parse_shape(text);
    if (!shape) return broken(text);
    auto picture = pool_.take();
    const bool done =
        coding_ == PictureCoding::kJpeg ? decode(*shape, bytes, *picture) : copy(*shape, bytes, *picture);
    if (!done) return broken(text);
    Frame frame = adapter_.adapt(picture);
    if (!frame.buffer) return broken(text);
    return frame;
  }

 private:
  static bool copy(const Shape& shape, std::string_view bytes, AVFrame& picture) {
    picture.width = shape.width;
    picture.height = shape.height;
    label(picture, shape);
    if (av_frame_get_buffer(&picture, 0) < 0) return false;
    const auto planes = planes_of(shape);
    for (std::size_t p = 0; p < planes.size(); ++p) {
      for (int y = 0; y < planes[p].rows; ++y) {
        if (bytes.size() < planes[p].row_bytes) return false;
        std::memcpy(picture.data[p] + static_cast<std::ptrdiff_t>(y) * picture.linesize[p], bytes.data(),
                    planes[p].row_bytes);
        bytes.remove_prefix(planes[p].row_bytes);
      }
    }
    return bytes.empty();
  }

  bool decode(const Shape& shape, std::string_view bytes, AVFrame& picture) {
    if (!decoder_ && !open()) return false;
    // The decoder reads a little beyond the data.
    padded_.assign(bytes);
    padded_.append(AV_INPUT_BUFFER_PADDING_SIZE, '\0');
    packet_->data = reinterpret_cast<std::uint8_t*>(padded_.data());
    packet_->size = static_cast<int>(bytes.size());
    if (avcodec_send_packet(decoder_.get(), packet_.get()) < 0) return false;
    if (avcodec_receive_frame(decoder_.get(), &picture) < 0) return false;
    if (picture.width != shape.width || picture.height != shape.height ||
        picture.format != jpeg_format(shape.format)) {
      return false;
    }
    label(picture, shape);
    return true;
  }

  bool open() {
    const AVCodec* codec = avcodec_find_decoder(AV_CODEC_ID_MJPEG);
    decoder_.reset(avcodec_alloc_context3(codec));
    if (codec == nullptr || !decoder_ || !packet_) return false;
    decoder_->thread_count = 1;
    return avcodec_open2(decoder_.get(), codec, nullptr) >= 0;
  }

  PictureCoding coding_;
  FramePool pool_;
  PictureAdapter adapter_;
  av::Owned<AVCodecContext> decoder_;
  av::Owned<AVPacket> packet_{av_packet_alloc()};
  std::string padded_;
};

PictureUnpacker::PictureUnpacker(PictureCoding coding) : impl_(std::make_unique<Impl>(coding)) {}
PictureUnpacker::~PictureUnpacker() = default;

Result<Frame> PictureUnpacker::unpack(std::string_view shape, std::string_view bytes) {
  return impl_->unpack(shape, bytes);
}

std::string picture_shape(const Frame& frame) {
  const Shape s = shape_of(*frame.buffer);
  return fmt::format("{}:{}x{}:{}:{}", av_get_pix_fmt_name(s.format), s.width, s.height, s.range, s.space);
}

void pack_sound(const AudioBlock& block, std::string& bytes) {
  for (int c = 0; c < block.channels; ++c) {
    bytes.append(reinterpret_cast<const char*>(block.channel[c]),
                 static_cast<std::size_t>(block.samples) * sizeof(float));
  }
}

Result<AudioBlock> unpack_sound(int sample_rate, int channels, int samples, std::string_view bytes) {
  const Error no_sound{ErrorCode::kInternal, "the bytes are no sound of that length"};
  if (sample_rate < 1 || channels < 1 || samples < 1) return no_sound;
  const std::size_t a_channel = static_cast<std::size_t>(samples) * sizeof(float);
  if (bytes.size() != a_channel * static_cast<std::size_t>(channels)) return no_sound;
  const std::shared_ptr<AVFrame> sound(av_frame_alloc(), av::Free{});
  sound->format = AV_SAMPLE_FMT_FLTP;
  sound->sample_rate = sample_rate;
  sound->nb_samples = samples;
  sound->ch_layout.order = AV_CHANNEL_ORDER_UNSPEC;
  sound->ch_layout.nb_channels = channels;
  if (av_frame_get_buffer(sound.get(), 0) < 0) return no_sound;
  for (int c = 0; c < channels; ++c)
    std::memcpy(sound->extended_data[c], bytes.data() + static_cast<std::size_t>(c) * a_channel, a_channel);
  return AudioBlock{.time = {},
                    .duration = MediaDuration::nanoseconds(av_rescale(samples, 1'000'000'000, sample_rate)),
                    .sample_rate = sample_rate,
                    .channels = channels,
                    .samples = samples,
                    .channel = reinterpret_cast<const float* const*>(sound->extended_data),
                    .buffer = sound};
}

}  // namespace monolens

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
#include "media/frame_pool.h"
#include "media/picture.h"
#include "media/still_codec.h"

namespace monolens {
namespace {

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

// The grey picture that holds a raw one's bytes: as wide as a row of luma, and filled up at its end.
struct GreyPage {
  int width = 0;
  int height = 0;
  std::size_t bytes = 0;  // of the raw picture
};
GreyPage grey_page(const Shape& s) {
  GreyPage page;
  const auto planes = planes_of(s);
  for (const PlaneSize& plane : planes) page.bytes += plane.row_bytes * static_cast<std::size_t>(plane.rows);
  const std::size_t width = std::max<std::size_t>(planes.empty() ? 1 : planes.front().row_bytes, 1);
  page.width = static_cast<int>(width);
  page.height = static_cast<int>((page.bytes + width - 1) / width);
  return page;
}

// Nothing is opened of it until a picture comes; none codes raw ones.
AVCodecID codec_of(PictureCoding coding) {
  return coding == PictureCoding::kPng ? AV_CODEC_ID_PNG : AV_CODEC_ID_MJPEG;
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

std::string_view name(PictureCoding coding) {
  switch (coding) {
    case PictureCoding::kRaw:
      return "raw";
    case PictureCoding::kPng:
      return "png";
    case PictureCoding::kJpeg:
      return "jpeg";
  }
  return {};
}

std::optional<PictureCoding> picture_coding(std::string_view text) {
  for (const auto coding : {PictureCoding::kRaw, PictureCoding::kPng, PictureCoding::kJpeg}) {
    if (name(coding) == text) return coding;
  }
  return std::nullopt;
}

class PicturePacker::Impl {
 public:
  explicit Impl(PictureCoding coding) : coding_(coding) {}

  Result<void> pack(const AVFrame& picture, std::string& bytes) {
    switch (coding_) {
      case PictureCoding::kRaw:
        pack_raw(picture, bytes);
        return {};
      case PictureCoding::kPng:
        return pack_png(picture, bytes);
      case PictureCoding::kJpeg:
        return pack_jpeg(picture, bytes);
    }
    return {};
  }

 private:
  Error failed() const {
    return {ErrorCode::kInternal, fmt::format("a picture could not be coded as {}", name(coding_))};
  }

  Result<void> pack_jpeg(const AVFrame& picture, std::string& bytes) {
    const Shape shape = shape_of(picture);
    const AVPixelFormat format = jpeg_format(shape.format);
    if (format == AV_PIX_FMT_NONE) {
      return Error{ErrorCode::kUsage, fmt::format("{} can't be coded as JPEG; use raw pictures or PNG",
                                                  av_get_pix_fmt_name(shape.format))};
    }
    if (!still_.encode(picture, format, bytes)) return failed();
    return {};
  }

  Result<void> pack_png(const AVFrame& picture, std::string& bytes) {
    const GreyPage page = grey_page(shape_of(picture));
    raw_.clear();
    pack_raw(picture, raw_);
    const av::Owned<AVFrame> grey(av_frame_alloc());
    grey->format = AV_PIX_FMT_GRAY8;
    grey->width = page.width;
    grey->height = page.height;
    if (av_frame_get_buffer(grey.get(), 0) < 0) return failed();
    raw_.resize(static_cast<std::size_t>(page.width) * static_cast<std::size_t>(page.height), '\0');
    const auto width = static_cast<std::size_t>(page.width);
    for (int y = 0; y < page.height; ++y) {
      std::memcpy(grey->data[0] + std::ptrdiff_t{y} * grey->linesize[0],
                  raw_.data() + static_cast<std::size_t>(y) * width, width);
    }
    if (!still_.encode(*grey, AV_PIX_FMT_GRAY8, bytes)) return failed();
    return {};
  }

  PictureCoding coding_;
  StillEncoder still_{codec_of(coding_)};
  std::string raw_;
};

PicturePacker::PicturePacker(PictureCoding coding) : impl_(std::make_unique<Impl>(coding)) {}
PicturePacker::~PicturePacker() = default;

Result<void> PicturePacker::pack(const Frame& frame, std::string& bytes) {
  return impl_->pack(*frame.buffer, bytes);
}

class PictureUnpacker::Impl {
 public:
  explicit Impl(PictureCoding coding) : coding_(coding) {}

  Result<Frame> unpack(std::string_view text, std::string_view bytes) {
    const auto shape = parse_shape(text);
    if (!shape) return broken(text);
    auto picture = pool_.take();
    if (!fill(*shape, bytes, *picture)) return broken(text);
    Frame frame = adapter_.adapt(picture);
    if (!frame.buffer) return broken(text);
    return frame;
  }

 private:
  bool fill(const Shape& shape, std::string_view bytes, AVFrame& picture) {
    switch (coding_) {
      case PictureCoding::kRaw:
        return copy(shape, bytes, picture);
      case PictureCoding::kPng:
        return unpack_png(shape, bytes, picture);
      case PictureCoding::kJpeg:
        return unpack_jpeg(shape, bytes, picture);
    }
    return false;
  }

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

  bool unpack_png(const Shape& shape, std::string_view bytes, AVFrame& picture) {
    const GreyPage page = grey_page(shape);
    const av::Owned<AVFrame> grey(av_frame_alloc());
    if (!still_.decode(bytes, *grey) || grey->format != AV_PIX_FMT_GRAY8 || grey->width != page.width ||
        grey->height != page.height) {
      return false;
    }
    raw_.clear();
    for (int y = 0; y < page.height; ++y) {
      const auto* row = grey->data[0] + std::ptrdiff_t{y} * grey->linesize[0];
      raw_.append(reinterpret_cast<const char*>(row), static_cast<std::size_t>(page.width));
    }
    raw_.resize(page.bytes);
    return copy(shape, raw_, picture);
  }

  bool unpack_jpeg(const Shape& shape, std::string_view bytes, AVFrame& picture) {
    if (!still_.decode(bytes, picture) || picture.width != shape.width || picture.height != shape.height ||
        picture.format != jpeg_format(shape.format)) {
      return false;
    }
    label(picture, shape);
    return true;
  }

  PictureCoding coding_;
  FramePool pool_;
  PictureAdapter adapter_;
  StillDecoder still_{codec_of(coding_)};
  std::string raw_;
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

#include "media/picture.h"

namespace monolens {
namespace {

// Planar YCbCr or grey in native byte order with whole samples: what the kernels read.
bool is_native(const AVPixFmtDescriptor& d) {
  constexpr auto kForeign = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_HWACCEL |
                            AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_FLOAT |
                            AV_PIX_FMT_FLAG_BE;
  if ((d.flags & kForeign) != 0) return false;
  const int bytes = d.comp[0].depth > 8 ? 2 : 1;
  if (d.comp[0].depth < 8 || d.comp[0].depth > 16) return false;
  const int used = d.nb_components >= 3 ? 3 : 1;
  if (d.nb_components == 2) return false;
  for (int i = 0; i < used; ++i) {
    if (d.comp[i].plane != i || d.comp[i].step != bytes || d.comp[i].shift != 0) return false;
  }
  return true;
}

bool is_full_range(const AVFrame& f) {
  switch (f.format) {
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ444P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ411P:
      return true;
    default:
      return f.color_range == AVCOL_RANGE_JPEG;
  }
}

bool is_matrix_709(const AVFrame& f) {
  if (f.colorspace == AVCOL_SPC_UNSPECIFIED) return f.height >= 720;
  return f.colorspace == AVCOL_SPC_BT709;
}

}  // namespace

std::shared_ptr<AVFrame> PictureAdapter::convert(const AVFrame& decoded) {
  const auto* d = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(decoded.format));
  const AVPixelFormat to = d->comp[0].depth > 8 ? AV_PIX_FMT_YUV420P10 : AV_PIX_FMT_YUV420P;
  auto picture = pool_.take();
  picture->format = to;
  picture->width = decoded.width;
  picture->height = decoded.height;
  if (av_frame_get_buffer(picture.get(), 0) < 0) return nullptr;
  scaler_.reset(sws_getCachedContext(scaler_.release(), decoded.width, decoded.height,
                                     static_cast<AVPixelFormat>(decoded.format), decoded.width,
                                     decoded.height, to, SWS_BILINEAR, nullptr, nullptr, nullptr));
  if (!scaler_) return nullptr;
  sws_scale(scaler_.get(), decoded.data, decoded.linesize, 0, decoded.height, picture->data,
            picture->linesize);
  picture->color_range = (d->flags & AV_PIX_FMT_FLAG_RGB) != 0 ? AVCOL_RANGE_MPEG : decoded.color_range;
  picture->colorspace = decoded.colorspace;
  return picture;
}

Frame PictureAdapter::adapt(const std::shared_ptr<AVFrame>& decoded) {
  Frame frame;
  const auto* d = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(decoded->format));
  if (d == nullptr || decoded->width <= 0 || decoded->height <= 0) return frame;
  auto picture = decoded;
  if (!is_native(*d)) {
    picture = convert(*decoded);
    if (!picture) return frame;
    d = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(picture->format));
  }
  const bool colour = d->nb_components >= 3;
  frame.format = {.width = picture->width,
                  .height = picture->height,
                  .bit_depth = d->comp[0].depth,
                  .planes = colour ? 3 : 1,
                  .chroma_width = colour ? AV_CEIL_RSHIFT(picture->width, d->log2_chroma_w) : 0,
                  .chroma_height = colour ? AV_CEIL_RSHIFT(picture->height, d->log2_chroma_h) : 0,
                  .full_range = is_full_range(*picture),
                  .rgb_matrix_709 = is_matrix_709(*picture)};
  for (int i = 0; i < frame.format.planes; ++i) {
    auto& plane = frame.planes[static_cast<std::size_t>(i)];
    plane.data = picture->data[i];
    plane.stride = picture->linesize[i];
    plane.width = i == 0 ? frame.format.width : frame.format.chroma_width;
    plane.height = i == 0 ? frame.format.height : frame.format.chroma_height;
  }
  frame.buffer = std::move(picture);
  return frame;
}

}  // namespace monolens

#include "media/picture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include "media/testing/test_media.h"

namespace monolens {
namespace {

std::shared_ptr<AVFrame> picture(AVPixelFormat format, int width, int height, int level) {
  std::shared_ptr<AVFrame> frame(av_frame_alloc(), av::Free{});
  frame->format = format;
  frame->width = width;
  frame->height = height;
  EXPECT_EQ(av_frame_get_buffer(frame.get(), 0), 0);
  fill(*frame, level);
  return frame;
}

int sample(const Frame& frame, std::size_t plane, int x, int y) {
  const std::uint8_t* row = frame.planes[plane].data + y * frame.planes[plane].stride;
  if (frame.format.bit_depth == 8) return row[x];
  std::uint16_t word = 0;
  std::memcpy(&word, row + 2 * x, sizeof word);
  return word;
}

TEST(PictureAdapter, TakesPlanarYCbCrAndGreyAsTheyStandInMemory) {
  const struct {
    AVPixelFormat format;
    int depth;
    int planes;
    int chroma_width;
    int chroma_height;
  } rows[] = {
      {AV_PIX_FMT_YUV420P, 8, 3, 17, 12},    {AV_PIX_FMT_YUV422P, 8, 3, 17, 23},
      {AV_PIX_FMT_YUV444P, 8, 3, 33, 23},    {AV_PIX_FMT_YUV411P, 8, 3, 9, 23},
      {AV_PIX_FMT_YUVJ420P, 8, 3, 17, 12},   {AV_PIX_FMT_YUVA420P, 8, 3, 17, 12},
      {AV_PIX_FMT_YUV420P10, 10, 3, 17, 12}, {AV_PIX_FMT_YUV422P10, 10, 3, 17, 23},
      {AV_PIX_FMT_YUV444P12, 12, 3, 33, 23}, {AV_PIX_FMT_YUV420P16, 16, 3, 17, 12},
      {AV_PIX_FMT_GRAY8, 8, 1, 0, 0},        {AV_PIX_FMT_GRAY10, 10, 1, 0, 0},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(av_get_pix_fmt_name(row.format));
    const auto decoded = picture(row.format, 33, 23, 60);
    PictureAdapter adapter;
    const Frame frame = adapter.adapt(decoded);
    EXPECT_EQ(frame.buffer, decoded);
    EXPECT_EQ(frame.format.bit_depth, row.depth);
    EXPECT_EQ(frame.format.planes, row.planes);
    for (int i = 0; i < row.planes; ++i) {
      const Plane& plane = frame.planes[static_cast<std::size_t>(i)];
      EXPECT_EQ(plane.data, decoded->data[i]);
      EXPECT_EQ(plane.stride, decoded->linesize[i]);
      EXPECT_EQ(plane.width, i == 0 ? 33 : row.chroma_width);
      EXPECT_EQ(plane.height, i == 0 ? 23 : row.chroma_height);
    }
  }
}

TEST(PictureAdapter, ConvertsWhatTheKernelsDoNotReadOnce) {
  const struct {
    AVPixelFormat format;
    int depth;
    int luma;  // of a picture that is filled with 128
    int tolerance;
  } rows[] = {
      {AV_PIX_FMT_NV12, 8, 128, 0}, {AV_PIX_FMT_RGB24, 8, 126, 2},   {AV_PIX_FMT_BGRA, 8, 126, 2},
      {AV_PIX_FMT_GBRP, 8, 126, 2}, {AV_PIX_FMT_UYVY422, 8, 128, 0}, {AV_PIX_FMT_P010LE, 10, 2, 2},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(av_get_pix_fmt_name(row.format));
    const auto decoded = picture(row.format, 32, 24, 128);
    if (row.format == AV_PIX_FMT_GBRP) {
      for (int plane = 0; plane < 3; ++plane) {
        std::memset(decoded->data[plane], 128, static_cast<std::size_t>(decoded->linesize[plane]) * 24);
      }
    }
    PictureAdapter adapter;
    const Frame frame = adapter.adapt(decoded);
    ASSERT_TRUE(frame.buffer);
    EXPECT_NE(frame.buffer, decoded);
    EXPECT_EQ(frame.format.bit_depth, row.depth);
    EXPECT_EQ(frame.format.planes, 3);
    EXPECT_EQ(frame.planes[1].width, 16);
    EXPECT_NEAR(sample(frame, 0, 5, 5), row.luma, row.tolerance);
  }
}

TEST(PictureAdapter, ConvertsAPictureOfAnotherSizeWithinOneStream) {
  PictureAdapter adapter;
  const Frame small = adapter.adapt(picture(AV_PIX_FMT_RGB24, 32, 24, 128));
  const Frame large = adapter.adapt(picture(AV_PIX_FMT_RGB24, 64, 48, 128));
  EXPECT_EQ(small.format.width, 32);
  EXPECT_EQ(large.format.width, 64);
  EXPECT_EQ(large.planes[0].height, 48);
}

TEST(PictureAdapter, KeepsAPictureThatIsStoredBottomUp) {
  const auto decoded = picture(AV_PIX_FMT_GRAY8, 8, 8, 50);
  std::memset(decoded->data[0] + 7 * decoded->linesize[0], 99, 8);
  decoded->data[0] += 7 * decoded->linesize[0];
  decoded->linesize[0] = -decoded->linesize[0];
  PictureAdapter adapter;
  const Frame frame = adapter.adapt(decoded);
  EXPECT_EQ(sample(frame, 0, 0, 0), 99);
  EXPECT_EQ(sample(frame, 0, 0, 7), 50);
}

TEST(PictureAdapter, KnowsTheRange) {
  PictureAdapter adapter;
  const auto limited = picture(AV_PIX_FMT_YUV420P, 32, 24, 128);
  EXPECT_FALSE(adapter.adapt(limited).format.full_range);
  limited->color_range = AVCOL_RANGE_JPEG;
  EXPECT_TRUE(adapter.adapt(limited).format.full_range);
  EXPECT_TRUE(adapter.adapt(picture(AV_PIX_FMT_YUVJ422P, 32, 24, 128)).format.full_range);
  const auto nv12 = picture(AV_PIX_FMT_NV12, 32, 24, 128);
  nv12->color_range = AVCOL_RANGE_JPEG;
  EXPECT_TRUE(adapter.adapt(nv12).format.full_range) << "converted, and still of the same range";
  const auto rgb = picture(AV_PIX_FMT_RGB24, 32, 24, 255);
  rgb->color_range = AVCOL_RANGE_JPEG;
  const Frame white = adapter.adapt(rgb);
  EXPECT_FALSE(white.format.full_range);
  EXPECT_NEAR(sample(white, 0, 0, 0), 235, 1);
}

TEST(PictureAdapter, KeepsFullRangeLevelsWhenItConverts) {
  const auto nv12 = picture(AV_PIX_FMT_NV12, 32, 24, 250);
  nv12->color_range = AVCOL_RANGE_JPEG;
  PictureAdapter adapter;
  EXPECT_EQ(sample(adapter.adapt(nv12), 0, 3, 3), 250);
}

TEST(PictureAdapter, TakesUnnamedColoursOfHdForBt709AndOfSdForBt601) {
  PictureAdapter adapter;
  EXPECT_TRUE(adapter.adapt(picture(AV_PIX_FMT_YUV420P, 1280, 720, 128)).format.rgb_matrix_709);
  const auto sd = picture(AV_PIX_FMT_YUV420P, 720, 576, 128);
  EXPECT_FALSE(adapter.adapt(sd).format.rgb_matrix_709);
  sd->colorspace = AVCOL_SPC_BT709;
  EXPECT_TRUE(adapter.adapt(sd).format.rgb_matrix_709);
}

TEST(PictureAdapter, GivesNothingForAFrameWithoutAPicture) {
  PictureAdapter adapter;
  EXPECT_FALSE(adapter.adapt(std::shared_ptr<AVFrame>(av_frame_alloc(), av::Free{})).buffer);
}

}  // namespace
}  // namespace monolens

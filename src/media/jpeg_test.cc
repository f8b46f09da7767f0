#include "media/jpeg.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "media/picture.h"
#include "media/testing/test_media.h"

namespace monolens {
namespace {

Frame grey_frame(AVPixelFormat format, int width, int height, int level,
                 AVColorRange range = AVCOL_RANGE_UNSPECIFIED) {
  std::shared_ptr<AVFrame> frame(av_frame_alloc(), av::Free{});
  frame->format = format;
  frame->width = width;
  frame->height = height;
  frame->color_range = range;
  EXPECT_EQ(av_frame_get_buffer(frame.get(), 0), 0);
  fill(*frame, level);
  return PictureAdapter().adapt(frame);
}

std::shared_ptr<AVFrame> decoded(const std::vector<std::uint8_t>& jpeg) {
  av::Owned<AVCodecContext> decoder(avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_MJPEG)));
  EXPECT_EQ(avcodec_open2(decoder.get(), nullptr, nullptr), 0);
  av::Owned<AVPacket> packet(av_packet_alloc());
  EXPECT_EQ(av_new_packet(packet.get(), static_cast<int>(jpeg.size())), 0);
  std::copy(jpeg.begin(), jpeg.end(), packet->data);
  std::shared_ptr<AVFrame> frame(av_frame_alloc(), av::Free{});
  EXPECT_EQ(avcodec_send_packet(decoder.get(), packet.get()), 0);
  EXPECT_EQ(avcodec_receive_frame(decoder.get(), frame.get()), 0);
  return frame;
}

TEST(Jpeg, ShowsThePictureNoWiderThanAskedWithItsAspect) {
  const auto picture = decoded(encode_jpeg(grey_frame(AV_PIX_FMT_YUV420P, 1280, 720, 128), 480));
  EXPECT_EQ(picture->width, 480);
  EXPECT_EQ(picture->height, 270);
}

TEST(Jpeg, DoesNotEnlarge) {
  const auto picture = decoded(encode_jpeg(grey_frame(AV_PIX_FMT_YUV420P, 64, 48, 128), 480));
  EXPECT_EQ(picture->width, 64);
}

TEST(Jpeg, HasTheLevelsOfThePicture) {
  const struct {
    AVPixelFormat format;
    AVColorRange range;
    int level;
    int shown;  // full range
  } rows[] = {
      {AV_PIX_FMT_YUV420P, AVCOL_RANGE_UNSPECIFIED, 16, 0},
      {AV_PIX_FMT_YUV420P, AVCOL_RANGE_UNSPECIFIED, 235, 255},
      {AV_PIX_FMT_YUV420P10, AVCOL_RANGE_MPEG, 64, 0},
      {AV_PIX_FMT_YUV420P10, AVCOL_RANGE_MPEG, 940, 255},
      {AV_PIX_FMT_YUVJ420P, AVCOL_RANGE_JPEG, 100, 100},
      {AV_PIX_FMT_YUV420P, AVCOL_RANGE_JPEG, 100, 100},
      {AV_PIX_FMT_YUV422P, AVCOL_RANGE_MPEG, 126, 128},
      {AV_PIX_FMT_GRAY8, AVCOL_RANGE_UNSPECIFIED, 128, 128},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(av_get_pix_fmt_name(row.format)) + " " + std::to_string(row.level));
    const auto picture = decoded(encode_jpeg(grey_frame(row.format, 64, 48, row.level, row.range), 480));
    EXPECT_NEAR(picture->data[0][20 * picture->linesize[0] + 20], row.shown, 3);
  }
}

TEST(Jpeg, IsMadeOfTheSmallestAndOfOddPictures) {
  for (const auto& [width, height] :
       {std::pair(2, 2), std::pair(3, 1999), std::pair(1999, 3), std::pair(33, 23)}) {
    EXPECT_FALSE(encode_jpeg(grey_frame(AV_PIX_FMT_YUV420P, width, height, 128), 480).empty())
        << width << "x" << height;
  }
}

TEST(Jpeg, IsEmptyWithoutAPicture) {
  EXPECT_TRUE(encode_jpeg(Frame{}, 480).empty());
  EXPECT_TRUE(encode_jpeg(grey_frame(AV_PIX_FMT_GRAY8, 1, 1, 128), 480).empty());
}

}  // namespace
}  // namespace monolens

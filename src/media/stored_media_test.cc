#include "media/stored_media.h"

#include <gtest/gtest.h>

#include "media/picture.h"
#include "media/testing/test_media.h"

namespace monolens {
namespace {

// With another value in each sample of each plane.
Frame textured(AVPixelFormat format, int width, int height) {
  std::shared_ptr<AVFrame> frame(av_frame_alloc(), av::Free{});
  frame->format = format;
  frame->width = width;
  frame->height = height;
  EXPECT_EQ(av_frame_get_buffer(frame.get(), 0), 0);
  fill(*frame, 100);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      frame->data[0][y * frame->linesize[0] + x] ^= static_cast<std::uint8_t>((x * 7 + y * 31) & 0x3);
  return PictureAdapter().adapt(frame);
}

std::string packed(PictureCoding coding, const Frame& frame) {
  std::string bytes;
  EXPECT_TRUE(PicturePacker(coding).pack(frame, bytes));
  return bytes;
}

TEST(StoredMedia, RawAndPngPicturesComeBackBitForBit) {
  const struct {
    AVPixelFormat format;
    int width, height;
  } cases[] = {{AV_PIX_FMT_YUV420P, 64, 48},
               {AV_PIX_FMT_YUV420P, 65, 47},
               {AV_PIX_FMT_YUV422P, 66, 20},
               {AV_PIX_FMT_YUV420P10LE, 64, 48},
               {AV_PIX_FMT_GRAY8, 33, 9}};
  for (const auto& c : cases) {
    const Frame frame = textured(c.format, c.width, c.height);
    const std::string raw = packed(PictureCoding::kRaw, frame);
    for (const auto coding : {PictureCoding::kRaw, PictureCoding::kPng}) {
      const auto back = PictureUnpacker(coding).unpack(picture_shape(frame), packed(coding, frame));
      ASSERT_TRUE(back) << name(coding) << " " << picture_shape(frame);
      EXPECT_EQ(picture_shape(*back), picture_shape(frame));
      EXPECT_EQ(packed(PictureCoding::kRaw, *back), raw) << name(coding) << " " << picture_shape(frame);
    }
  }
}

TEST(StoredMedia, APictureOwesNothingToTheOneBefore) {
  const Frame frame = textured(AV_PIX_FMT_YUV420P, 64, 48);
  for (const auto coding : {PictureCoding::kRaw, PictureCoding::kPng, PictureCoding::kJpeg}) {
    PicturePacker packer(coding);
    PictureUnpacker unpacker(coding);
    std::string first;
    for (int i = 0; i < 3; ++i) {
      std::string bytes;
      ASSERT_TRUE(packer.pack(frame, bytes)) << name(coding);
      const auto back = unpacker.unpack(picture_shape(frame), bytes);
      ASSERT_TRUE(back) << name(coding);
      const std::string samples = packed(PictureCoding::kRaw, *back);
      if (i == 0) first = samples;
      EXPECT_EQ(samples, first) << name(coding);
    }
  }
}

TEST(StoredMedia, APngIsSmallerThanRawSamples) {
  const Frame frame = textured(AV_PIX_FMT_YUV420P, 640, 360);
  EXPECT_LT(packed(PictureCoding::kPng, frame).size(), packed(PictureCoding::kRaw, frame).size());
}

TEST(StoredMedia, RefusesBytesThatAreNoPictureOfTheShape) {
  const Frame frame = textured(AV_PIX_FMT_YUV420P, 64, 48);
  const Frame other = textured(AV_PIX_FMT_YUV420P, 64, 50);
  for (const auto coding : {PictureCoding::kRaw, PictureCoding::kPng, PictureCoding::kJpeg}) {
    const std::string bytes = packed(coding, frame);
    PictureUnpacker unpacker(coding);
    EXPECT_FALSE(unpacker.unpack(picture_shape(other), bytes)) << name(coding);
    EXPECT_FALSE(unpacker.unpack(picture_shape(frame), "")) << name(coding);
    EXPECT_FALSE(unpacker.unpack("yuv420p:64x48", bytes)) << name(coding);
    EXPECT_TRUE(unpacker.unpack(picture_shape(frame), bytes)) << name(coding);
  }
}

TEST(StoredMedia, JpegCodesNoDeepPictures) {
  std::string bytes;
  const auto packed =
      PicturePacker(PictureCoding::kJpeg).pack(textured(AV_PIX_FMT_YUV420P10LE, 64, 48), bytes);
  ASSERT_FALSE(packed);
  EXPECT_EQ(packed.error().code, ErrorCode::kUsage);
}

TEST(StoredMedia, NamesItsCodings) {
  for (const auto coding : {PictureCoding::kRaw, PictureCoding::kPng, PictureCoding::kJpeg})
    EXPECT_EQ(picture_coding(name(coding)), coding);
  EXPECT_FALSE(picture_coding("webp"));
}

}  // namespace
}  // namespace monolens

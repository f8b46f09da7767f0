#include "compare/quality.h"

#include <gtest/gtest.h>

#include <cmath>

#include "features/test_picture.h"

namespace monolens {
namespace {

int scene(int x, int y) { return 60 + (x * 7 + y * 11) % 97; }

QualityMeter of(const Frame& a, const Frame& b) {
  QualityMeter meter;
  meter.add(a.planes[0], a.format, b.planes[0], b.format);
  return meter;
}

TEST(Quality, OfTheSamePictureIsPerfect) {
  const Frame frame = TestPicture({.width = 67, .height = 35}).paint(0, scene).frame();
  const QualityMeter meter = of(frame, frame);
  EXPECT_TRUE(std::isinf(meter.psnr()));
  EXPECT_NEAR(meter.ssim().value(), 1, 1e-6);
}

TEST(Quality, PsnrIsThatOfTheMeanSquaredDifference) {
  TestPicture picture({.width = 64, .height = 48});
  const Frame a = picture.paint(0, scene).frame();
  const Frame b = picture.paint(0, [](int x, int y) { return scene(x, y) + (y < 24 ? 4 : -2); }).frame();
  EXPECT_NEAR(of(a, b).psnr(), 10 * std::log10(255.0 * 255.0 / 10), 1e-4);
}

TEST(Quality, PsnrOfSeveralPicturesIsThatOfAllTheirSamples) {
  TestPicture picture({.width = 64, .height = 48});
  const Frame a = picture.paint(0, scene).frame();
  const Frame b = picture.paint(0, [](int x, int y) { return scene(x, y) + 2; }).frame();
  QualityMeter meter;
  meter.add(a.planes[0], a.format, a.planes[0], a.format);
  meter.add(a.planes[0], a.format, b.planes[0], b.format);
  EXPECT_EQ(meter.pictures(), 2u);
  EXPECT_NEAR(meter.psnr(), 10 * std::log10(255.0 * 255.0 / 2), 1e-4);
}

// One window of 8×8: a checkerboard of 100 ± 10 against one of 100 ± 5, variances 100·64/63 and 25·64/63.
TEST(Quality, SsimIsTheFormulasOfOneWindow) {
  TestPicture picture({.width = 8, .height = 8});
  const Frame a = picture.paint(0, [](int x, int y) { return (x + y) % 2 == 0 ? 110 : 90; }).frame();
  const Frame b = picture.paint(0, [](int x, int y) { return (x + y) % 2 == 0 ? 105 : 95; }).frame();
  const double c2 = std::pow(0.03 * 255, 2);
  const double unbiased = 64.0 / 63;
  const double expected = (2 * 50 * unbiased + c2) / ((100 + 25) * unbiased + c2);
  EXPECT_NEAR(of(a, b).ssim().value(), expected, 1e-4);
}

TEST(Quality, BringsBitDepthsAndRangesTogether) {
  const Frame eight = TestPicture({.width = 32, .height = 32}).paint(0, scene).frame();
  const Frame ten = TestPicture({.width = 32, .height = 32, .bit_depth = 10})
                        .paint(0, [](int x, int y) { return 4 * scene(x, y); })
                        .frame();
  EXPECT_TRUE(std::isinf(of(eight, ten).psnr()));
  const Frame full = TestPicture({.width = 32, .height = 32, .full_range = true})
                         .paint(0, [](int x, int y) { return std::lround((scene(x, y) - 16) * 255 / 219.0); })
                         .frame();
  EXPECT_GT(of(eight, full).psnr(), 55);
  EXPECT_GT(of(full, eight).psnr(), 55);
}

TEST(Quality, HasNoSsimWithoutRoomForAWindow) {
  const Frame frame = TestPicture({.width = 7, .height = 64}).paint(0, scene).frame();
  EXPECT_FALSE(of(frame, frame).ssim());
}

}  // namespace
}  // namespace monolens

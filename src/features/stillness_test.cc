// How an encoder's noise over a picture that stands still is told from movement.
#include <gtest/gtest.h>

#include <random>

#include "features/test_picture.h"
#include "features/video_extractor.h"

namespace monolens {
namespace {

constexpr PictureShape kShape = {.width = 160, .height = 96};

// The same scene, coded coarsely: each variant differs from the others by a few levels all over the picture.
TestPicture scene(unsigned variant, int noise) {
  TestPicture picture(kShape);
  std::mt19937 random(variant);
  std::uniform_int_distribution<int> grain(-noise, noise);
  picture.fill(128);
  picture.paint(
      0, [&](int x, int y) { return 60 + (x * 7 + y * 11) % 120 + (variant == 0 ? 0 : grain(random)); });
  return picture;
}

class Stream {
 public:
  explicit Stream(bool forgive_key_frames = true) : extractor_(options(forgive_key_frames)) {}

  const VideoFeatures& show(const TestPicture& picture) {
    const MediaTime at = MediaTime::since_start(MediaDuration::milliseconds(40 * shown_++));
    return extractor_.measure(picture.frame(at));
  }

  static MediaTime time_of(int picture) {
    return MediaTime::since_start(MediaDuration::milliseconds(40 * picture));
  }

 private:
  static FeatureOptions options(bool forgive_key_frames) {
    FeatureOptions o;
    o.luma = o.stillness = true;
    o.forgive_key_frames = forgive_key_frames;
    return o;
  }

  VideoExtractor extractor_;
  int shown_ = 0;
};

TEST(Stillness, OutlivesACoarseKeyFrameBetweenRepeatedPictures) {
  Stream stream;
  for (int i = 0; i < 20; ++i) stream.show(scene(1, 5));
  EXPECT_GT(stream.show(scene(2, 5)).change_mean, 1.0);
  const VideoFeatures& f = stream.show(scene(2, 5));
  EXPECT_TRUE(f.still);
  EXPECT_EQ(f.still_since, Stream::time_of(0));
}

TEST(Stillness, EndsAtTheSameKeyFrameIfThatIsNotForgiven) {
  Stream stream(false);
  for (int i = 0; i < 20; ++i) stream.show(scene(1, 5));
  EXPECT_FALSE(stream.show(scene(2, 5)).still);
}

TEST(Stillness, EndsWhereAKeyFrameShowsOneCellMoved) {
  Stream stream;
  for (int i = 0; i < 20; ++i) stream.show(scene(1, 0));
  TestPicture moved = scene(1, 0);
  moved.paint(0, [](int x, int y) { return 60 + (x * 7 + y * 11) % 120 + (x < 16 && y < 16 ? 12 : 0); });
  EXPECT_FALSE(stream.show(moved).still);
}

TEST(Stillness, IsNotSeenInAPictureWhoseNoiseChangesAllTheTime) {
  Stream stream;
  for (unsigned i = 1; i <= 20; ++i) EXPECT_FALSE(stream.show(scene(i, 5)).still) << i;
}

TEST(Stillness, BeginsWithTheFirstShowingOfAPictureThatSettles) {
  Stream stream;
  for (int i = 0; i < 10; ++i) stream.show(TestPicture(kShape).fill(20 + 20 * i));
  for (unsigned i = 1; i <= 5; ++i) stream.show(scene(i, 5));  // the encoder settles: 10 to 14
  stream.show(scene(5, 5));
  const VideoFeatures& f = stream.show(scene(5, 5));
  EXPECT_TRUE(f.still);
  EXPECT_EQ(f.still_since, Stream::time_of(14));
  EXPECT_EQ(f.shown_since, Stream::time_of(10));
}

}  // namespace
}  // namespace monolens

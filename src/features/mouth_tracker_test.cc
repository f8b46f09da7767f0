#include "features/mouth_tracker.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string_view>
#include <vector>

#include "features/test_face.h"
#include "features/test_picture.h"

namespace monolens {
namespace {

constexpr auto kInterval = MediaDuration::milliseconds(40);

// Shows the tracker a picture every 40 ms.
class Screen {
 public:
  explicit Screen(const PictureShape& shape = {.width = 320, .height = 180, .planes = 1})
      : picture_(shape), unit_(1 << (shape.bit_depth - 8)) {}

  template <class Level>
  std::optional<Mouth> show(Level level) {
    picture_.paint(0, [&](int x, int y) { return level(x, y) * unit_; });
    return show_again();
  }

  std::optional<Mouth> show(const TestFace& face) {
    return show([&](int x, int y) { return face.level(x, y); });
  }

  std::optional<Mouth> show_again() {
    const auto mouth = tracker_.measure(picture_.frame(time_));
    time_ = time_ + kInterval;
    return mouth;
  }

  void resize(const PictureShape& shape) { picture_ = TestPicture(shape); }

 private:
  TestPicture picture_;
  int unit_;
  MouthTracker tracker_;
  MediaTime time_;
};

int plain(int, int) { return 70; }

void expect_near(const std::optional<Mouth>& mouth, const Mouth& other, double share) {
  ASSERT_TRUE(mouth);
  EXPECT_NEAR(mouth->edges, other.edges, share * other.edges);
  EXPECT_NEAR(mouth->dark, other.dark, share * other.dark);
  EXPECT_NEAR(mouth->spread, other.spread, share * other.spread);
}

TEST(MouthTracker, ReadsNothingWithoutAFace) {
  std::minstd_rand random(1);
  Screen screen;
  for (int i = 0; i < 15; ++i) {
    EXPECT_FALSE(screen.show(plain));
    EXPECT_FALSE(screen.show([](int x, int y) { return (x + y) / 2; }));
    EXPECT_FALSE(screen.show([&](int, int) { return static_cast<int>(random() % 256); }));
  }
}

TEST(MouthTracker, ReadsMoreTheFartherTheMouthIsOpen) {
  Screen screen;
  const auto closed = screen.show(TestFace{.mouth = 0.004});
  ASSERT_TRUE(closed);
  Mouth before = *closed;
  for (const double opening : {0.02, 0.04, 0.06}) {
    SCOPED_TRACE(opening);
    const auto mouth = screen.show(TestFace{.mouth = opening});
    ASSERT_TRUE(mouth);
    EXPECT_EQ(mouth->face, closed->face);
    EXPECT_GT(mouth->edges, 1.3 * closed->edges);
    EXPECT_GT(mouth->dark, 1.05 * before.dark);
    EXPECT_GT(mouth->spread, 1.05 * before.spread);
    before = *mouth;
  }
  expect_near(screen.show(TestFace{.mouth = 0.004}), *closed, 0.1);
}

TEST(MouthTracker, FollowsAFaceFromOneFindToTheNext) {
  Screen still;
  const auto there = still.show(TestFace{});
  ASSERT_TRUE(there);
  Screen moving;
  for (int i = 0; i < 12; ++i) {
    SCOPED_TRACE(i);
    const auto mouth = moving.show(TestFace{.x = 160 + 2.4 * i, .y = 90 - 1.5 * i});
    expect_near(mouth, *there, 0.15);
    EXPECT_EQ(mouth->face, there->face);
  }
}

TEST(MouthTracker, ReadsAlikeAtAnySizeDepthAndExposure) {
  Screen screen;
  const Mouth mouth = screen.show(TestFace{}).value();
  Screen deep({.width = 320, .height = 180, .bit_depth = 10, .planes = 1});
  expect_near(deep.show(TestFace{}), mouth, 0.001);
  Screen large({.width = 960, .height = 540, .planes = 1});
  expect_near(large.show(TestFace{.x = 480, .y = 270, .size = 240}), mouth, 0.1);
  Screen large_and_deep({.width = 960, .height = 540, .bit_depth = 10, .planes = 1});
  expect_near(large_and_deep.show(TestFace{.x = 480, .y = 270, .size = 240}), mouth, 0.1);
  Screen dim;
  expect_near(dim.show([](int x, int y) { return TestFace{}.level(x, y) * 6 / 10; }), mouth, 0.2);
}

TEST(MouthTracker, LosesAFaceAtACut) {
  Screen screen;
  const auto first = screen.show(TestFace{});
  ASSERT_TRUE(first);
  EXPECT_FALSE(screen.show(plain));
  EXPECT_FALSE(screen.show_again());
  std::optional<Mouth> again;
  for (int i = 0; i < 15 && !again; ++i) again = screen.show(TestFace{});
  ASSERT_TRUE(again) << "it is looked for again";
  EXPECT_NE(again->face, first->face);
}

TEST(MouthTracker, LooksAtOnceForTheFaceOfTheNextShot) {
  Screen screen;
  const auto first = screen.show(TestFace{});
  ASSERT_TRUE(first);
  const TestFace other{.x = 250, .y = 100, .size = 60};
  EXPECT_FALSE(screen.show(other)) << "the picture in which the first was missed";
  const auto second = screen.show(other);
  ASSERT_TRUE(second);
  EXPECT_NE(second->face, first->face);
}

TEST(MouthTracker, IsNotPutOffByAFewLooksThatMissTheFace) {
  const TestFace face;
  const auto masked = [&](int x, int y) { return y > 100 ? 70 : face.level(x, y); };
  Screen screen;
  const auto first = screen.show(face);
  ASSERT_TRUE(first);
  int followed = screen.show(masked) ? 1 : 0;
  while (followed < 100 && screen.show_again()) ++followed;
  EXPECT_GE(followed, 25) << "two looks";
  EXPECT_LE(followed, 50) << "but not for ever";
}

TEST(MouthTracker, ReadsNothingInTinyPictures) {
  for (const int size : {2, 16, 31}) {
    SCOPED_TRACE(size);
    Screen narrow({.width = size, .height = 200, .planes = 1});
    EXPECT_FALSE(narrow.show(plain));
    Screen low({.width = 200, .height = size, .planes = 1});
    EXPECT_FALSE(low.show(plain));
  }
  Screen wide({.width = 4096, .height = 64, .planes = 1});
  EXPECT_FALSE(wide.show(plain));
  Screen tall({.width = 64, .height = 4096, .planes = 1});
  EXPECT_FALSE(tall.show(TestFace{.x = 32, .y = 2000, .size = 60})) << "too small, averaged down";
}

TEST(MouthTracker, StartsAnewWhenThePictureChangesItsSize) {
  Screen screen;
  const auto first = screen.show(TestFace{});
  ASSERT_TRUE(first);
  screen.resize({.width = 200, .height = 120, .planes = 1});
  const auto second = screen.show(TestFace{.x = 100, .y = 60, .size = 60});
  ASSERT_TRUE(second);
  EXPECT_NE(second->face, first->face);
  screen.resize({.width = 16, .height = 16, .planes = 1});
  EXPECT_FALSE(screen.show(plain));
}

}  // namespace
}  // namespace monolens

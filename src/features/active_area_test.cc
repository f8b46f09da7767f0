#include "features/active_area.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace monolens {
namespace {

constexpr std::size_t kWidth = 160;
constexpr std::size_t kHeight = 90;
constexpr int kBlack = 16;

// The sums of a picture whose pixels are level(x, y).
struct Sums {
  template <class Level>
  explicit Sums(Level level) : rows(kHeight), columns(kWidth) {
    for (std::size_t y = 0; y < kHeight; ++y) {
      for (std::size_t x = 0; x < kWidth; ++x) {
        const auto value = static_cast<std::uint32_t>(level(static_cast<int>(x), static_cast<int>(y)));
        rows[y] += value;
        columns[x] += value;
      }
    }
  }

  std::optional<ActiveArea> area(double black = kBlack, double unit = 1) const {
    return find_active_area(rows, columns, black, unit);
  }

  std::vector<std::uint32_t> rows;
  std::vector<std::uint32_t> columns;
};

Sums boxed(int left, int top, int right, int bottom, int border = kBlack, int picture = 120) {
  return Sums([=](int x, int y) {
    const bool inside = x >= left && x < right && y >= top && y < bottom;
    return inside ? picture : border;
  });
}

TEST(ActiveArea, IsTheWholePictureWithoutBorders) {
  EXPECT_EQ(boxed(0, 0, 160, 90).area(), (ActiveArea{0, 0, 160, 90, true}));
}

TEST(ActiveArea, LiesWithinTheBorders) {
  EXPECT_EQ(boxed(0, 11, 160, 79).area(), (ActiveArea{0, 11, 160, 68, true})) << "letterbox";
  EXPECT_EQ(boxed(20, 0, 140, 90).area(), (ActiveArea{20, 0, 120, 90, true})) << "pillarbox";
  EXPECT_EQ(boxed(20, 11, 140, 79).area(), (ActiveArea{20, 11, 120, 68, true})) << "both";
  EXPECT_EQ(boxed(0, 0, 160, 60).area(), (ActiveArea{0, 0, 160, 60, true})) << "one side";
}

TEST(ActiveArea, ForgivesNoiseInTheBorders) {
  EXPECT_EQ(boxed(0, 11, 160, 79, kBlack + 4).area(), (ActiveArea{0, 11, 160, 68, true}));
  EXPECT_EQ(boxed(0, 11, 160, 79, kBlack - 6).area(), (ActiveArea{0, 11, 160, 68, true}));
}

TEST(ActiveArea, TakesGreyBordersForPicture) {
  EXPECT_EQ(boxed(0, 11, 160, 79, kBlack + 8).area()->height, 90);
}

TEST(ActiveArea, IsUnknownInABlackPicture) {
  EXPECT_EQ(boxed(0, 0, 160, 90, kBlack, kBlack).area(), std::nullopt);
  EXPECT_EQ(boxed(0, 0, 160, 90, kBlack, kBlack + 3).area(), std::nullopt);
}

TEST(ActiveArea, IsUnknownInAVeryDarkPicture) {
  EXPECT_EQ(boxed(0, 11, 160, 79, kBlack, kBlack + 10).area(), std::nullopt);
}

TEST(ActiveArea, IsNotSharpWhereTheLightFadesOut) {
  const Sums spotlight([](int, int y) {
    const int from_edge = std::min(y, 89 - y);
    return kBlack + (from_edge < 15 ? 0 : (from_edge - 15) * 5);
  });
  const auto area = spotlight.area();
  ASSERT_TRUE(area);
  EXPECT_GT(area->top, 10);
  EXPECT_FALSE(area->sharp);
}

TEST(ActiveArea, HasTheMatteOfAPictureThatFadesOutAtItsOtherEdges) {
  const auto faded = [](int at, int size) { return std::min(100, 8 * std::min(at, size - 1 - at)); };
  const Sums letterbox([&](int x, int y) { return kBlack + (y < 10 || y >= 80 ? 0 : faded(x, 160)); });
  EXPECT_EQ(letterbox.area(), (ActiveArea{0, 10, 160, 70, true, true, false}));
  const Sums pillarbox([&](int x, int y) { return kBlack + (x < 20 || x >= 140 ? 0 : faded(y, 90)); });
  EXPECT_EQ(pillarbox.area(), (ActiveArea{20, 0, 120, 90, true, false, true}));
  const Sums vignette([&](int x, int y) { return kBlack + std::min(faded(x, 160), faded(y, 90)); });
  EXPECT_FALSE(vignette.area()->sharp);
}

TEST(ActiveArea, IsSharpWhereTheMatteIsSoftenedByScaling) {
  const Sums softened([](int, int y) {
    if (y < 10 || y >= 80) return kBlack;
    return y == 10 || y == 79 ? 60 : 120;
  });
  EXPECT_EQ(softened.area(), (ActiveArea{0, 10, 160, 70, true}));
}

TEST(ActiveArea, IsSharpWhereTheMatteEndsInTheDarkPartOfABrightPicture) {
  const Sums title_bar([](int, int y) {
    if (y < 10 || y >= 80) return kBlack;
    return kBlack + (y < 20 ? 16 : 180);
  });
  EXPECT_EQ(title_bar.area(), (ActiveArea{0, 10, 160, 70, true}));
}

TEST(ActiveArea, IsNotSharpWhereADarkPictureGrowsOutOfBlackSlowly) {
  for (const int rise : {2, 4, 8}) {
    const Sums ramp([rise](int, int y) {
      const int from_edge = std::min(y, 89 - y);
      return kBlack + std::min(100, from_edge < 12 ? 0 : (from_edge - 11) * rise);
    });
    const auto area = ramp.area();
    ASSERT_TRUE(area) << rise;
    EXPECT_FALSE(area->sharp) << rise;
  }
}

TEST(ActiveArea, KnowsOtherBlacksAndDepths) {
  EXPECT_EQ(boxed(0, 11, 160, 79, 0).area(0, 1), (ActiveArea{0, 11, 160, 68, true})) << "full range";
  EXPECT_EQ(boxed(0, 11, 160, 79, 64 + 16, 480).area(64, 4), (ActiveArea{0, 11, 160, 68, true})) << "10 bits";
}

}  // namespace
}  // namespace monolens

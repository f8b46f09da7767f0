#include "compare/print_track.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace monolens {
namespace {

using namespace time_literals;

constexpr std::array<float, 4> kRamp = {10, 20, 30, 40};
constexpr std::array<float, 4> kLouder = {100, 120, 140, 160};
constexpr std::array<float, 4> kFalling = {40, 30, 20, 10};
constexpr std::array<float, 4> kFlat = {7, 7, 7, 7};
constexpr std::array<float, 4> kHill = {10, 40, 40, 10};

PrintTrack track(const std::vector<std::array<float, 4>>& prints) {
  PrintTrack track(4);
  for (std::size_t i = 0; i < prints.size(); ++i)
    track.add(MediaTime::seconds(static_cast<double>(i) * 0.04), prints[i], {}, 1);
  return track;
}

TEST(PrintTrack, DoesNotMindGainAndOffset) {
  const PrintTrack t = track({kRamp, kLouder, kFalling, kHill});
  EXPECT_NEAR(likeness(t, 0, t, 1), 1, 1e-3);
  EXPECT_NEAR(likeness(t, 0, t, 2), -1, 1e-3);
  EXPECT_NEAR(likeness(t, 0, t, 3), 0, 1e-3);
}

TEST(PrintTrack, SaysNothingOfFlatValues) {
  const PrintTrack t = track({kFlat, kFlat, kRamp});
  EXPECT_TRUE(t.says_nothing(0));
  EXPECT_FALSE(t.says_nothing(2));
  EXPECT_FLOAT_EQ(likeness(t, 0, t, 1), kNeutral);
  EXPECT_FLOAT_EQ(likeness(t, 0, t, 2), 0);
}

TEST(PrintTrack, TakesTheViewsThatAreMostAlike) {
  PrintTrack plain(4);
  plain.add(0_s, kRamp, {}, 1);
  PrintTrack bordered(4);
  bordered.add(0_s, kHill, kRamp, 1);
  EXPECT_NEAR(likeness(plain, 0, bordered, 0), 1, 1e-3);
  EXPECT_NEAR(likeness(bordered, 0, plain, 0), 1, 1e-3);
}

TEST(PrintTrack, FindsTheNearestPrint) {
  const PrintTrack t = track({kRamp, kHill, kFalling});
  EXPECT_EQ(t.nearest(MediaTime::seconds(-1)), 0u);
  EXPECT_EQ(t.nearest(0.019_s), 0u);
  EXPECT_EQ(t.nearest(0.021_s), 1u);
  EXPECT_EQ(t.nearest(9_s), 2u);
  EXPECT_EQ(t.interval(), 0.04_for_s);
  EXPECT_EQ(t.end(), 0.12_s);
}

}  // namespace
}  // namespace monolens

#include "base/time.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <type_traits>

namespace monolens {
namespace {

using namespace time_literals;

constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
constexpr auto kMin = std::numeric_limits<std::int64_t>::min();

TEST(MediaDuration, RoundsSecondsToTheNearestNanosecond) {
  EXPECT_EQ(MediaDuration::seconds(0.04).ns(), 40'000'000);
  EXPECT_EQ(MediaDuration::seconds(1.0 / 3).ns(), 333'333'333);
  EXPECT_EQ(MediaDuration::seconds(2.0 / 3).ns(), 666'666'667);
  EXPECT_EQ(MediaDuration::seconds(-2.0 / 3).ns(), -666'666'667);
}

TEST(MediaDuration, SaturatesInsteadOfOverflowing) {
  EXPECT_EQ(MediaDuration::seconds(1e12).ns(), kMax);
  EXPECT_EQ(MediaDuration::seconds(std::numeric_limits<double>::infinity()).ns(), kMax);
  EXPECT_EQ(MediaDuration::seconds(-1e12).ns(), kMin);
}

TEST(MediaDuration, IsZeroForNotANumber) {
  EXPECT_EQ(MediaDuration::seconds(std::numeric_limits<double>::quiet_NaN()), MediaDuration());
}

TEST(MediaDuration, AddsFramesWithoutDrift) {
  MediaDuration sum;
  for (int i = 0; i < 25 * 3600; ++i) sum += MediaDuration::milliseconds(40);
  EXPECT_EQ(sum, 3600_for_s);
  EXPECT_EQ(MediaDuration::milliseconds(40) * 90'000, 3600_for_s);
}

TEST(MediaTime, DiffersFromADurationInWhatMayBeDoneWithIt) {
  static_assert(std::is_same_v<decltype(MediaTime() - MediaTime()), MediaDuration>);
  static_assert(std::is_same_v<decltype(MediaTime() + MediaDuration()), MediaTime>);
  static_assert(!std::is_convertible_v<MediaDuration, MediaTime>);
  static_assert(!std::is_convertible_v<MediaTime, MediaDuration>);
  EXPECT_EQ(5_s - 2_s, 3_for_s);
  EXPECT_EQ(5_s + 1.5_for_s, 6.5_s);
  EXPECT_EQ(5_s - 1.5_for_s, 3.5_s);
}

TEST(MediaTime, OrdersInstantsUpToItsMaximum) {
  EXPECT_LT(1_s, 2_s);
  EXPECT_LT(MediaTime::seconds(1e9), MediaTime::max());
  EXPECT_DOUBLE_EQ((12.4_s).seconds(), 12.4);
}

}  // namespace
}  // namespace monolens

#include "topology/quota.h"

#include <gtest/gtest.h>

namespace monolens::topology {
namespace {

using std::chrono::milliseconds;

TEST(Quota, LetsASecondsWorthThroughAndThenSoManyASecond) {
  const Quota::Clock::time_point start{};
  Quota quota(100, start);
  EXPECT_EQ(quota.take(100, start).count(), 0);
  EXPECT_DOUBLE_EQ(quota.take(10, start).count(), 0.1);
  EXPECT_DOUBLE_EQ(quota.take(10, start + milliseconds(100)).count(), 0.1);
  EXPECT_EQ(quota.take(30, start + milliseconds(600)).count(), 0);
}

TEST(Quota, SavesUpNoMoreThanASecondsWorth) {
  const Quota::Clock::time_point start{};
  Quota quota(100, start);
  EXPECT_DOUBLE_EQ(quota.take(150, start + milliseconds(60'000)).count(), 0.5);
}

TEST(Quota, OfNothingIsNoLimit) {
  Quota quota(0, {});
  EXPECT_EQ(quota.take(1e9, {}).count(), 0);
}

}  // namespace
}  // namespace monolens::topology

#include "service/capacity.h"

#include <gtest/gtest.h>

namespace monolens {
namespace {

// Measures `id` once a second from `from` to `to`, seconds, at a steady use.
void run(Capacity& capacity, const std::string& id, double cores, int from, int to, double cpu_s = 0) {
  for (int s = from; s <= to; ++s) capacity.measure(id, cpu_s + cores * (s - from), 1'000 * (s + 1));
}

TEST(Capacity, ExpectsOfANewMonitorWhatTheOthersUse) {
  Capacity capacity(1);
  EXPECT_FALSE(capacity.lack()) << "an idle instance has room";
  capacity.add("a");
  EXPECT_DOUBLE_EQ(capacity.used(), Capacity::kUnknownCores);
  run(capacity, "a", 0.4, 0, 20);
  EXPECT_NEAR(capacity.used(), 0.4, 1e-9);
  capacity.add("b");
  EXPECT_NEAR(capacity.used(), 0.8, 1e-9);
  ASSERT_TRUE(capacity.lack());
  EXPECT_NEAR(capacity.lack()->needed, 0.4, 1e-9);
  EXPECT_NEAR(capacity.lack()->free, 0.2, 1e-9);
}

TEST(Capacity, HasRoomAgainWhenAMonitorIsGone) {
  Capacity capacity(1);
  for (const char* id : {"a", "b"}) {
    capacity.add(id);
    run(capacity, id, 0.45, 0, 20);
  }
  EXPECT_TRUE(capacity.lack());
  capacity.forget("b");
  EXPECT_FALSE(capacity.lack());
}

TEST(Capacity, CountsOnlyWhatItWasToldOf) {
  Capacity capacity(1);
  run(capacity, "a file", 0.9, 0, 20);
  EXPECT_EQ(capacity.used(), 0);
}

TEST(Capacity, FollowsAChangeOverHalfAMinute) {
  Capacity capacity(4);
  capacity.add("a");
  run(capacity, "a", 0.2, 0, 100);
  run(capacity, "a", 0.8, 101, 130, 0.2 * 100 + 0.8);
  EXPECT_GT(capacity.used(), 0.5);
  EXPECT_LT(capacity.used(), 0.7);
  run(capacity, "a", 0.8, 131, 400, 0.2 * 100 + 0.8 * 31);
  EXPECT_NEAR(capacity.used(), 0.8, 0.01);
}

TEST(Capacity, MeasuresAnewAfterARestart) {
  Capacity capacity(4);
  capacity.add("a");
  run(capacity, "a", 0.5, 0, 30);
  capacity.measure("a", 0, 40'000);
  EXPECT_DOUBLE_EQ(capacity.used(), Capacity::kUnknownCores) << "it is not known any more";
  run(capacity, "a", 0.5, 39, 60);
  EXPECT_NEAR(capacity.used(), 0.5, 0.01);
}

}  // namespace
}  // namespace monolens

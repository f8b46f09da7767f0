#include "cluster/placement.h"

#include <gtest/gtest.h>

namespace monolens {
namespace {

TEST(Placement, TheFullerWaitsLonger) {
  EXPECT_EQ(pull_delay({.used_cores = 0, .capacity_cores = 4}).count(), 0);
  EXPECT_EQ(pull_delay({.used_cores = 2, .capacity_cores = 4}).count(), 250);
  EXPECT_EQ(pull_delay({.used_cores = 9, .capacity_cores = 4}).count(), 500);
}

TEST(Placement, GivesUpToAnEmptyInstanceThatJoined) {
  EXPECT_TRUE(should_give_up({.used_cores = 2, .capacity_cores = 4, .pairs = 10}, {{.capacity_cores = 4}}));
}

TEST(Placement, KeepsWhatItHasWhereAllAreNearlyAlike) {
  const InstanceLoad other{.used_cores = 1.6, .capacity_cores = 4, .pairs = 8};
  EXPECT_FALSE(should_give_up({.used_cores = 2, .capacity_cores = 4, .pairs = 10}, {other, other}));
  EXPECT_FALSE(should_give_up({.used_cores = 2, .capacity_cores = 4, .pairs = 10}, {}));
}

TEST(Placement, OnlyTheFullestGivesUp) {
  const InstanceLoad full{.used_cores = 3, .capacity_cores = 4, .pairs = 15};
  const InstanceLoad fuller{.used_cores = 3.5, .capacity_cores = 4, .pairs = 17};
  EXPECT_FALSE(should_give_up(full, {fuller, {.capacity_cores = 4}}));
  EXPECT_TRUE(should_give_up(fuller, {full, {.capacity_cores = 4}}));
}

TEST(Placement, KeepsItsOnlyPairHoweverEmptyTheOthersAre) {
  EXPECT_FALSE(should_give_up({.used_cores = 2, .capacity_cores = 4, .pairs = 1}, {{.capacity_cores = 4}}));
}

TEST(Placement, GivesNothingToOneThatWouldBeFullerThanItself) {
  EXPECT_FALSE(should_give_up({.used_cores = 4, .capacity_cores = 8, .pairs = 4}, {{.capacity_cores = 0.5}}));
}

// Each gives up at most one at a time, and the loads come together without any pair going back.
TEST(Placement, ComesToRest) {
  InstanceLoad loads[3] = {{1.8, 2, 18}, {0, 2, 0}, {0.2, 2, 2}};
  int moved = 0;
  for (; moved < 100; ++moved) {
    int from = -1;
    for (int i = 0; i < 3; ++i) {
      std::vector<InstanceLoad> others;
      for (int j = 0; j < 3; ++j)
        if (j != i) others.push_back(loads[j]);
      if (should_give_up(loads[i], others)) from = i;
    }
    if (from < 0) break;
    EXPECT_EQ(from, 0);
    int to = 0;
    for (int i = 1; i < 3; ++i)
      if (loads[i].share() < loads[to].share()) to = i;
    loads[from].used_cores -= 0.1;
    --loads[from].pairs;
    loads[to].used_cores += 0.1;
    ++loads[to].pairs;
  }
  EXPECT_LT(moved, 13);
  EXPECT_LE(loads[0].pairs, 9U);
}

}  // namespace
}  // namespace monolens

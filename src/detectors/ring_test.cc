#include "detectors/ring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace monolens {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

template <std::size_t N>
std::vector<int> values(const Ring<int, N>& ring) {
  std::vector<int> all;
  for (std::size_t i = 0; i < ring.size(); ++i) all.push_back(ring[i]);
  return all;
}

TEST(Ring, HoldsTheLastValuesOldestFirst) {
  Ring<int, 3> ring;
  EXPECT_TRUE(ring.empty());
  EXPECT_THAT(values(ring), IsEmpty());
  ring.push(1);
  ring.push(2);
  EXPECT_THAT(values(ring), ElementsAre(1, 2));
  EXPECT_FALSE(ring.empty());
  EXPECT_FALSE(ring.full());
  ring.push(3);
  EXPECT_TRUE(ring.full());
  EXPECT_THAT(values(ring), ElementsAre(1, 2, 3));
  for (const int n : {4, 5, 6, 7}) ring.push(n);
  EXPECT_THAT(values(ring), ElementsAre(5, 6, 7));
  EXPECT_EQ(ring.last(), 7);
}

TEST(Ring, ForgetsWhatItHeldWhenCleared) {
  Ring<int, 3> ring;
  for (const int n : {1, 2, 3, 4}) ring.push(n);
  ring.clear();
  EXPECT_TRUE(ring.empty());
  EXPECT_FALSE(ring.full());
  ring.push(5);
  EXPECT_THAT(values(ring), ElementsAre(5));
  EXPECT_EQ(ring.last(), 5);
}

TEST(Ring, CountsWhatItHoldsAndNothingElse) {
  Ring<int, 4> ring;
  const auto small = [](int n) { return n < 3; };
  EXPECT_EQ(ring.count(small), 0U);
  ring.push(1);
  EXPECT_EQ(ring.count(small), 1U);
  for (const int n : {5, 2, 6, 2}) ring.push(n);
  EXPECT_EQ(ring.count(small), 2U);
}

TEST(Ring, KnowsItsMedian) {
  const struct {
    std::vector<int> pushed;
    int median;
  } cases[] = {
      {{7}, 7},           {{9, 3}, 9},  // the upper one
      {{5, 1, 3}, 3},     {{4, 1, 3, 2}, 3},
      {{-4, -1, -3}, -3}, {{100, 100, 100, 5, 1, 4, 2, 3}, 3},  // what it no longer holds does not count
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(testing::PrintToString(c.pushed));
    Ring<int, 5> ring;
    for (const int n : c.pushed) ring.push(n);
    EXPECT_EQ(median(ring), c.median);
  }
}

}  // namespace
}  // namespace monolens

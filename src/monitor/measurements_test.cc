#include "monitor/measurements.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace monolens {
namespace {

TEST(Measurements, KeepsSumLeastGreatestAndNumberOfEachQuantity) {
  Measurements m;
  for (const double v : {2.0, -1.0, 5.0}) m.add("a", v);
  m.add("b", 7.0);
  EXPECT_EQ(m.quantities().at("a"), (Quantity{.sum = 6, .least = -1, .greatest = 5, .count = 3}));
  EXPECT_DOUBLE_EQ(m.quantities().at("a").mean(), 2);
  EXPECT_EQ(m.quantities().at("b"), (Quantity{.sum = 7, .least = 7, .greatest = 7, .count = 1}));
}

TEST(Measurements, OfTwoStretchesAreThoseOfBoth) {
  Measurements first;
  first.add("a", 1);
  first.add("a", 3);
  Measurements second;
  second.add("a", -4);
  second.add("b", 2);
  first.add(second);
  EXPECT_EQ(first.quantities().at("a"), (Quantity{.sum = 0, .least = -4, .greatest = 3, .count = 3}));
  EXPECT_EQ(first.quantities().at("b").count, 1U);
}

TEST(Measurements, LeaveOutWhatIsNoNumber) {
  Measurements m;
  m.add("a", std::nan(""));
  m.add("a", -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(m.empty());
}

TEST(Measurements, AQuantityOfNothingAddsNothing) {
  Quantity q{.sum = 5, .least = 5, .greatest = 5, .count = 1};
  q.add(Quantity{});
  EXPECT_EQ(q, (Quantity{.sum = 5, .least = 5, .greatest = 5, .count = 1}));
}

}  // namespace
}  // namespace monolens

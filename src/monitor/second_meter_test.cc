#include "monitor/second_meter.h"

#include <gtest/gtest.h>

namespace monolens {
namespace {

using namespace time_literals;

TEST(SecondMeter, HandsOutASecondOnceItIsOver) {
  SecondMeter meter;
  meter.add(0.1_s, "a", 1);
  meter.add(0.9_s, "a", 3);
  meter.add(1.1_s, "a", 10);
  EXPECT_TRUE(meter.take(0.99_s).empty());
  const auto first = meter.take(1.2_s);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].start, 0_s);
  EXPECT_DOUBLE_EQ(first[0].measured.quantities().at("a").mean(), 2);
  EXPECT_TRUE(meter.take(1.9_s).empty());
  const auto rest = meter.take(MediaTime::max());
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].start, 1_s);
}

TEST(SecondMeter, CountsAddUpToOneValue) {
  SecondMeter meter;
  for (const auto t : {2.0_s, 2.5_s, 2.9_s}) meter.count(t, "pictures", 1);
  const auto seconds = meter.take(3_s);
  ASSERT_EQ(seconds.size(), 1U);
  EXPECT_EQ(seconds[0].measured.quantities().at("pictures"),
            (Quantity{.sum = 3, .least = 3, .greatest = 3, .count = 1}));
}

TEST(SecondMeter, SecondsWithNothingAreNotThere) {
  SecondMeter meter;
  meter.add(0_s, "a", 1);
  meter.add(5_s, "a", 1);
  const auto seconds = meter.take(6_s);
  ASSERT_EQ(seconds.size(), 2U);
  EXPECT_EQ(seconds[1].start, 5_s);
}

TEST(SecondMeter, WhatComesAfterItsSecondWasHandedOutIsLeftOut) {
  SecondMeter meter;
  meter.add(1.5_s, "a", 1);
  EXPECT_EQ(meter.take(2_s).size(), 1U);
  meter.add(1.9_s, "a", 100);
  meter.add(2_s, "a", 2);
  const auto seconds = meter.take(3_s);
  ASSERT_EQ(seconds.size(), 1U);
  EXPECT_DOUBLE_EQ(seconds[0].measured.quantities().at("a").greatest, 2);
}

TEST(SecondMeter, BeforeThePresentationThereIsNoSecond) {
  SecondMeter meter;
  meter.add(MediaTime() - 0.5_for_s, "a", 1);
  EXPECT_TRUE(meter.take(MediaTime::max()).empty());
}

}  // namespace
}  // namespace monolens

#include "cost/fleet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace monolens::cost {
namespace {

using testing::HasSubstr;

PriceBook round_prices() {
  PriceBook b = default_price_book();
  b.usable_share.value = 0.5;
  b.savings_share.value = 0;
  b.instance_vcpus.value = 2;
  b.instance_gib.value = 4;
  b.instance_vcpu_h.amount = 0.05;
  return b;
}

// 0.1 CPU seconds a second, of which freeze takes 0.02 and hum 0.01.
Usage monolith() {
  return {.name = "m",
          .stream_s = 100,
          .components = {{.name = "monolith",
                          .cpu_s = 10,
                          .parts = {{"decode", 5}, {"detector freeze", 2}, {"detector hum", 1}},
                          .mean_gib = 0.125}}};
}

Usage distributed() {
  return {.name = "d",
          .topology = Topology::kDistributed,
          .stream_s = 100,
          .components = {{.name = "media conversion", .cpu_s = 10, .mean_gib = 0.5, .invocations = 100},
                         {.name = "detector freeze", .cpu_s = 20, .mean_gib = 0.25, .invocations = 100},
                         {.name = "detector hum", .cpu_s = 5, .mean_gib = 0.25, .invocations = 100}},
          .store = {.gets = 1000, .get_gib = 10},
          .workflow = {.starts = 100, .transitions = 600, .largest_payload = 300'000}};
}

TEST(Fleet, CountsWholeInstancesByMeasuredCost) {
  const FleetPlan plan = plan_fleet(monolith(), 5001, round_prices());
  EXPECT_DOUBLE_EQ(plan.vcpus, 1000.2);
  EXPECT_DOUBLE_EQ(plan.gib, 625.125);
  EXPECT_EQ(plan.instances, 501);
  EXPECT_DOUBLE_EQ(plan.amount_a_month, 501 * 2 * 730 * 0.05);
  EXPECT_FALSE(plan.ceiling);
}

TEST(Fleet, MemoryMayAskForMoreInstancesThanCpu) {
  Usage m = monolith();
  m.components[0].mean_gib = 1;
  EXPECT_EQ(plan_fleet(m, 1000, round_prices()).instances, 250);
}

TEST(Fleet, QuotasEndADistributedOne) {
  const FleetPlan plan = plan_fleet(distributed(), 1000, round_prices());
  ASSERT_TRUE(plan.ceiling);
  EXPECT_DOUBLE_EQ(plan.ceiling->transitions_a_stream_s, 6);
  EXPECT_EQ(plan.ceiling->streams, 833);
  EXPECT_EQ(plan.ceiling->streams_before, 250);
  EXPECT_EQ(plan.ceiling->streams_by_starts, 300);
  EXPECT_FALSE(plan.ceiling->payload_fits);
  // 1000 streams × 730 h × 3600 s × 6 transitions, and 10 GETs a second
  EXPECT_NEAR(plan.amount_a_month_for_use, 394'200 + 10'512, 1e-6);
}

TEST(Fleet, DetectorsThatAreLeftOutTakeTheirTimeWithThem) {
  const auto m = with_detectors(monolith(), {"hum"});
  ASSERT_TRUE(m);
  EXPECT_DOUBLE_EQ(m->cpu_s(), 8);
  const auto d = with_detectors(distributed(), {"hum"});
  ASSERT_TRUE(d);
  EXPECT_DOUBLE_EQ(d->cpu_s(), 15);
  EXPECT_EQ(d->invocations(), 200U);
  EXPECT_EQ(d->workflow.transitions, 500U);
  EXPECT_EQ(d->store.gets, 500U);
  EXPECT_DOUBLE_EQ(with_detectors(monolith(), {})->cpu_s(), 10);
}

TEST(Fleet, ADetectorThatWasNotMeasuredIsNoPlan) {
  const auto none = with_detectors(monolith(), {"freze"});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("did you mean 'freeze'?"));
}

}  // namespace
}  // namespace monolens::cost

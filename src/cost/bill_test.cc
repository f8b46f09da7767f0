#include "cost/bill.h"

#include <gtest/gtest.h>

#include <map>

namespace monolens::cost {
namespace {

// Prices and terms that make sums which can be done in the head.
PriceBook round_prices() {
  PriceBook b = default_price_book();
  b.function_vcpu_gib.value = 2;
  b.express_memory_gib.value = 0.0625;
  b.usable_share.value = 0.5;
  b.savings_share.value = 0.25;
  b.instance_vcpus.value = 2;
  b.instance_gib.value = 4;
  return b;
}

// Half an hour of stream: quantities of an hour are twice these.
Usage distributed() {
  return {.name = "d",
          .topology = Topology::kDistributed,
          .stream_s = 1800,
          .components = {{.name = "media conversion",
                          .cpu_s = 180,
                          .mean_gib = 0.5,
                          .peak_gib = 1,
                          .invocations = 1800,
                          .function_s = 200},
                         {.name = "detector freeze",
                          .cpu_s = 90,
                          .mean_gib = 0.25,
                          .peak_gib = 3,  // more than comes with a vCPU
                          .invocations = 1800,
                          .function_s = 100},
                         {.name = "orchestration", .cpu_s = 900, .mean_gib = 8, .workflow = true}},
          .store = {.puts = 54'000, .gets = 108'000, .stored_gib_s = 730.0 * 3600},
          .workflow = {.starts = 1800, .transitions = 9000, .duration_s = 3600},
          .notifications = 500};
}

Usage monolith() {
  return {.name = "m",
          .topology = Topology::kMonolith,
          .stream_s = 1800,
          .components = {{.name = "monolith", .cpu_s = 90, .mean_gib = 0.125}},
          .notifications = 500};
}

std::map<std::string, std::pair<double, double>> lines_of(const Bill& bill) {
  std::map<std::string, std::pair<double, double>> lines;
  for (const Line& l : bill.lines) lines[l.what] = {l.quantity, l.amount};
  return lines;
}

void expect_lines(const Bill& bill, const std::map<std::string, std::pair<double, double>>& expected) {
  const auto lines = lines_of(bill);
  ASSERT_EQ(lines.size(), expected.size());
  double total = 0;
  for (const auto& [what, figures] : expected) {
    ASSERT_TRUE(lines.contains(what)) << what;
    EXPECT_DOUBLE_EQ(lines.at(what).first, figures.first) << what;
    EXPECT_DOUBLE_EQ(lines.at(what).second, figures.second) << what;
    total += figures.second;
  }
  EXPECT_DOUBLE_EQ(bill.total(), total);
}

TEST(Bill, FunctionsWithAStandardWorkflowPayByTransition) {
  expect_lines(bill_of(distributed(), Deployment::kFunctions, round_prices()),
               {{"function requests", {7200, 0.00144}},
                // (200 s × 2 GB + 100 s × 3 GB) × 2
                {"function duration", {1400, 0.02333338}},
                {"workflow transitions", {18'000, 0.45}},
                {"object PUTs", {108'000, 0.54}},
                {"object GETs", {216'000, 0.0864}},
                {"objects kept", {2, 0.046}},
                {"notifications", {1000, 0.0005}}});
}

TEST(Bill, FunctionsWithAnExpressWorkflowPayByDuration) {
  const auto lines = lines_of(bill_of(distributed(), Deployment::kFunctionsExpress, round_prices()));
  EXPECT_FALSE(lines.contains("workflow transitions"));
  EXPECT_DOUBLE_EQ(lines.at("workflow requests").first, 3600);
  EXPECT_DOUBLE_EQ(lines.at("workflow requests").second, 0.0036);
  // 3600 s × 2 × 64 MB
  EXPECT_DOUBLE_EQ(lines.at("workflow duration").first, 450);
  EXPECT_DOUBLE_EQ(lines.at("workflow duration").second, 0.0075015);
}

TEST(Bill, ContainersPayForHeadroomAndForMemoryAsLongAsTheStreamIsLive) {
  const auto lines = lines_of(bill_of(distributed(), Deployment::kContainers, round_prices()));
  // 270 CPU s of 1800 s, half of each vCPU usable; the workflow service's own work is not in it.
  EXPECT_DOUBLE_EQ(lines.at("container vCPU").first, 0.3);
  EXPECT_DOUBLE_EQ(lines.at("container vCPU").second, 0.012144);
  EXPECT_DOUBLE_EQ(lines.at("container memory").first, 0.75);
  EXPECT_DOUBLE_EQ(lines.at("container memory").second, 0.00333375);
  EXPECT_DOUBLE_EQ(lines.at("workflow transitions").second, 0.45);
}

TEST(Bill, AMonolithPaysForComputeAndNotifications) {
  expect_lines(bill_of(monolith(), Deployment::kInstances, round_prices()),
               {{"instances", {0.1, 0.0031875}}, {"notifications", {1000, 0.0005}}});
}

TEST(Bill, AnInstanceThatMemoryFillsIsPaidByMemory) {
  Usage m = monolith();
  m.components[0].mean_gib = 1;
  expect_lines(bill_of(m, Deployment::kInstances, round_prices()),
               {{"instances, for their memory", {0.5, 0.0159375}}, {"notifications", {1000, 0.0005}}});
}

TEST(Bill, StreamsOfOneRunShareIt) {
  Usage two = monolith();
  two.streams = 2;
  two.stream_s *= 2;
  two.components[0].cpu_s *= 2;
  two.components[0].mean_gib *= 2;
  two.notifications *= 2;
  const Bill of_two = bill_of(two, Deployment::kContainers, round_prices());
  const Bill of_one = bill_of(monolith(), Deployment::kContainers, round_prices());
  EXPECT_DOUBLE_EQ(of_two.total(), of_one.total());
}

TEST(Bill, TheLargestLineDominatesAndTheMonolithOnInstancesIsTheBaseline) {
  const auto bills = bills_of({distributed(), monolith()}, round_prices());
  ASSERT_EQ(bills.size(), 6U);
  EXPECT_EQ(bills[0].largest().what, "object PUTs");
  ASSERT_NE(baseline_of(bills), nullptr);
  EXPECT_EQ(baseline_of(bills), &bills[5]);
  EXPECT_EQ(baseline_of(bills_of({distributed()}, round_prices())), nullptr);
}

}  // namespace
}  // namespace monolens::cost

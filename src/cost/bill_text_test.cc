#include "cost/bill_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace monolens::cost {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::vector<Usage> runs() {
  return {{.name = "monolith",
           .stream_s = 3600,
           .wall_s = 400,
           .components = {{.name = "monolith", .cpu_s = 360, .mean_gib = 0.125}}},
          {.name = "frames & </script>",
           .topology = Topology::kDistributed,
           .stream_s = 3600,
           .components = {{.name = "media conversion", .cpu_s = 360, .invocations = 3600}},
           .workflow = {.starts = 3600, .transitions = 20'000}}};
}

TEST(BillText, ShowsLinesTotalSavingAndWhatDominates) {
  const PriceBook& book = default_price_book();
  EXPECT_THAT(bill_table(bills_of(runs(), book), book),
              AllOf(HasSubstr("monolith, on instances (the baseline)"), HasSubstr("workflow transitions"),
                    HasSubstr("dominated by workflow transitions"), HasSubstr("the baseline saves 98.8 %")));
  EXPECT_THAT(usage_table(runs()), AllOf(HasSubstr("transitions an hour"), HasSubstr("20000")));
  EXPECT_THAT(usage_table(runs()), HasSubstr("messages and all else         0.1000      0.1000"));
}

TEST(BillText, AFleetShowsItsCeiling) {
  const PriceBook& book = default_price_book();
  const std::string text = fleet_table({plan_fleet(runs()[1], 5000, book)}, book);
  EXPECT_THAT(text, AllOf(HasSubstr("ends it at 900 streams"), HasSubstr("starts/s at 300")));
}

TEST(BillText, JsonHoldsRatiosAgainstTheBaseline) {
  const PriceBook& book = default_price_book();
  const auto json = cost_json(runs(), bills_of(runs(), book), {}, book);
  EXPECT_EQ(json["schema"], "monolens.cost/1");
  EXPECT_TRUE(json["bills"][1]["baseline"]);
  EXPECT_DOUBLE_EQ(json["bills"][1]["ratio"], 1);
  EXPECT_EQ(json["bills"][2]["dominant"], "workflow transitions");
}

TEST(BillText, ThePageHoldsItsDataAsTextThatCanNotEndIt) {
  const PriceBook& book = default_price_book();
  const std::string page = cost_html(cost_json(runs(), bills_of(runs(), book), {}, book));
  EXPECT_THAT(page, AllOf(HasSubstr("frames \\u0026 \\u003c/script\\u003e"), Not(HasSubstr("{{"))));
}

}  // namespace
}  // namespace monolens::cost

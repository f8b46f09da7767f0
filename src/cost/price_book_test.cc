#include "cost/price_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace monolens::cost {
namespace {

using testing::HasSubstr;

std::string changed(std::string_view from, std::string_view to) {
  std::string text = default_price_book_text();
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string error_of(const std::string& text) {
  const auto book = parse_price_book(text, "my.toml");
  return book ? "taken" : book.error().message;
}

TEST(PriceBook, TheBuiltInOneHoldsTheListPrices) {
  const PriceBook& b = default_price_book();
  EXPECT_EQ(b.currency, "USD");
  struct {
    const Price& price;
    double quantity;
    double amount;
  } const table[] = {
      {b.function_request, 1'000'000, 0.20}, {b.function_gib_s, 1, 0.0000166667},
      {b.workflow_transition, 1000, 0.025},  {b.express_request, 1'000'000, 1.00},
      {b.express_gib_s, 1, 0.00001667},      {b.object_put, 1000, 0.005},
      {b.object_get, 1000, 0.0004},          {b.topic_publish, 1'000'000, 0.50},
      {b.container_vcpu_h, 1, 0.04048},      {b.container_gib_h, 1, 0.004445},
      {b.instance_vcpu_h, 1, 0.0425},
  };
  for (const auto& row : table) EXPECT_DOUBLE_EQ(row.price.of(row.quantity), row.amount) << row.price.source;
  EXPECT_EQ(b.transitions_per_s.value, 5000);
  EXPECT_EQ(b.transitions_per_s_before.value, 1500);
  EXPECT_EQ(b.payload_bytes.value, 256 * 1024);
}

TEST(PriceBook, AnHourOfACoreAtWorkPaysForTheHeadroomBesideIt) {
  const Price list = core_hour(default_price_book());
  EXPECT_DOUBLE_EQ(list.of(1), 0.0425 / 0.7);
  EXPECT_EQ(list.region, "us-east-1");
  EXPECT_THAT(list.source, testing::EndsWith(", of which 70 % is used"));
  const auto cheaper = parse_price_book(changed("value = 0.0\n", "value = 0.3\n"), "my.toml");
  ASSERT_TRUE(cheaper);
  EXPECT_DOUBLE_EQ(core_hour(*cheaper).of(1), 0.0425);
  EXPECT_THAT(core_hour(*cheaper).source, testing::EndsWith(", less 30 %"));
}

TEST(PriceBook, APriceWithoutItsDateOrSourceIsNone) {
  EXPECT_THAT(error_of(changed("date = \"2026-11-29\"\n", "")), HasSubstr("date is missing"));
  EXPECT_THAT(error_of(changed("source = \"https://aws.amazon.com/lambda/pricing/\"\n", "")),
              HasSubstr("source is missing"));
}

TEST(PriceBook, APriceInAnotherUnitIsRefusedWhereItStands) {
  EXPECT_EQ(error_of("schema = \"monolens.prices/1\"\nname = \"n\"\ncurrency = \"EUR\"\nprices = 1\n"),
            "my.toml:4:10: prices must be a table");
  EXPECT_THAT(error_of(changed("unit = \"GB-s\"", "unit = \"GB-h\"")), HasSubstr("unit must be 'GB-s'"));
}

TEST(PriceBook, NumbersOutOfRangeAndUnknownKeysAreRefused) {
  EXPECT_THAT(error_of(changed("amount = 0.20", "amount = -0.20")), HasSubstr("amount must be from 0"));
  EXPECT_THAT(error_of(changed("per = 1_000_000", "per = 0")), HasSubstr("per must be from 1"));
  EXPECT_THAT(error_of(changed("amount = 0.20", "amount = \"0.20\"")), HasSubstr("amount must be a number"));
  EXPECT_THAT(error_of(changed("[prices.object_put]", "[prices.object_puts]")),
              HasSubstr("did you mean 'object_put'?"));
  EXPECT_THAT(error_of("schema = "), HasSubstr("my.toml:1:"));
}

}  // namespace
}  // namespace monolens::cost

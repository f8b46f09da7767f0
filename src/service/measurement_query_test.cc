#include "service/measurement_query.h"

#include <gtest/gtest.h>

namespace monolens {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kNow = 1'767'225'600;  // 2026-01-01T00:00:00Z

HttpRequest asking(decltype(HttpRequest::query) query) {
  HttpRequest request;
  request.query = std::move(query);
  return request;
}

TEST(MeasurementQuery, IsTheLastHourByDefault) {
  auto query = parse_measurement_query(asking({}), kNow);
  ASSERT_TRUE(query);
  EXPECT_EQ(query->from_s, kNow - 3600);
  EXPECT_EQ(query->until_s, kNow);
  EXPECT_EQ(query->step_s, 60);
}

TEST(MeasurementQuery, TakesTheFinestStepThatGivesFewRows) {
  EXPECT_EQ(parse_measurement_query(asking({{"from", "2025-12-31T23:50:00Z"}}), kNow)->step_s, 1);
  EXPECT_EQ(parse_measurement_query(asking({{"from", "2025-12-31T00:00:00Z"}}), kNow)->step_s, 60);
  EXPECT_EQ(parse_measurement_query(asking({{"from", "2025-10-01T00:00:00Z"}}), kNow)->step_s, 3600);
}

TEST(MeasurementQuery, SaysWhatIsWrong) {
  const auto message = [](decltype(HttpRequest::query) query) {
    auto parsed = parse_measurement_query(asking(std::move(query)), kNow);
    return parsed ? std::string("nothing") : parsed.error().message;
  };
  EXPECT_EQ(message({{"step", "5"}}), "parameter 'step' must be 1, 60 or 3600");
  EXPECT_EQ(message({{"from", "yesterday"}}), "parameter 'from' must be an RFC 3339 time");
  EXPECT_EQ(message({{"from", "2026-01-02T00:00:00Z"}}), "parameter 'from' must be before 'until'");
  EXPECT_EQ(message({{"step", "1"}, {"from", "2025-12-01T00:00:00Z"}}),
            "parameter 'step' gives more than 10000 rows for this time");
  EXPECT_EQ(message({{"since", "x"}}), "unknown parameter 'since'");
}

TEST(MeasurementQuery, AnswersInColumnsWithNullWhereNothingWasMeasured) {
  std::vector<MeasurementBook::Second> rows = {{"a", kNow, {}}, {"a", kNow + 1, {}}};
  rows[0].measured.add("x", 1);
  rows[1].measured.add("x", 2);
  rows[1].measured.add("x", 4);
  rows[1].measured.add("y", 7);
  const Json json = measurement_columns(rows, 1);
  EXPECT_EQ(json["step_s"], 1);
  EXPECT_EQ(json["at"], Json({"2026-01-01T00:00:00.000Z", "2026-01-01T00:00:01.000Z"}));
  EXPECT_EQ(json["quantities"]["x"],
            Json({{"mean", {1.0, 3.0}}, {"least", {1.0, 2.0}}, {"greatest", {1.0, 4.0}}}));
  EXPECT_EQ(json["quantities"]["y"]["mean"], Json({nullptr, 7.0}));
}

}  // namespace
}  // namespace monolens

#include "service/measurement_json.h"

#include <gtest/gtest.h>

namespace monolens {
namespace {

using Json = nlohmann::json;

TEST(MeasurementJson, ComesBackAsItWas) {
  Measurements m;
  m.add("luma_mean", 100.5);
  m.add("luma_mean", 101.5);
  m.add("lag_s", 0.25);
  EXPECT_EQ(to_json(m)["luma_mean"], Json({101.0, 100.5, 101.5, 2}));
  EXPECT_EQ(parse_measurements(to_json(m)), m);
  EXPECT_EQ(parse_measurements(Json::parse(to_text(m))), m);
}

TEST(MeasurementJson, OfNothingIsAnEmptyObject) { EXPECT_EQ(to_text({}), "{}"); }

TEST(MeasurementJson, TextHasSixDigits) {
  Measurements m;
  m.add("x", 1.0 / 3);
  EXPECT_EQ(to_text(m), R"({"x":[0.333333,0.333333,0.333333,1]})");
}

TEST(MeasurementJson, LeavesOutWhatIsNoQuantity) {
  const auto m = parse_measurements(Json::parse(
      R"({"short": [1, 2, 3], "text": ["a", 0, 0, 1], "none": [0, 0, 0, 0], "negative": [1, 1, 1, -1], "good": [1, 1, 1, 1]})"));
  EXPECT_EQ(m.quantities().size(), 1U);
  EXPECT_TRUE(m.quantities().contains("good"));
  EXPECT_TRUE(parse_measurements(Json::array()).empty());
}

}  // namespace
}  // namespace monolens

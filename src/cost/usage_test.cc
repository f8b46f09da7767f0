#include "cost/usage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace monolens::cost {
namespace {

using testing::HasSubstr;

Usage sample() {
  return {.name = "one object a frame",
          .topology = Topology::kDistributed,
          .streams = 2,
          .stream_s = 120,
          .wall_s = 30.5,
          .components = {{.name = "media conversion",
                          .cpu_s = 4.5,
                          .parts = {{"decode", 3.0}, {"encode", 1.0}},
                          .mean_gib = 0.25,
                          .peak_gib = 0.5,
                          .invocations = 120,
                          .function_s = 4.4,
                          .busy_s = 9},
                         {.name = "orchestration", .cpu_s = 1.5, .mean_gib = 0.125, .workflow = true}},
          .store = {.puts = 3600, .gets = 7200, .put_gib = 2, .get_gib = 4, .stored_gib_s = 8},
          .workflow = {.starts = 120,
                       .transitions = 3600,
                       .duration_s = 130,
                       .largest_payload = 4096,
                       .message_gib = 0.5},
          .notifications = 7};
}

std::string error_after(const std::function<void(nlohmann::json&)>& change) {
  nlohmann::json json = usage_json({sample()});
  change(json);
  const auto parsed = parse_usage(json.dump(), "u.json");
  return parsed ? "taken" : parsed.error().message;
}

TEST(Usage, IsTheSameAfterJson) {
  const auto json = usage_json({sample(), sample()});
  const auto parsed = parse_usage(json.dump(), "u.json");
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(usage_json(*parsed), json);
}

TEST(Usage, SumsItsComponents) {
  EXPECT_DOUBLE_EQ(sample().cpu_s(), 6.0);
  EXPECT_DOUBLE_EQ(sample().mean_gib(), 0.375);
  EXPECT_EQ(sample().invocations(), 120U);
  EXPECT_DOUBLE_EQ(sample().function_s(), 4.4);
}

TEST(Usage, WhatIsMissingOrNoAmountIsNamedWithItsPlace) {
  EXPECT_EQ(error_after([](auto& j) { j["runs"][0]["components"][1].erase("cpu_s"); }),
            "u.json: the document.runs[0].components[1].cpu_s is missing");
  EXPECT_THAT(error_after([](auto& j) { j["runs"][0]["store"]["gets"] = -1; }),
              HasSubstr("gets must be a count"));
  EXPECT_THAT(error_after([](auto& j) { j["runs"][0]["wall_s"] = "1"; }),
              HasSubstr("wall_s must be a number"));
  EXPECT_THAT(error_after([](auto& j) { j["runs"][0]["stream_s"] = 0; }), HasSubstr("must be more than 0"));
  EXPECT_THAT(error_after([](auto& j) { j["runs"] = nlohmann::json::array(); }), HasSubstr("runs is empty"));
  EXPECT_THAT(error_after([](auto& j) { j["schema"] = "monolens.usage/2"; }), HasSubstr("schema must be"));
}

}  // namespace
}  // namespace monolens::cost

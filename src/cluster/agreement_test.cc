#include "cluster/agreement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace monolens {
namespace {

using testing::HasSubstr;

TEST(Agreement, ComesOutAsItWentIn) {
  auto groups = DetectorGroups::make({{"rest", "all,-silence"}, {"sound", "silence"}});
  ASSERT_TRUE(groups);
  auto agreed = parse_agreement(agreement_to_json(*groups));
  ASSERT_TRUE(agreed) << agreed.error().message;
  EXPECT_EQ(*agreed, *groups);
}

TEST(Agreement, RefusesAnotherProtocolWhateverElseItHolds) {
  auto agreed = parse_agreement(R"({"protocol": 2, "groups": 7})");
  ASSERT_FALSE(agreed);
  EXPECT_EQ(agreed.error().code, ErrorCode::kRefused);
  EXPECT_EQ(agreed.error().message, "its instances speak protocol 2, this version speaks 1");
}

TEST(Agreement, RefusesWhatCantBeRead) {
  for (const char* text : {"", "[", "[]", R"({"protocol": "1"})", R"({"protocol": 1})",
                           R"({"protocol": 1, "groups": 7})", R"({"protocol": 1, "groups": {"all": 7}})"}) {
    auto agreed = parse_agreement(text);
    ASSERT_FALSE(agreed) << text;
    EXPECT_EQ(agreed.error().code, ErrorCode::kRefused) << text;
  }
}

TEST(Agreement, NamesADetectorThatThisVersionDoesNotHave) {
  auto agreed = parse_agreement(R"({"protocol": 1, "groups": {"all": ["smell"]}})");
  ASSERT_FALSE(agreed);
  EXPECT_THAT(agreed.error().message, HasSubstr("its detectors are others: group 'all'"));
}

}  // namespace
}  // namespace monolens

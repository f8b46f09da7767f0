#include "cluster/detector_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace monolens {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

const std::map<std::string, std::string> kTwo = {
    {"rest", "all,-silence,-phase"},
    {"sound", "silence,phase"},
};

TEST(DetectorGroups, OneGroupRunsWhatIsChosen) {
  auto parts = DetectorGroups().split("freeze,silence");
  ASSERT_TRUE(parts);
  EXPECT_THAT(*parts, ElementsAre(Pair("all", "freeze,silence")));
}

TEST(DetectorGroups, SplitsAChoiceAndLeavesOutGroupsWithNothingToDo) {
  auto groups = DetectorGroups::make(kTwo);
  ASSERT_TRUE(groups) << groups.error().message;
  EXPECT_THAT(*groups->split("freeze,silence,black"),
              ElementsAre(Pair("rest", "freeze,black"), Pair("sound", "silence")));
  EXPECT_THAT(*groups->split("phase"), ElementsAre(Pair("sound", "phase")));
  EXPECT_THAT(*groups->split("null"), ElementsAre(Pair("rest", "null")));
  EXPECT_FALSE(groups->split("freze"));
}

TEST(DetectorGroups, RefusesADetectorInTwoGroupsOrInNone) {
  auto twice = DetectorGroups::make({{"a", "all"}, {"b", "silence"}});
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().message, "detector 'silence' is in the groups 'a' and 'b'");
  auto none = DetectorGroups::make({{"a", "all,-silence"}});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, "detector 'silence' is in no group");
  auto unknown = DetectorGroups::make({{"a", "freze"}});
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("group 'a'"));
  EXPECT_FALSE(DetectorGroups::make({{"A.b", "all"}}));
}

}  // namespace
}  // namespace monolens

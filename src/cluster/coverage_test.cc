#include "cluster/coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace monolens {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Coverage, NamesWhatNobodyWatchesAndWhatTwoDo) {
  const std::set<MonitorGroup> wanted = {{"a", "all"}, {"b", "all"}, {"c", "all"}};
  const Coverage found =
      coverage(wanted, {{{"a", "all"}, {"1"}}, {{"b", "all"}, {"1", "2"}}, {{"old", "all"}, {"1", "2"}}});
  EXPECT_EQ(found.wanted, 3U);
  EXPECT_THAT(found.uncovered, ElementsAre(MonitorGroup{"c", "all"}));
  EXPECT_THAT(found.doubled, ElementsAre(MonitorGroup{"b", "all"}));
}

TEST(Coverage, OfNothingIsWhole) {
  const Coverage found = coverage({}, {});
  EXPECT_EQ(found.wanted, 0U);
  EXPECT_THAT(found.uncovered, IsEmpty());
}

}  // namespace
}  // namespace monolens

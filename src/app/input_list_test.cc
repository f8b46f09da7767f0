#include "app/input_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/testing/temporary_folder.h"

namespace monolens {
namespace {

using testing::ElementsAre;

class InputList : public testing::Test {
 protected:
  InputList() {
    for (const char* file : {"b.ts", "a.ts", "c.mp4", "odd[1].ts"}) std::ofstream(folder_.at(file)) << "x";
  }
  std::string at(const std::string& name) const { return folder_.at(name); }

  TemporaryFolder folder_;
};

TEST_F(InputList, ExpandsAPatternSortedInItsPlace) {
  EXPECT_THAT(expand_inputs({"-", at("?.ts"), at("c.mp4")}),
              ElementsAre("-", at("a.ts"), at("b.ts"), at("c.mp4")));
  EXPECT_THAT(expand_inputs({at("[ab].*")}), ElementsAre(at("a.ts"), at("b.ts")));
}

TEST_F(InputList, KeepsAPatternThatNothingMatches) {
  EXPECT_THAT(expand_inputs({at("*.mkv")}), ElementsAre(at("*.mkv")));
}

TEST_F(InputList, TakesAFileByItsNameThoughItLooksLikeAPattern) {
  EXPECT_THAT(expand_inputs({at("odd[1].ts")}), ElementsAre(at("odd[1].ts")));
}

TEST_F(InputList, LeavesAddressesAlone) {
  EXPECT_THAT(expand_inputs({"http://host/a?b=*"}), ElementsAre("http://host/a?b=*"));
}

}  // namespace
}  // namespace monolens

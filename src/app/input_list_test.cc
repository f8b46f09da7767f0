#include "app/input_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace monolens {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class InputList : public testing::Test {
 protected:
  InputList() {
    std::string name = (fs::temp_directory_path() / "input_list_XXXXXX").string();
    folder_ = mkdtemp(name.data());
    for (const char* file : {"b.ts", "a.ts", "c.mp4", "odd[1].ts"}) std::ofstream(folder_ / file) << "x";
  }
  ~InputList() override { fs::remove_all(folder_); }
  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  fs::path folder_;
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

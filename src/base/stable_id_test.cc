#include "base/stable_id.h"

#include <gtest/gtest.h>

#include <set>

namespace monolens {
namespace {

// FNV-1a as published: http://www.isthe.com/chongo/tech/comp/fnv/. A part ends in 0xff, which UTF-8 never
// holds.
TEST(StableId, IsFnv1aOfThePartsEachWithItsEnd) {
  EXPECT_EQ(stable_id({}), "cbf29ce484222325");
  EXPECT_EQ(stable_id({""}), "af64724c8602eb6e");
  EXPECT_EQ(stable_id({"a.ts", "video.freeze", "0/0/5000000000"}), "2fe16139d7a79965")
      << "ids of earlier versions stay";
}

TEST(StableId, TellsApartHowTextIsDividedIntoParts) {
  const std::set<std::string> ids = {stable_id({"abc"}),     stable_id({"ab", "c"}), stable_id({"a", "bc"}),
                                     stable_id({"abc", ""}), stable_id({"", "abc"}), stable_id({"c", "ab"})};
  EXPECT_EQ(ids.size(), 6U);
}

TEST(StableId, HasSixteenDigitsWhateverTheBytes) {
  for (const std::string_view text : {"", "x", "\x80\xff", "ümläut"}) {
    const std::string id = stable_id({text});
    EXPECT_EQ(id.size(), 16U);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos) << id;
  }
}

}  // namespace
}  // namespace monolens

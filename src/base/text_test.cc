#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace monolens {
namespace {

const std::vector<std::string> kNames = {"freeze", "black", "silence", "channel_missing", "missing"};

TEST(NearestName, FindsAMisspelling) {
  EXPECT_EQ(nearest_name("freze", kNames), "freeze");
  EXPECT_EQ(nearest_name("balck", kNames), "black");
  EXPECT_EQ(nearest_name("silenceses", kNames), "silence");
}

TEST(NearestName, ReturnsTheNameItselfWhenItIsRight) {
  EXPECT_EQ(nearest_name("missing", kNames), "missing");
}

TEST(NearestName, PrefersFewerEditsAndThenTheFirst) {
  EXPECT_EQ(nearest_name("ab", {"abcd", "abc", "abx"}), "abc");
}

TEST(NearestName, AllowsTwoEditsInAShortNameAndAThirdOfALongOne) {
  EXPECT_EQ(nearest_name("ab", {"abcd"}), "abcd");
  EXPECT_EQ(nearest_name("ab", {"abcde"}), "");
  EXPECT_EQ(nearest_name("chanel_missin", {"channel_missing"}), "channel_missing");
  EXPECT_EQ(nearest_name("chxxxl_missing", {"channel_missing"}), "channel_missing");
  EXPECT_EQ(nearest_name("chxxxx_xissing", {"channel_missing"}), "");
}

TEST(NearestName, IsEmptyWhenNothingIsNear) {
  EXPECT_EQ(nearest_name("loudness", kNames), "");
  EXPECT_EQ(nearest_name("loudness", {}), "");
}

TEST(Suggestion, NamesTheNearestOrElseAll) {
  EXPECT_EQ(suggestion("frezee", {"freeze", "black"}), ", did you mean 'freeze'?");
  EXPECT_EQ(suggestion("xyzzy", {"freeze", "black"}), "; there are freeze, black");
}

TEST(Split, TrimsPartsAndLeavesOutEmptyOnes) {
  EXPECT_THAT(split(" a, b ,,c", ','), ::testing::ElementsAre("a", "b", "c"));
  EXPECT_THAT(split("", ','), ::testing::IsEmpty());
}

TEST(Printable, LeavesNoControlCharacters) {
  EXPECT_EQ(printable("a\nb\x1b[31m\x7f\t"), "a_b_[31m__");
  EXPECT_EQ(printable("Düsseldorf – ok"), "Düsseldorf – ok");
}

}  // namespace
}  // namespace monolens

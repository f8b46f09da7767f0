#include "http/query.h"

#include <gmock/gmock.h>

#include <string>

namespace monolens {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using namespace std::string_literals;

TEST(PercentDecoded, DecodesEscapesInEitherCase) {
  EXPECT_EQ(percent_decoded("a%20b%2Fc%c3%A9+"), "a b/c\u00e9+");
  EXPECT_EQ(percent_decoded(""), "");
}

TEST(PercentDecoded, RefusesWhatTwoReadersCouldTakeForDifferentThings) {
  for (const std::string& text :
       {"%"s, "a%2"s, "%zz"s, "%2g"s, "% 0"s, "%+1"s, "%00"s, "a\0b"s, "%c0%af"s, "%e0%80%af"s,
        "%f0%80%80%af"s, "%ff"s, "%ed%a0%80"s, "%f4%90%80%80"s, "%c3"s, "\xc3"s}) {
    EXPECT_FALSE(percent_decoded(text)) << text;
  }
}

TEST(ParseQuery, KeepsOrderAndRepetitions) {
  EXPECT_THAT(*parse_query("b=2&a=1&b=%263&flag&=x&&e=a=b"),
              ElementsAre(Pair("b", "2"), Pair("a", "1"), Pair("b", "&3"), Pair("flag", ""), Pair("", "x"),
                          Pair("e", "a=b")));
  EXPECT_THAT(*parse_query(""), IsEmpty());
}

TEST(ParseQuery, TakesPlusForASpaceAndItsEscapeForAPlus) {
  EXPECT_THAT(*parse_query("q=a+b%2Bc"), ElementsAre(Pair("q", "a b+c")));
}

TEST(ParseQuery, RefusesABadEscapeInNameOrValue) {
  EXPECT_FALSE(parse_query("a=1&b=%"));
  EXPECT_FALSE(parse_query("%x=1"));
  EXPECT_FALSE(parse_query("a=%00"));
}

TEST(ParsePath, RefusesWhatCouldLeaveItsPlace) {
  for (const char* const path :
       {"", "a", "/..", "/../etc/passwd", "/a/../b", "/a/..", "/./a", "/a/.", "/%2e%2e/a", "/.%2E", "/a%2fb",
        "/a%2F..%2Fb", "/%c0%ae%c0%ae/", "/a%0ab", "/a%7f", "/%00"}) {
    EXPECT_FALSE(parse_path(path)) << path;
  }
}

TEST(ParsePath, LeavesOrdinaryPathsAsTheyAre) {
  for (const char* const path :
       {"/", "/a", "/a/", "//", "/a//b", "/...", "/.a", "/a..b", "/v1/monitors/x:y@z"}) {
    EXPECT_EQ(parse_path(path), path);
  }
  EXPECT_EQ(parse_path("/a%20b/%C3%A9"), "/a b/\u00e9");
}

TEST(ParseTarget, DropsTheHostOfAnAbsoluteForm) {
  for (const char* const target :
       {"/p?a=1", "http://host/p?a=1", "HTTPS://u@[::1]:8/p?a=1", "http:///p?a=1"}) {
    const auto parsed = parse_target(target);
    ASSERT_TRUE(parsed) << target;
    EXPECT_EQ(parsed->path, "/p");
    EXPECT_THAT(parsed->query, ElementsAre(Pair("a", "1")));
  }
  EXPECT_EQ(parse_target("http://host")->path, "/");
  EXPECT_EQ(parse_target("http://host?a=1")->path, "/");
  EXPECT_EQ(parse_target("*")->path, "*");
}

TEST(ParseTarget, RefusesOtherForms) {
  for (const char* const target :
       {"", "host:443", "ftp://host/p", "p", "?a=1", "/p#f", "/p?a=1#f", "http:/p", "**"}) {
    EXPECT_FALSE(parse_target(target)) << target;
  }
}

TEST(ParseTarget, KeepsASecondQuestionMarkInTheQuery) {
  EXPECT_THAT(parse_target("/p?a=b?c=d")->query, ElementsAre(Pair("a", "b?c=d")));
}

}  // namespace
}  // namespace monolens

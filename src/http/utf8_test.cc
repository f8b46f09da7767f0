#include "http/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace monolens {
namespace {

TEST(Utf8, KnowsTheFirstAndLastCharacterOfEachLength) {
  for (const char* const text : {"\x01", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                                 "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(utf8_character(text), std::string_view(text).size());
    EXPECT_TRUE(is_utf8(std::string(text) + text));
  }
}

TEST(Utf8, RefusesOverlongSurrogateTruncatedAndBeyond) {
  for (const char* const text :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xc2\xc0", "\xe0\x9f\xbf",
        "\xed\xa0\x80", "\xe1\x80", "\xe1\x80\x41", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xff", "\xfe"}) {
    EXPECT_EQ(utf8_character(text), 0u);
    EXPECT_FALSE(is_utf8(std::string("a") + text));
  }
  EXPECT_EQ(utf8_character(""), 0u);
  EXPECT_TRUE(is_utf8(""));
}

}  // namespace
}  // namespace monolens

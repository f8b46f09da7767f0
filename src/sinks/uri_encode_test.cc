#include "sinks/uri_encode.h"

#include <gtest/gtest.h>

namespace monolens {
namespace {

TEST(UriEncode, KeepsWhatIsUnreservedAndNothingElse) {
  constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  EXPECT_EQ(uri_encode(kUnreserved), kUnreserved);
  EXPECT_EQ(uri_encode(" !\"#$%&'()*+,/:;<=>?@[\\]^`{|}"),
            "%20%21%22%23%24%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D");
}

TEST(UriEncode, EncodesByteByByteWithUpperCaseDigits) {
  EXPECT_EQ(uri_encode("\u1234"), "%E1%88%B4");
  EXPECT_EQ(uri_encode(std::string_view("\0\x7f\xff", 3)), "%00%7F%FF");
}

TEST(UriEncode, KeepsSlashesWhereTheySeparate) { EXPECT_EQ(uri_encode("a b/c", "/"), "a%20b/c"); }

}  // namespace
}  // namespace monolens

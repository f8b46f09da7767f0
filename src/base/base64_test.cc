#include "base/base64.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace monolens {
namespace {

std::string of(std::string_view text) {
  return base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

// RFC 4648, section 10.
TEST(Base64, AgreesWithTheVectorsOfItsStandard) {
  EXPECT_EQ(of(""), "");
  EXPECT_EQ(of("f"), "Zg==");
  EXPECT_EQ(of("fo"), "Zm8=");
  EXPECT_EQ(of("foo"), "Zm9v");
  EXPECT_EQ(of("foob"), "Zm9vYg==");
  EXPECT_EQ(of("fooba"), "Zm9vYmE=");
  EXPECT_EQ(of("foobar"), "Zm9vYmFy");
}

TEST(Base64, UsesEveryDigitOfTheAlphabet) {
  std::vector<std::uint8_t> bytes;
  for (unsigned group = 0; group < 64; group += 4) {
    const unsigned bits = group << 18U | (group + 1) << 12U | (group + 2) << 6U | (group + 3);
    for (const unsigned shift : {16U, 8U, 0U})
      bytes.push_back(static_cast<std::uint8_t>(bits >> shift & 0xffU));
  }
  EXPECT_EQ(base64(bytes), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
}

}  // namespace
}  // namespace monolens

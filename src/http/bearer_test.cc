#include "http/bearer.h"

#include <gtest/gtest.h>

#include <string>

namespace monolens {
namespace {

// FIPS 180-4's example.
constexpr std::string_view kHashOfAbc =
    "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

std::string upper_digits(std::string_view hash) {
  std::string out(hash);
  for (char& c : out) {
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
  }
  return out.replace(0, 6, "sha256");
}

TEST(TokenHash, IsTheSha256OfTheToken) { EXPECT_EQ(token_hash("abc"), kHashOfAbc); }

TEST(BearerToken, IsFoundInTheHeader) {
  EXPECT_EQ(bearer_token("Bearer abc"), "abc");
  EXPECT_EQ(bearer_token("bEARER   a-b._~+/9=="), "a-b._~+/9==");
}

TEST(BearerToken, IsNotFoundInAnythingElse) {
  for (const char* const header : {"", "Bearer", "Bearer ", "Bearerabc", "Basic YWJj", "Bearer a b",
                                   "Bearer a,b", "Bearer =", "Bearer a=b", " Bearer abc", "Bearer abc ",
                                   "Bearer\tabc", "Bearer \"a\"", "Bearer \xc3\xa9", "abc"}) {
    EXPECT_FALSE(bearer_token(header)) << header;
  }
  EXPECT_FALSE(bearer_token(std::string_view("Bearer a\0b", 10)));
}

TEST(BearerTokens, KnowTheRoleOfATokenByItsHash) {
  BearerTokens tokens;
  EXPECT_TRUE(tokens.empty());
  ASSERT_TRUE(tokens.add(kHashOfAbc, Role::kRead));
  ASSERT_TRUE(tokens.add(token_hash("writer"), Role::kWrite));
  EXPECT_EQ(tokens.role_of("abc"), Role::kRead);
  EXPECT_EQ(tokens.role_of("writer"), Role::kWrite);
  EXPECT_FALSE(tokens.role_of("abd"));
  EXPECT_FALSE(tokens.role_of(""));
  EXPECT_FALSE(tokens.role_of(kHashOfAbc)) << "who has read the configuration has not got the token";
}

TEST(BearerTokens, TakeHashesInEitherCase) {
  BearerTokens tokens;
  ASSERT_TRUE(tokens.add(upper_digits(kHashOfAbc), Role::kRead));
  EXPECT_EQ(tokens.role_of("abc"), Role::kRead);
}

TEST(BearerTokens, GiveTheGreaterOfTwoRoles) {
  for (const auto& [first, second] :
       {std::pair(Role::kRead, Role::kWrite), std::pair(Role::kWrite, Role::kRead)}) {
    BearerTokens tokens;
    ASSERT_TRUE(tokens.add(kHashOfAbc, first));
    ASSERT_TRUE(tokens.add(kHashOfAbc, second));
    EXPECT_EQ(tokens.role_of("abc"), Role::kWrite);
  }
}

TEST(BearerTokens, RefuseWhatIsNoHash) {
  BearerTokens tokens;
  const std::string good(kHashOfAbc);
  for (const std::string& hash :
       {std::string(), std::string("abc"), good.substr(7), good.substr(0, good.size() - 1), good + "0",
        "md5:" + good.substr(7), good.substr(0, good.size() - 1) + "g"}) {
    EXPECT_FALSE(tokens.add(hash, Role::kRead)) << hash;
  }
  EXPECT_TRUE(tokens.empty());
}

}  // namespace
}  // namespace monolens

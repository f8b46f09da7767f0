#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace monolens {
namespace {

TEST(Result, HoldsAValueOrTheErrorThatStandsForIt) {
  const Result<int> value = 7;
  ASSERT_TRUE(value.ok());
  EXPECT_TRUE(value);
  EXPECT_EQ(*value, 7);

  const Result<int> failed = Error{ErrorCode::kTimeout, "a.ts: no answer"};
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(failed.error().message, "a.ts: no answer");
}

TEST(Result, HandsOnWhatCanOnlyBeMoved) {
  Result<std::unique_ptr<std::string>> made = std::make_unique<std::string>("moved");
  const std::string* address = made->get();
  const std::unique_ptr<std::string> taken = *std::move(made);
  EXPECT_EQ(taken.get(), address);
}

TEST(Result, LetsItsValueBeChanged) {
  Result<std::string> text = std::string("ab");
  *text += "c";
  text->push_back('d');
  EXPECT_EQ(text.value(), "abcd");
}

TEST(Result, OfNothingIsASuccessUntilAnErrorIsGiven) {
  Result<void> result;
  EXPECT_TRUE(result.ok());
  result = Error{ErrorCode::kWrite, "report.json: can't be written"};
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kWrite);
}

}  // namespace
}  // namespace monolens

#include "sinks/aws_answer.h"

#include <gtest/gtest.h>

namespace monolens {
namespace {

std::string failure(const std::string& code) {
  return "<?xml version=\"1.0\"?><ErrorResponse><Error><Type>Sender</Type><Code>" + code +
         "</Code><Message>secret</Message></Error></ErrorResponse>";
}

TEST(AwsAnswer, FindsTheTextOfAnElement) {
  EXPECT_EQ(xml_text("<a><b>1</b><b>2</b></a>", "b"), "1");
  EXPECT_EQ(xml_text("<a><b></b></a>", "b"), "");
  EXPECT_EQ(xml_text("<a><b>1", "b"), "");
  EXPECT_EQ(xml_text("", "b"), "");
}

TEST(AwsAnswer, TheCodeDecidesWhatTryingAgainIsGoodFor) {
  const struct {
    int status;
    std::string body;
    ErrorCode code;
    std::string message;
  } kCases[] = {
      {400, failure("Throttling"), ErrorCode::kWrite, "h: answered 400 (Throttling)"},
      {400, failure("ExpiredToken"), ErrorCode::kWrite, "h: answered 400 (ExpiredToken)"},
      {403, failure("RequestTimeTooSkewed"), ErrorCode::kWrite, "h: answered 403 (RequestTimeTooSkewed)"},
      {503, failure("SlowDown"), ErrorCode::kWrite, "h: answered 503 (SlowDown)"},
      {500, "", ErrorCode::kWrite, "h: answered 500"},
      {403, failure("SignatureDoesNotMatch"), ErrorCode::kRefused, "h: answered 403 (SignatureDoesNotMatch)"},
      {404, failure("NotFound"), ErrorCode::kRefused, "h: answered 404 (NotFound)"},
      {400, failure("InvalidClientTokenId"), ErrorCode::kRefused, "h: answered 400 (InvalidClientTokenId)"},
      {400, failure("InvalidParameter"), ErrorCode::kRejected, "h: answered 400 (InvalidParameter)"},
      {400, failure("an echo of secret"), ErrorCode::kRejected, "h: answered 400"},
      {400, failure(std::string(65, 'a')), ErrorCode::kRejected, "h: answered 400"},
  };
  for (const auto& c : kCases) {
    auto told = aws_accepted("h", {c.status, c.body});
    ASSERT_FALSE(told) << c.message;
    EXPECT_EQ(told.error().code, c.code) << c.message;
    EXPECT_EQ(told.error().message, c.message);
  }
  EXPECT_TRUE(aws_accepted("h", {200, ""}));
}

}  // namespace
}  // namespace monolens

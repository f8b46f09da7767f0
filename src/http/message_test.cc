#include "http/message.h"

#include <gtest/gtest.h>

namespace monolens {
namespace {

TEST(HttpRequest, FindsHeadersInAnyCaseAndTheFirstOfThem) {
  HttpRequest request;
  request.headers = {{"X-A", "1"}, {"x-a", "2"}};
  ASSERT_NE(request.header("x-A"), nullptr);
  EXPECT_EQ(*request.header("x-A"), "1");
  EXPECT_EQ(request.header("X"), nullptr);
}

TEST(HttpRequest, FindsParametersInTheirCaseAlone) {
  HttpRequest request;
  request.query = {{"a", "1"}, {"a", "2"}};
  ASSERT_NE(request.parameter("a"), nullptr);
  EXPECT_EQ(*request.parameter("a"), "1");
  EXPECT_EQ(request.parameter("A"), nullptr);
}

}  // namespace
}  // namespace monolens

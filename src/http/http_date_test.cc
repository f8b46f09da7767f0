#include "http/http_date.h"

#include <gtest/gtest.h>

namespace monolens {
namespace {

TEST(HttpDate, IsThatOfTheStandardsExample) {
  EXPECT_EQ(http_date(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace monolens

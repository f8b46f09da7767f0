#include "http/problem.h"

#include <gtest/gtest.h>

namespace monolens {
namespace {

TEST(Problem, IsADocumentOfRfc9457) {
  const HttpResponse response = problem(404, "Not Found", "there is no monitor 'x'");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"type":"about:blank","title":"Not Found","status":404,"detail":"there is no monitor 'x'"})"
            "\n");
}

TEST(Problem, LeavesOutADetailThatThereIsNot) {
  EXPECT_EQ(problem(405).body, R"({"type":"about:blank","title":"Method Not Allowed","status":405})"
                               "\n");
}

TEST(Problem, StaysJsonWhateverTheTextHolds) {
  EXPECT_EQ(problem(400, "t", "q\" b\\ n\n z\x01 e\u00e9 bad\xff\xc0\xaf.").body,
            R"({"type":"about:blank","title":"t","status":400,"detail":"q\" b\\ n\u000a z\u0001 e)"
            "\u00e9 bad\uFFFD\uFFFD\uFFFD.\"}\n");
}

}  // namespace
}  // namespace monolens

#include "service/page.h"

#include <gmock/gmock.h>

#include <array>
#include <string>
#include <utility>

namespace monolens {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::array<unsigned char, 3> kPlain = {'a', 'b', 'c'};
constexpr std::array<unsigned char, 2> kGzip = {'z', 'z'};
constexpr PageFile kFiles[] = {
    {"/", "text/html; charset=utf-8", "\"one\"", false, kPlain, kGzip},
    {"/assets/main-1f.js", "text/javascript", "\"two\"", true, kPlain, kGzip},
};

HttpRequest get(std::string path, HttpFields headers = {}) {
  return {.method = "GET",
          .path = std::move(path),
          .query = {},
          .headers = std::move(headers),
          .body = {},
          .peer = {}};
}

std::string header(const HttpResponse& response, std::string_view name) {
  for (const auto& [n, value] : response.headers) {
    if (n == name) return value;
  }
  return "";
}

TEST(Page, IsAskedForAnewAndItsHashedFilesNever) {
  const auto index = page_response(get("/"), kFiles);
  ASSERT_TRUE(index);
  EXPECT_EQ(index->body, "abc");
  EXPECT_EQ(header(*index, "Cache-Control"), "no-cache");
  const auto script = page_response(get("/assets/main-1f.js"), kFiles);
  ASSERT_TRUE(script);
  EXPECT_THAT(header(*script, "Cache-Control"), HasSubstr("immutable"));
}

TEST(Page, IsCompressedForThoseWhoTakeIt) {
  for (const char* const takes : {"gzip", "br, GZIP", "deflate, gzip;q=0.5"}) {
    const auto response = page_response(get("/", {{"Accept-Encoding", takes}}), kFiles);
    EXPECT_EQ(response->body, "zz") << takes;
    EXPECT_EQ(header(*response, "Content-Encoding"), "gzip");
  }
  for (const char* const refuses : {"", "br", "gzip;q=0", "gzip;q=0.000", "x-gzipped"}) {
    const auto response = page_response(get("/", {{"Accept-Encoding", refuses}}), kFiles);
    EXPECT_EQ(response->body, "abc") << refuses;
    EXPECT_EQ(header(*response, "Content-Encoding"), "");
  }
}

TEST(Page, IsNotSentAgainToThoseWhoHaveIt) {
  const auto response = page_response(get("/", {{"If-None-Match", "\"one\""}}), kFiles);
  EXPECT_EQ(response->status, 304);
  EXPECT_EQ(response->body, "");
  EXPECT_EQ(page_response(get("/", {{"If-None-Match", "\"old\""}}), kFiles)->status, 200);
}

TEST(Page, AllowsNothingThatIsNotItsOwn) {
  const std::string policy = header(*page_response(get("/"), kFiles), "Content-Security-Policy");
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
}

TEST(Page, LeavesEverythingElseToTheApi) {
  EXPECT_FALSE(page_response(get("/v1/monitors"), kFiles));
  EXPECT_FALSE(page_response(get("/assets/none.js"), kFiles));
  HttpRequest post = get("/");
  post.method = "POST";
  EXPECT_FALSE(page_response(post, kFiles));
}

TEST(Page, IsBuiltIn) {
  const auto index = page_response(get("/"), page_files());
  ASSERT_TRUE(index);
  EXPECT_THAT(index->body, HasSubstr("<script type=\"module\""));
  EXPECT_THAT(index->body, Not(HasSubstr("<style")));
  for (const PageFile& file : page_files()) {
    if (!file.is_hashed) continue;
    EXPECT_THAT(index->body, HasSubstr(std::string(file.path)));
  }
}

}  // namespace
}  // namespace monolens

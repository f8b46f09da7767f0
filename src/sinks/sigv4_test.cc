#include "sinks/sigv4.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace monolens {
namespace {

using std::chrono::sys_days;
using std::chrono::system_clock;
using namespace std::chrono_literals;

constexpr system_clock::time_point kSuiteTime = sys_days(2015y / 8 / 30) + 12h + 36min;
const AwsCredentials kSuiteKeys{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
const SigV4Scope kSuiteScope{"us-east-1", "service"};

constexpr system_clock::time_point kS3Time = sys_days(2013y / 5 / 24);
const AwsCredentials kS3Keys{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
const SigV4Scope kS3Scope{"us-east-1", "s3"};

std::string header(const std::vector<std::pair<std::string, std::string>>& headers, std::string_view name) {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const auto& h) { return h.first == name; });
  return found == headers.end() ? "" : found->second;
}

std::string after(const std::string& text, const std::string& mark) {
  const auto at = text.find(mark);
  return at == std::string::npos ? "" : text.substr(at + mark.size());
}

std::string signature(const std::vector<std::pair<std::string, std::string>>& headers) {
  return after(header(headers, "Authorization"), "Signature=");
}

struct Vector {
  std::string name;
  SigV4Request request;
  std::string signature;
};

SigV4Request suite(std::string method, std::string path,
                   std::vector<std::pair<std::string, std::string>> query = {},
                   std::vector<std::pair<std::string, std::string>> headers = {},
                   std::string_view body = {}) {
  return {std::move(method), "example.amazonaws.com", std::move(path),
          std::move(query),  std::move(headers),      body};
}

// aws-sig-v4-test-suite, as Amazon publishes it. Its paths stand unencoded in the request line.
const Vector kSuite[] = {
    {"get-vanilla", suite("GET", "/"), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-vanilla-empty-query-key", suite("GET", "/", {{"Param1", "value1"}}),
     "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
    {"get-vanilla-query-order-key-case", suite("GET", "/", {{"Param2", "value2"}, {"Param1", "value1"}}),
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {"get-vanilla-query-order-value", suite("GET", "/", {{"Param1", "value2"}, {"Param1", "value1"}}),
     "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"},
    {"get-vanilla-utf8-query", suite("GET", "/", {{"\u1234", "bar"}}),
     "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
    {"get-unreserved", suite("GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
     "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
    {"get-utf8", suite("GET", "/\u1234"), "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    {"get-space", suite("GET", "/example space/"),
     "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
    {"get-slashes", suite("GET", "//example//"),
     "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
    {"get-slash-pointless-dot", suite("GET", "/./example"),
     "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"},
    {"get-relative", suite("GET", "/example/.."),
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-header-key-duplicate",
     suite("GET", "/", {}, {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}}),
     "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
    {"get-header-value-trim",
     suite("GET", "/", {}, {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}}),
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {"post-vanilla", suite("POST", "/"), "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"post-vanilla-query", suite("POST", "/", {{"Param1", "value1"}}),
     "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
    {"post-x-www-form-urlencoded",
     suite("POST", "/", {}, {{"Content-Type", "application/x-www-form-urlencoded"}}, "Param1=value1"),
     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
    {"post-x-www-form-urlencoded-parameters",
     suite("POST", "/", {}, {{"Content-Type", "application/x-www-form-urlencoded; charset=utf8"}},
           "Param1=value1"),
     "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"},
};

TEST(SigV4, AgreesWithThePublishedTestSuite) {
  for (const Vector& v : kSuite) {
    EXPECT_EQ(signature(sign_v4(v.request, kSuiteKeys, kSuiteScope, kSuiteTime)), v.signature) << v.name;
  }
}

TEST(SigV4, SignsASessionTokenAndSendsIt) {
  AwsCredentials keys = kSuiteKeys;
  keys.session_token = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
  const auto signed_headers = sign_v4(suite("GET", "/"), keys, kSuiteScope, kSuiteTime);
  EXPECT_EQ(header(signed_headers, "X-Amz-Security-Token"), keys.session_token);
  EXPECT_EQ(header(signed_headers, "Authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            "SignedHeaders=host;x-amz-date;x-amz-security-token, "
            "Signature=07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8");
}

TEST(SigV4, WritesTheCanonicalRequestOfTheSuite) {
  const auto request = suite("POST", "/", {{"Param2", "value2"}, {"Param1", "value1"}},
                             {{"X-Amz-Date", "20150830T123600Z"}, {"Host", "example.amazonaws.com"}}, "");
  const std::string canonical = canonical_request(request, kSuiteScope);
  EXPECT_EQ(
      canonical,
      "POST\n/\nParam1=value1&Param2=value2\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\n"
      "host;x-amz-date\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(SigV4, WritesTheStringToSignOfTheSuite) {
  const auto request = suite("GET", "/", {{"Param2", "value2"}, {"Param1", "value1"}},
                             {{"X-Amz-Date", "20150830T123600Z"}, {"Host", "example.amazonaws.com"}}, "");
  EXPECT_EQ(string_to_sign(canonical_request(request, kSuiteScope), kSuiteScope, "20150830T123600Z"),
            "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"
            "816cd5b414d056048ba4f7c5386d6e0533120fb1fcfa93762cf0fc39e2cf19e0");
}

// "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)", Amazon S3 API
// Reference.
const Vector kS3Examples[] = {
    {"GET object",
     {.method = "GET",
      .host = "examplebucket.s3.amazonaws.com",
      .path = "/test.txt",
      .headers = {{"Range", "bytes=0-9"}}},
     "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
    {"PUT object",
     {.method = "PUT",
      .host = "examplebucket.s3.amazonaws.com",
      .path = "/test%24file.text",
      .headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
      .body = "Welcome to Amazon S3."},
     "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
    {"GET bucket lifecycle",
     {.method = "GET", .host = "examplebucket.s3.amazonaws.com", .query = {{"lifecycle", ""}}},
     "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
    {"GET bucket, list objects",
     {.method = "GET",
      .host = "examplebucket.s3.amazonaws.com",
      .query = {{"max-keys", "2"}, {"prefix", "J"}}},
     "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
};

TEST(SigV4, AgreesWithTheExamplesOfS3) {
  for (const Vector& v : kS3Examples) {
    EXPECT_EQ(signature(sign_v4(v.request, kS3Keys, kS3Scope, kS3Time)), v.signature) << v.name;
  }
}

TEST(SigV4, SendsTheBodysHashToS3AndToNobodyElse) {
  const SigV4Request request{.method = "PUT", .host = "h", .path = "/k", .body = "Welcome to Amazon S3."};
  EXPECT_EQ(header(sign_v4(request, kS3Keys, kS3Scope, kS3Time), "X-Amz-Content-Sha256"),
            "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
  EXPECT_EQ(header(sign_v4(request, kS3Keys, kSuiteScope, kS3Time), "X-Amz-Content-Sha256"), "");
}

std::string canonical_path_of(const std::string& path, const SigV4Scope& scope) {
  const std::string canonical = canonical_request({.method = "GET", .host = "h", .path = path}, scope);
  return canonical.substr(4, canonical.find('\n', 4) - 4);
}

TEST(SigV4, EncodesAPathTwiceAndNormalisesItExceptForS3) {
  const struct {
    std::string sent, s3, others;
  } kCases[] = {
      {"/a%20b", "/a%20b", "/a%2520b"},
      {"/a%2Fb/c", "/a%2Fb/c", "/a%252Fb/c"},
      {"//a/../b//./", "//a/../b//./", "/b/"},
      {"/a/b/..", "/a/b/..", "/a/"},
      {"/../..", "/../..", "/"},
      {"/", "/", "/"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(canonical_path_of(c.sent, kS3Scope), c.s3);
    EXPECT_EQ(canonical_path_of(c.sent, kSuiteScope), c.others);
  }
}

TEST(SigV4, SortsAQueryByEncodedNameThenEncodedValue) {
  EXPECT_EQ(canonical_query({{"b", ""}, {"a", "x.y"}, {"a", "x/y"}, {"A", "1 2"}}),
            "A=1%202&a=x%2Fy&a=x.y&b=");
}

}  // namespace
}  // namespace monolens

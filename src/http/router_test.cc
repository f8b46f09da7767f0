#include "http/router.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <variant>

namespace monolens {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

// Answers with its name and its parameters, as in "monitor id=7".
RouteHandler named(std::string name) {
  return [name = std::move(name)](const HttpRequest&, const PathParameters& parameters) {
    HttpResponse response{.status = 200, .headers = {}, .body = name, .content_type = {}};
    for (const auto& [key, value] : parameters) response.body += " " + key + "=" + value;
    return response;
  };
}

HttpResponse ask(const Router& router, std::string method, std::string path) {
  HttpRequest request;
  request.method = std::move(method);
  request.path = std::move(path);
  return std::get<HttpResponse>(router.route(request));
}

TEST(Router, FindsByMethodAndPath) {
  Router router;
  router.on("GET", "/", named("root"));
  router.on("GET", "/v1/monitors", named("list"));
  router.on("POST", "/v1/monitors", named("add"));
  router.on("GET", "/v1/monitors/{id}", named("one"));
  router.on("GET", "/v1/monitors/{id}/incidents/{incident}", named("incident"));
  EXPECT_EQ(ask(router, "GET", "/").body, "root");
  EXPECT_EQ(ask(router, "GET", "/v1/monitors").body, "list");
  EXPECT_EQ(ask(router, "POST", "/v1/monitors").body, "add");
  EXPECT_EQ(ask(router, "GET", "/v1/monitors/a b").body, "one id=a b");
  EXPECT_EQ(ask(router, "GET", "/v1/monitors/7/incidents/9").body, "incident id=7 incident=9");
}

TEST(Router, PrefersTheLiteralInWhateverOrder) {
  for (const bool literal_first : {true, false}) {
    Router router;
    if (literal_first) router.on("GET", "/a/stats", named("literal"));
    router.on("GET", "/{any}/stats", named("later"));
    router.on("GET", "/a/{id}", named("parameter"));
    if (!literal_first) router.on("GET", "/a/stats", named("literal"));
    EXPECT_EQ(ask(router, "GET", "/a/stats").body, "literal");
    EXPECT_EQ(ask(router, "GET", "/a/x").body, "parameter id=x");
    EXPECT_EQ(ask(router, "GET", "/b/stats").body, "later any=b");
  }
}

TEST(Router, TakesALessLiteralPatternIfOnlyThatHasTheMethod) {
  Router router;
  router.on("GET", "/a/stats", named("stats"));
  router.on("DELETE", "/a/{id}", named("delete"));
  EXPECT_EQ(ask(router, "DELETE", "/a/stats").body, "delete id=stats");
}

TEST(Router, SaysNotFoundForAnyOtherPath) {
  Router router;
  router.on("GET", "/v1/monitors/{id}", named("one"));
  for (const char* const path : {"", "/", "*", "/v1", "/v1/monitors", "/v1/monitors/", "/v1/monitors/a/",
                                 "/v1/monitors/a/b", "//v1/monitors/a", "/V1/monitors/a", "v2/monitors/a"}) {
    const HttpResponse response = ask(router, "GET", path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(response.content_type, "application/problem+json");
  }
}

TEST(Router, TakesNothingForAPathThatIsNone) {
  Router router;
  router.on("OPTIONS", "/{any}", named("options"));
  EXPECT_EQ(ask(router, "OPTIONS", "*").status, 404);
  EXPECT_EQ(ask(router, "OPTIONS", "/*").body, "options any=*");
}

TEST(Router, SaysWhichMethodsThereAre) {
  Router router;
  router.on("GET", "/a/b", named("get"));
  router.on("PUT", "/a/b", named("put"));
  router.on("DELETE", "/a/{id}", named("delete"));
  const HttpResponse response = ask(router, "POST", "/a/b");
  EXPECT_EQ(response.status, 405);
  EXPECT_THAT(response.headers, ElementsAre(Pair("Allow", "DELETE, GET, HEAD, PUT")));
  EXPECT_THAT(response.body, HasSubstr("\"status\":405"));
  EXPECT_EQ(ask(router, "get", "/a/b").status, 405) << "methods are told apart by case";
}

TEST(Router, ListsItsRoutes) {
  Router router;
  router.on("GET", "/a/{id}", named("one"));
  router.on("PUT", "/a/b", named("put"));
  EXPECT_THAT(router.routes(), testing::UnorderedElementsAre("GET /a/{id}", "PUT /a/b"));
}

}  // namespace
}  // namespace monolens

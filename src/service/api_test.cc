#include "service/api.h"

#include <gmock/gmock.h>

#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/testing/temporary_folder.h"
#include "base/text.h"
#include "service/openapi_document.h"

namespace monolens {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

// A service whose worker listens and says nothing.
class ApiTest : public testing::Test {
 protected:
  ApiTest() {
    ServiceOptions options;
    options.store = folder_.at("monolens.db");
    options.worker = {"/bin/sh", "-c", "cat <&3 >/dev/null"};
    auto service = Service::start(std::move(options), {});
    if (!service) throw std::runtime_error(service.error().message);
    service_ = std::move(*service);
    feed_ = std::make_unique<EventFeed>(service_->store());
    api_ = std::make_unique<Api>(*service_, *feed_, BearerTokens());
  }

  HttpResponse ask(const std::string& method, const std::string& path, const std::string& body = "") const {
    HttpRequest request{.method = method, .path = path, .query = {}, .headers = {}, .body = body, .peer = {}};
    if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    return std::get<HttpResponse>(api_->answer(request));
  }

  TemporaryFolder folder_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<EventFeed> feed_;
  std::unique_ptr<Api> api_;
};

std::string document() {
  std::string text;
  for (const std::string_view piece : openapi_document()) text += piece;
  return text;
}

// "GET /v1/monitors" of each path and method, by the document's indentation.
std::set<std::string> described_routes() {
  const std::string text = document();
  const std::size_t begin = text.find("\npaths:\n");
  std::set<std::string> routes;
  std::string path;
  for (std::size_t at = begin + 7; at < text.find("\ncomponents:\n"); at = text.find('\n', at + 1)) {
    const std::string line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
    if (line.starts_with("  /")) path = line.substr(2, line.size() - 3);
    const std::string word =
        line.starts_with("    ") && line.ends_with(":") ? line.substr(4, line.size() - 5) : "";
    std::string method;
    for (const char c : word) method += is_letter(c) ? static_cast<char>(c - 'a' + 'A') : c;
    if (method == "GET" || method == "PUT" || method == "POST" || method == "PATCH" || method == "DELETE")
      routes.insert(method + " " + path);
  }
  return routes;
}

TEST_F(ApiTest, ServesWhatTheDocumentDescribesAndNothingElse) {
  const auto served = api_->routes();
  EXPECT_EQ(std::set<std::string>(served.begin(), served.end()), described_routes());
  EXPECT_GT(served.size(), 10U);
}

TEST_F(ApiTest, GivesTheDocumentOut) {
  const HttpResponse answer = ask("GET", "/v1/openapi.yaml");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "application/yaml");
  EXPECT_EQ(answer.body, document());
  EXPECT_THAT(answer.body, testing::StartsWith("openapi: 3.1"));
}

TEST_F(ApiTest, TellsWhatABusyCoreCostsAnHourAndSinceWhen) {
  const Json told = Json::parse(ask("GET", "/v1/service").body);
  const Json& price = told.at("core_hour");
  EXPECT_DOUBLE_EQ(price.at("usd").get<double>(), 0.0425 / 0.7)
      << "a vCPU's list price over its usable share";
  EXPECT_EQ(price.at("region"), "us-east-1");
  EXPECT_EQ(price.at("date"), "2026-11-29");
  EXPECT_THAT(price.at("source").get<std::string>(),
              HasSubstr("https://aws.amazon.com/ec2/pricing/on-demand/"));
}

TEST_F(ApiTest, TakesNoBodyThatABrowserSendsToOtherSitesUnasked) {
  for (const char* const type :
       {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""}) {
    HttpRequest request{.method = "POST",
                        .path = "/v1/monitors",
                        .query = {},
                        .headers = {{"Content-Type", type}},
                        .body = R"({"url":"udp://127.0.0.1:9"})",
                        .peer = {}};
    EXPECT_EQ(std::get<HttpResponse>(api_->answer(request)).status, 415) << type;
  }
  EXPECT_TRUE(service_->monitors().empty());
}

TEST_F(ApiTest, WatchesAndForgets) {
  const HttpResponse made = ask("POST", "/v1/monitors", R"({"url":"udp://u:pw@127.0.0.1:9"})");
  ASSERT_EQ(made.status, 201) << made.body;
  const auto id = Json::parse(made.body).at("id").get<std::string>();
  EXPECT_EQ(ask("GET", "/v1/monitors/" + id).status, 200);
  EXPECT_THAT(ask("GET", "/v1/monitors").body, testing::Not(HasSubstr("pw")));
  EXPECT_EQ(ask("DELETE", "/v1/monitors/" + id).status, 204);
  EXPECT_EQ(ask("DELETE", "/v1/monitors/" + id).status, 404);
}

}  // namespace
}  // namespace monolens

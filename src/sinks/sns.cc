#include "sinks/sns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/version.h"
#include "sinks/aws_answer.h"
#include "sinks/uri_encode.h"

namespace monolens {
namespace {

constexpr std::size_t kLongestFifoId = 128;

// "Up to 128 alphanumeric characters and punctuation"; what is not that is stood in for by its hash.
std::string fifo_id(const std::string& text) {
  const bool fits = !text.empty() && text.size() <= kLongestFifoId &&
                    std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
  return fits ? text : sha256_hex(text);
}

// arn:PARTITION:sns:REGION:ACCOUNT:NAME
std::vector<std::string_view> fields_of(std::string_view arn) {
  std::vector<std::string_view> fields;
  while (true) {
    const auto colon = arn.find(':');
    fields.push_back(arn.substr(0, colon));
    if (colon == std::string_view::npos) return fields;
    arn.remove_prefix(colon + 1);
  }
}

std::string amazons_endpoint(std::string_view arn, std::string_view region) {
  const bool in_china = fields_of(arn)[1] == "aws-cn";
  return fmt::format("https://sns.{}.amazonaws.com{}/", region, in_china ? ".cn" : "");
}

class Sns final : public Sink {
 public:
  Sns(SnsOptions options, SigV4Scope scope, std::string host)
      : options_(std::move(options)),
        scope_(std::move(scope)),
        host_(std::move(host)),
        client_(options_.http) {}

  Result<void> send(const SinkEvent& event) override {
    HttpCall call{"POST",
                  options_.endpoint,
                  {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
                  sns_publish_form(options_.topic_arn, event)};
    const auto signing = sign_v4({.method = call.method,
                                  .host = host_,
                                  .path = std::string(http_path(options_.endpoint)),
                                  .headers = call.headers,
                                  .body = call.body},
                                 options_.credentials, scope_, options_.now());
    call.headers.insert(call.headers.end(), signing.begin(), signing.end());
    call.headers.emplace_back("User-Agent", fmt::format("monolens/{}", kVersion));
    auto result = client_.send(call);
    if (!result) return result.error();
    auto taken = aws_accepted(host_, *result);
    if (!taken) return taken;
    if (xml_text(result->body, "MessageId").empty()) {
      return Error{ErrorCode::kWrite, fmt::format("{}: answered without a message's id", host_)};
    }
    return {};
  }

 private:
  SnsOptions options_;
  SigV4Scope scope_;
  std::string host_;
  HttpClient client_;
};

}  // namespace

Result<std::string> region_of_topic(std::string_view arn) {
  const auto fields = fields_of(arn);
  const bool is_topic = fields.size() == 6 && fields[0] == "arn" && fields[2] == "sns" &&
                        std::none_of(fields.begin(), fields.end(), [](auto field) { return field.empty(); });
  if (!is_topic) {
    return Error{ErrorCode::kUsage, "this is no topic's ARN (arn:aws:sns:REGION:ACCOUNT:NAME)"};
  }
  return std::string(fields[3]);
}

std::string sns_publish_form(std::string_view topic_arn, const SinkEvent& event) {
  std::string form = "Action=Publish&Version=2010-03-31";
  const auto add = [&](const std::string& name, std::string_view value) {
    form += "&" + name + "=" + uri_encode(value);
  };
  add("TopicArn", topic_arn);
  add("Message", event.json);
  const std::array<std::pair<const char*, const std::string*>, 4> attributes = {
      {{"type", &event.type},
       {"kind", &event.kind},
       {"severity", &event.severity},
       {"monitor", &event.monitor}}};
  int entries = 0;
  for (const auto& [name, value] : attributes) {
    if (value->empty()) continue;  // SNS refuses an attribute without a value
    const std::string entry = fmt::format("MessageAttributes.entry.{}.", ++entries);
    add(entry + "Name", name);
    add(entry + "Value.DataType", "String");
    add(entry + "Value.StringValue", *value);
  }
  if (topic_arn.ends_with(".fifo")) {
    add("MessageGroupId", fifo_id(event.monitor));
    add("MessageDeduplicationId", fifo_id(event.id));
  }
  return form;
}

Result<std::unique_ptr<Sink>> make_sns(SnsOptions options) {
  auto region = region_of_topic(options.topic_arn);
  if (!region) return region.error();
  if (options.endpoint.empty()) options.endpoint = amazons_endpoint(options.topic_arn, *region);
  if (options.endpoint.find_first_of("?#@") != std::string::npos) {
    return Error{ErrorCode::kUsage, "an endpoint of SNS has no user, query or fragment"};
  }
  auto host = http_host(options.endpoint);
  if (!host) return host.error();
  SigV4Scope scope{std::move(*region), "sns"};
  return std::unique_ptr<Sink>(std::make_unique<Sns>(std::move(options), std::move(scope), std::move(*host)));
}

}  // namespace monolens

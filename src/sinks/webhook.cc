#include "sinks/webhook.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/digest.h"
#include "base/version.h"
#include "sinks/uri_encode.h"

namespace monolens {
namespace {

std::int64_t unix_time(std::chrono::system_clock::time_point at) {
  return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

class Webhook final : public Sink {
 public:
  Webhook(WebhookOptions options, std::string host)
      : options_(std::move(options)), host_(std::move(host)), client_(options_.http) {}

  Result<void> send(const SinkEvent& event) override {
    auto body = cloud_event(event);
    if (!body) return body.error();
    HttpCall call{"POST",
                  options_.url,
                  {{"Content-Type", "application/cloudevents+json; charset=utf-8"},
                   {"User-Agent", fmt::format("monolens/{}", kVersion)}},
                  std::move(*body)};
    if (!options_.secret.empty()) {
      call.headers.emplace_back("Monolens-Signature",
                                webhook_signature(options_.secret, unix_time(options_.now()), call.body));
    }
    call.headers.insert(call.headers.end(), options_.headers.begin(), options_.headers.end());
    auto result = client_.send(call);
    if (!result) return result.error();
    return accepted(host_, result->status);
  }

 private:
  WebhookOptions options_;
  std::string host_;
  HttpClient client_;
};

}  // namespace

Result<std::unique_ptr<Sink>> make_webhook(WebhookOptions options) {
  auto host = http_host(options.url);
  if (!host) return host.error();
  return std::unique_ptr<Sink>(std::make_unique<Webhook>(std::move(options), std::move(*host)));
}

// The event's own text is put in as it stands, so that no number changes its digits on the way.
Result<std::string> cloud_event(const SinkEvent& event) {
  if (!nlohmann::json::accept(event.json)) {
    return Error{ErrorCode::kInternal, fmt::format("event {} is no JSON", event.id)};
  }
  const nlohmann::ordered_json envelope = {{"specversion", "1.0"},
                                           {"id", event.id},
                                           {"source", "/monitors/" + uri_encode(event.monitor)},
                                           {"type", fmt::format("monolens.{}.{}", event.about, event.type)},
                                           {"subject", event.kind},
                                           {"time", event.time},
                                           {"datacontenttype", "application/json"}};
  std::string text = envelope.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  text.pop_back();
  return text + ",\"data\":" + event.json + "}";
}

std::string webhook_signature(std::string_view secret, std::int64_t unix_time, std::string_view body) {
  return fmt::format("t={},v1={}", unix_time,
                     to_hex(hmac_sha256(secret, fmt::format("{}.{}", unix_time, body))));
}

}  // namespace monolens

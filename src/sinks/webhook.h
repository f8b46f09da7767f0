// A webhook: an HTTP POST of a CloudEvent for each event.
//
// The body is CloudEvents 1.0 in structured JSON. With a secret, the header
// `Monolens-Signature: t=UNIX,v1=HEX` carries the HMAC-SHA-256 of "UNIX.BODY"; docs/sinks.md says how a
// receiver verifies it. Any 2xx answer is a receipt.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sinks/http_client.h"
#include "sinks/sink.h"

namespace monolens {

struct WebhookOptions {
  std::string url;
  std::string secret{};   // empty = not signed
  HttpHeaders headers{};  // sent beside those of the sink
  HttpClientOptions http{};
  WallClock now = std::chrono::system_clock::now;
};

// kUsage if the address is none.
Result<std::unique_ptr<Sink>> make_webhook(WebhookOptions options);

// kInternal if the event's `json` is none.
Result<std::string> cloud_event(const SinkEvent& event);

// The value of Monolens-Signature.
std::string webhook_signature(std::string_view secret, std::int64_t unix_time, std::string_view body);

}  // namespace monolens

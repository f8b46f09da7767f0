// Sinks from their descriptions in JSON: {"type": "webhook", "url": "https://…", "kinds": ["video.*"]}.
// docs/sinks.md lists the keys.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <variant>

#include "sinks/jsonl.h"
#include "sinks/nats.h"
#include "sinks/s3.h"
#include "sinks/sink.h"
#include "sinks/sink_filter.h"
#include "sinks/sns.h"
#include "sinks/webhook.h"

namespace monolens {

struct SinkOptions {
  SinkFilter filter{};  // for the caller to apply, by wants()
  std::variant<WebhookOptions, SnsOptions, S3Options, NatsOptions, JsonlOptions> target;
};

// kUsage if a key is missing, unknown or of another type; the message names the key and never its value. Keys
// for Amazon that are not given are taken from the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
// AWS_SESSION_TOKEN.
Result<SinkOptions> parse_sink(const nlohmann::json& description);

// `allow_address`, if set, is asked before a sink that speaks HTTP connects to an address.
Result<std::unique_ptr<Sink>> make_sink(SinkOptions options,
                                        const std::function<bool(const sockaddr*)>& allow_address = {});

}  // namespace monolens

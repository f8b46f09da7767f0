// Amazon SNS: an event is published to a topic (Query API, action Publish).
//
// The message is the event's JSON, with the attributes type, kind, severity and monitor for filter policies.
// To a FIFO topic, the monitor is the message group and the event's id the deduplication id.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sinks/http_client.h"
#include "sinks/sigv4.h"
#include "sinks/sink.h"

namespace monolens {

struct SnsOptions {
  std::string topic_arn;
  AwsCredentials credentials{};
  std::string endpoint{};  // empty = Amazon's for the topic's region
  HttpClientOptions http{};
  WallClock now = std::chrono::system_clock::now;
};

// kUsage if the topic's ARN or the endpoint is none.
Result<std::unique_ptr<Sink>> make_sns(SnsOptions options);

// "eu-central-1" of "arn:aws:sns:eu-central-1:123456789012:incidents"; kUsage if it is no topic's ARN.
Result<std::string> region_of_topic(std::string_view arn);

// The body of the request.
std::string sns_publish_form(std::string_view topic_arn, const SinkEvent& event);

}  // namespace monolens

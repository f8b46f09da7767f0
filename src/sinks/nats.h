// NATS JetStream: an event is published on PREFIX.MONITOR.KIND and counts as sent when the stream has
// acknowledged it.
//
// The event's id is the Nats-Msg-Id, by which the stream drops repeats within its duplicate window. The
// stream itself is the operator's: nothing is made or changed on the server.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sinks/nats_connection.h"
#include "sinks/sink.h"

namespace monolens {

// Connects at the first event and again by itself. kUsage if an option is not valid.
Result<std::unique_ptr<Sink>> make_nats(NatsOptions options);

// Bytes of the monitor's id that a token of a subject may not hold are encoded; a kind's dot separates
// tokens.
std::string nats_subject(std::string_view prefix, const SinkEvent& event);

}  // namespace monolens

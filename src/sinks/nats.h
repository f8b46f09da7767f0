// NATS JetStream: an event is published on PREFIX.MONITOR.KIND and counts as sent when the stream has
// acknowledged it.
//
// The event's id is the Nats-Msg-Id, by which the stream drops repeats within its duplicate window. The
// stream itself is the operator's: nothing is made or changed on the server.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "sinks/sink.h"

namespace monolens {

struct NatsOptions {
  std::string url;  // nats:// or tls://; several servers of a cluster with commas between them
  std::string prefix = "monolens.events";
  std::string credentials_file{};  // a .creds file: JWT and NKey seed
  std::string token{};
  std::string user{};
  std::string password{};
  bool tls = false;                // also where the url says nats://
  std::string tls_hostname{};      // in the servers' certificates; empty = the one of the url
  std::string ca_file{};           // PEM; empty = the system's authorities
  std::string certificate_file{};  // PEM, of this client, with key_file
  std::string key_file{};
  std::chrono::milliseconds timeout{10'000};  // for an event, connecting included
};

// Connects at the first event and again by itself. kUsage if an option is not valid.
Result<std::unique_ptr<Sink>> make_nats(NatsOptions options);

// Bytes of the monitor's id that a token of a subject may not hold are encoded; a kind's dot separates
// tokens.
std::string nats_subject(std::string_view prefix, const SinkEvent& event);

}  // namespace monolens

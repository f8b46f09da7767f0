// What the store keeps. Times are milliseconds since 1970, UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace monolens {

struct MonitorRecord {
  std::string id{};
  std::string client_key{};  // of the request that created it; empty if it had none
  std::int64_t created_ms = 0;
  std::int64_t changed_ms = 0;
  std::string spec{};         // JSON, as monitor_spec.h has it
  std::string quarantined{};  // why it is not run any more; empty if it is
};

struct IncidentRecord {
  std::string id{};
  std::string monitor{};
  std::string kind{};
  std::string severity{};
  std::string track{};  // "video 0", "audio 1", or empty: the input
  std::int64_t started_ms = 0;
  std::optional<std::int64_t> ended_ms{};
  std::int64_t told_ms = 0;  // when it was told of last
  std::optional<std::int64_t> acknowledged_ms{};
  std::string json{};  // incident, as events have it
  bool muted = false;  // sinks were told nothing of it so far
};

// How it looked when an incident opened.
struct EvidenceRecord {
  std::vector<std::uint8_t> picture{};  // JPEG
  std::string map{};  // JSON: where in the picture the defect is; empty where that is unknown
};

// One thing that people and programs are told; never changed, and told to each sink in the order of
// `sequence`.
struct EventRecord {
  std::int64_t sequence = 0;
  std::string id{};
  std::string monitor{};
  std::string incident{};
  std::string type{};  // "open", "update", "close"
  std::string kind{};
  std::string severity{};
  std::int64_t told_ms = 0;
  std::string json{};    // monolens.event/1
  bool muted = false;    // not for sinks
  std::string origin{};  // the instance of the cluster that told it; empty = this one
};

// Of one kind on one track of a monitor, sinks are told nothing until then.
struct SnoozeRecord {
  std::string monitor{};
  std::string kind{};
  std::string track{};
  std::int64_t until_ms = 0;
};

// What was told of an incident, and when a sink took it.
struct DeliveryRecord {
  std::string sink{};
  std::string type{};  // of the event
  std::int64_t told_ms = 0;
  std::int64_t delivered_ms = 0;
};

struct IncidentQuery {
  std::optional<std::string> monitor{};
  std::optional<std::string> kind{};
  std::optional<std::string> severity{};
  std::optional<bool> open{};
  std::optional<std::int64_t> from_ms{};   // that had not ended before
  std::optional<std::int64_t> until_ms{};  // that began before
  // The last of the page before, as "started_ms id": the page begins after it. Newest first.
  std::optional<std::pair<std::int64_t, std::string>> after{};
  int limit = 100;
};

}  // namespace monolens

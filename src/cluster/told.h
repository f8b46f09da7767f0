// What instances tell each other through the log of events: what was told of an incident, and what a person
// did about one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "store/records.h"

namespace monolens {

struct ToldEvent {
  std::string instance;  // that told it first
  EventRecord event;     // without its sequence
  IncidentRecord incident;
  EvidenceRecord evidence{};
};

struct ToldAcknowledged {
  std::string incident;
  std::int64_t at_ms = 0;
};

struct ToldSnoozed {
  std::string incident;
  std::optional<std::int64_t> until_ms{};
};

using Told = std::variant<ToldEvent, ToldAcknowledged, ToldSnoozed>;

std::string to_cbor(const Told& told);
// kRejected if it is none of them.
Result<Told> parse_told(std::string_view cbor);

// A monitor as the bucket of those that are wanted has it.
std::string monitor_to_json(const MonitorRecord& monitor);
Result<MonitorRecord> parse_monitor(std::string_view json);

}  // namespace monolens

// The JSON report of an analysis: the contract `monolens.report/1` (api/report.schema.json).
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/monitor.h"

namespace monolens {

struct ReportContext {
  std::string profile{};                 // "full", "economy", "keyframes"
  std::vector<std::string> detectors{};  // the chosen ones
};

nlohmann::ordered_json make_report(const MonitorResult& result, const ReportContext& context);

// The same with the member `curves`, as the HTML report wants it.
nlohmann::ordered_json make_report_with_curves(const MonitorResult& result, const ReportContext& context);

// Parts of a report that other documents have in common with it: its member `input`, an incident's `track`
// and `measures`, a number to the precision of all numbers (null if it is not finite), an event's type.
nlohmann::ordered_json input_json(const InputInfo& input);
nlohmann::ordered_json track_json(const TrackInfo& track);
nlohmann::ordered_json measures_json(const Incident& incident);
nlohmann::ordered_json json_number(double value);
std::string_view name_of(IncidentEvent::Type type);  // "open", "update", "close"

// One line of --events: `monolens.event/1` (api/event.schema.json).
nlohmann::ordered_json make_event(const InputInfo& input, const IncidentEvent& event);

// JSON text; bytes that are no UTF-8 (a file's name may hold them) are replaced.
std::string to_text(const nlohmann::ordered_json& json, int indent = -1);

}  // namespace monolens

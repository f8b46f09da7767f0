// An analysis as text for a person: the input's facts, a line an incident, the sum.
#pragma once

#include <string>

#include "monitor/monitor.h"

namespace monolens {

std::string incident_table(const MonitorResult& result, bool colours);

// "video 0", "audio 1 (deu)", or nothing.
std::string track_text(const InputInfo& input, int track);

}  // namespace monolens

#include "service/monitor_spec.h"

#include <fmt/format.h>

#include <cmath>

#include "base/rfc3339.h"
#include "base/text.h"
#include "media/url_policy.h"
#include "service/demo_stream.h"

namespace monolens {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostName = 200;
constexpr std::size_t kMostUrl = 2'048;
constexpr std::size_t kMostLabels = 32;
constexpr std::size_t kMostLabel = 63;
constexpr std::size_t kMostWindows = 32;

Error wrong(std::string_view member, std::string_view what) {
  return {ErrorCode::kUsage, fmt::format("'{}' {}", member, what)};
}

Result<void> take_text(const Json& json, std::string_view member, std::size_t most, std::string& to) {
  if (!json.is_string()) return wrong(member, "must be a string");
  to = json.get<std::string>();
  if (to.size() > most) return wrong(member, fmt::format("is longer than {} bytes", most));
  for (const char c : to) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return wrong(member, "holds a control character");
  }
  return {};
}

Result<void> take_number(const Json& json, std::string_view member, double least, double most, double& to) {
  if (!json.is_number()) return wrong(member, "must be a number");
  const auto value = json.get<double>();
  if (!(value >= least && value <= most))
    return wrong(member, fmt::format("must be from {} to {}", least, most));
  to = value;
  return {};
}

Result<void> take_integer(const Json& json, std::string_view member, int least, int most, int& to) {
  if (!json.is_number_integer()) return wrong(member, "must be an integer");
  double value = 0;
  auto taken = take_number(json, member, least, most, value);
  to = static_cast<int>(value);
  return taken;
}

Result<void> take_labels(const Json& json, MonitorSpec& spec) {
  if (!json.is_object()) return wrong("labels", "must be an object of strings");
  if (json.size() > kMostLabels) return wrong("labels", fmt::format("has more than {} members", kMostLabels));
  for (const auto& [key, value] : json.items()) {
    if (key.empty() || key.size() > kMostLabel)
      return wrong("labels", "has a name that is empty or too long");
    auto taken = take_text(value, "labels." + key, kMostName, spec.labels[key]);
    if (!taken) return taken;
  }
  return {};
}

Result<void> take_maintenance(const Json& json, MonitorSpec& spec) {
  if (!json.is_array()) return wrong("maintenance", "must be an array of windows");
  if (json.size() > kMostWindows)
    return wrong("maintenance", fmt::format("has more than {} windows", kMostWindows));
  spec.maintenance.clear();
  for (const Json& window : json) {
    if (!window.is_object()) return wrong("maintenance", "must be an array of windows");
    MaintenanceWindow& w = spec.maintenance.emplace_back();
    for (const auto& [key, value] : window.items()) {
      if (key == "note") {
        auto taken = take_text(value, "maintenance.note", kMostName, w.note);
        if (!taken) return taken;
        continue;
      }
      if (key != "from" && key != "until")
        return wrong("maintenance", fmt::format("has an unknown member '{}'", printable(key)));
      const auto at = value.is_string() ? parse_rfc3339(value.get<std::string>()) : std::nullopt;
      if (!at) return wrong("maintenance." + key, "must be an instant of RFC 3339");
      (key == "from" ? w.from_ms : w.until_ms) = *at;
    }
    if (!window.contains("from") || !window.contains("until") || w.until_ms <= w.from_ms)
      return wrong("maintenance", "has a window that does not end after it begins");
  }
  return {};
}

Result<void> take_options(const Json& json, MonitorSpec& spec) {
  if (!json.is_object()) return wrong("options", "must be an object of numbers");
  for (const auto& [key, value] : json.items()) {
    if (!value.is_number()) return wrong("options." + key, "must be a number");
    spec.options[key] = value.get<double>();
  }
  return {};
}

Result<void> take_url(const Json& json, MonitorSpec& spec) {
  auto taken = take_text(json, "url", kMostUrl, spec.url);
  if (!taken) return taken;
  if (spec.url.empty()) return wrong("url", "is empty");
  if (spec.url == kDemoUrl) return {};
  auto kind = classify_input(spec.url);
  if (!kind) return wrong("url", kind.error().message);
  if (*kind == InputKind::kStdin || *kind == InputKind::kMemory)
    return wrong("url", "must be an address or a path");
  return {};
}

Result<void> take(const std::string& member, const Json& json, MonitorSpec& spec) {
  if (member == "url") return take_url(json, spec);
  if (member == "name") return take_text(json, member, kMostName, spec.name);
  if (member == "detectors") return take_text(json, member, kMostUrl, spec.detectors);
  if (member == "options") return take_options(json, spec);
  if (member == "labels") return take_labels(json, spec);
  if (member == "maintenance") return take_maintenance(json, spec);
  if (member == "priority") return take_integer(json, member, -100, 100, spec.priority);
  if (member == "timeout_s") return take_number(json, member, 0.5, 600, spec.timeout_s);
  if (member == "stalled_after_s") return take_number(json, member, 0.2, 3600, spec.stalled_after_s);
  if (member == "program") {
    if (json.is_null()) return {};
    int program = 0;
    auto taken = take_integer(json, member, 0, 65'535, program);
    spec.program = program;
    return taken;
  }
  if (member == "variant") {
    std::string name;
    auto taken = take_text(json, member, kMostName, name);
    if (!taken) return taken;
    auto variant = parse_variant(name);
    if (!variant) return variant.error();
    spec.variant = *variant;
    return {};
  }
  if (member == "profile") {
    std::string name;
    auto taken = take_text(json, member, kMostName, name);
    if (!taken) return taken;
    auto profile = parse_profile(name);
    if (!profile) return profile.error();
    spec.profile = *profile;
    return {};
  }
  if (member == "paused") {
    if (!json.is_boolean()) return wrong(member, "must be true or false");
    spec.paused = json.get<bool>();
    return {};
  }
  return Error{ErrorCode::kUsage,
               fmt::format("unknown member '{}'{}", printable(member),
                           suggestion(member, {"url", "name", "detectors", "options", "labels", "maintenance",
                                               "priority", "timeout_s", "stalled_after_s", "program",
                                               "variant", "profile", "paused"}))};
}

Result<DetectorSet> chosen_detectors(const MonitorSpec& spec) {
  DetectorSet set;
  auto chosen = set.choose(spec.detectors);
  if (!chosen) return Error{ErrorCode::kUsage, "'detectors': " + chosen.error().message};
  for (const auto& [name, value] : spec.options) {
    const auto dot = name.find('.');
    if (dot == std::string::npos)
      return wrong("options", fmt::format("has '{}', which is not detector.option", name));
    auto done = set.set(name.substr(0, dot), name.substr(dot + 1), value);
    if (!done) return Error{ErrorCode::kUsage, "'options': " + done.error().message};
  }
  return set;
}

std::chrono::milliseconds millis(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::llround(seconds * 1000)));
}

}  // namespace

Result<MonitorSpec> parse_monitor_spec(const Json& json) {
  if (!json.is_object()) return Error{ErrorCode::kUsage, "a monitor must be an object"};
  MonitorSpec spec;
  for (const auto& [member, value] : json.items()) {
    auto taken = take(member, value, spec);
    if (!taken) return taken.error();
  }
  if (spec.url.empty()) return wrong("url", "is missing");
  if (spec.name.empty()) spec.name = spec.url == kDemoUrl ? "Demo" : display_url(spec.url);
  auto set = chosen_detectors(spec);
  if (!set) return set.error();
  return spec;
}

Result<MonitorSpec> spec_of(const MonitorRecord& record) {
  return parse_monitor_spec(Json::parse(record.spec, nullptr, false));
}

Result<MonitorSpec> patched(const MonitorSpec& spec, const Json& patch) {
  if (!patch.is_object()) return Error{ErrorCode::kUsage, "a change must be an object"};
  Json json = to_json(spec);
  json.merge_patch(patch);
  return parse_monitor_spec(json);
}

Json to_json(const MonitorSpec& spec) {
  Json json = {{"name", spec.name},
               {"url", spec.url},
               {"detectors", spec.detectors},
               {"options", Json(spec.options)},
               {"variant", name_of(spec.variant)},
               {"profile", name_of(spec.profile)},
               {"priority", spec.priority},
               {"labels", Json(spec.labels)},
               {"paused", spec.paused},
               {"timeout_s", spec.timeout_s},
               {"stalled_after_s", spec.stalled_after_s}};
  if (spec.program) json["program"] = *spec.program;
  json["maintenance"] = Json::array();
  for (const MaintenanceWindow& w : spec.maintenance)
    json["maintenance"].push_back(
        {{"from", rfc3339(w.from_ms)}, {"until", rfc3339(w.until_ms)}, {"note", w.note}});
  return json;
}

bool watch_alike(const MonitorSpec& a, const MonitorSpec& b) {
  Json one = to_json(a);
  Json other = to_json(b);
  for (const char* member : {"name", "labels", "maintenance"}) {
    one.erase(member);
    other.erase(member);
  }
  return one == other;
}

Json to_shown_json(const MonitorSpec& spec) {
  Json json = to_json(spec);
  json["url"] = display_url(spec.url);
  if (!spec.program) json["program"] = nullptr;
  return json;
}

LiveOptions live_options(const std::string& id, const MonitorSpec& spec) {
  LiveOptions options;
  options.id = id;
  options.url = spec.url;
  options.program = spec.program;
  options.variant = spec.variant;
  options.priority = spec.priority;
  options.pipeline.converter.profile = spec.profile;
  if (auto set = chosen_detectors(spec)) {
    for (ChosenDetector& c : set->chosen()) {
      // A stall is the live monitor's own to tell: it goes on from one session to the next.
      if (c.info->name != "stalled") options.pipeline.detectors.push_back(std::move(c));
    }
  }
  options.timeout = millis(spec.timeout_s);
  options.stalled_after = millis(spec.stalled_after_s);
  return options;
}

}  // namespace monolens

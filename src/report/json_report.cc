#include "report/json_report.h"

#include <cmath>
#include <map>

#include "base/base64.h"
#include "base/version.h"
#include "features/kernels/cpu.h"
#include "report/json_values.h"

namespace monolens {
namespace {

using Json = nlohmann::ordered_json;

Json number(const std::optional<double>& value) { return value ? json_number(*value) : Json(nullptr); }
Json text(const std::string& value) { return value.empty() ? Json(nullptr) : Json(value); }

Json video_json(const TrackInfo& t) {
  return {{"codec", t.codec},       {"width", positive(t.width)},           {"height", positive(t.height)},
          {"fps", positive(t.fps)}, {"pixel_format", text(t.pixel_format)}, {"rotation", t.rotation}};
}

Json audio_json(const TrackInfo& t) {
  return {{"codec", t.codec}, {"sample_rate", positive(t.sample_rate)}, {"channels", positive(t.channels)}};
}

}  // namespace

nlohmann::ordered_json input_json(const InputInfo& input) {
  Json video = nullptr;
  Json audio_tracks = Json::array();
  for (const TrackInfo& t : input.tracks) {
    if (t.type == TrackType::kVideo) {
      video = video_json(t);
    } else {
      audio_tracks.push_back(audio_json(t));
    }
  }
  return {{"url", input.url},
          {"format", input.format},
          {"duration_s", input.duration ? json_number(input.duration->seconds()) : Json(nullptr)},
          {"program", input.program ? Json(*input.program) : Json(nullptr)},
          {"video", video},
          {"audio", audio_tracks.empty() ? Json(nullptr) : audio_tracks.front()},
          {"audio_tracks", audio_tracks}};
}

nlohmann::ordered_json track_json(const TrackInfo& t) {
  return {{"type", t.type == TrackType::kVideo ? "video" : "audio"},
          {"index", t.index},
          {"id", t.id ? Json(*t.id) : Json(nullptr)},
          {"language", text(t.language)}};
}

nlohmann::ordered_json measures_json(const Incident& incident) {
  Json measures = Json::object();
  for (const auto& [name, value] : incident.measures) measures[name] = json_number(value);
  return measures;
}

nlohmann::ordered_json json_number(double value) {
  return std::isfinite(value) ? Json(rounded(value)) : Json(nullptr);
}

std::string_view name_of(IncidentEvent::Type type) {
  constexpr std::string_view kNames[] = {"open", "update", "close"};
  return kNames[static_cast<std::size_t>(type)];
}

namespace {

// Runs of blocks of one level, row-major, a byte each: the level in fifteenths in the upper four bits, the
// run's length less one in the lower.
std::vector<std::uint8_t> runs(const BlockMap& map) {
  std::vector<std::uint8_t> runs;
  for (const std::uint8_t p : map.probabilities) {
    const int level = (p + 8) / 17;
    if (!runs.empty() && runs.back() >> 4 == level && (runs.back() & 15) < 15) {
      ++runs.back();
    } else {
      runs.push_back(static_cast<std::uint8_t>(level << 4));
    }
  }
  return runs;
}

Json map_json(const BlockMap& map) {
  return {{"block", map.block}, {"columns", map.columns}, {"rows", map.rows}, {"runs", base64(runs(map))}};
}

Json evidence_json(const Evidence& evidence, bool with_picture) {
  const bool picture = with_picture && !evidence.jpeg.empty();
  Json json = {{"frame", picture ? Json("data:image/jpeg;base64," + base64(evidence.jpeg)) : Json(nullptr)},
               {"note", evidence.note}};
  if (with_picture && evidence.map) json["map"] = map_json(*evidence.map);
  return json;
}

Json incident_json(const InputInfo& input, const Incident& i, bool with_picture) {
  const Json track =
      i.track < 0 ? Json(nullptr) : track_json(input.tracks[static_cast<std::size_t>(i.track)]);
  return {{"id", i.id},
          {"kind", i.kind},
          {"detector", i.detector},
          {"track", track},
          {"severity", name_of(i.severity)},
          {"start_s", seconds(i.start)},
          {"end_s", i.end ? seconds(*i.end) : Json(nullptr)},
          {"confidence", json_number(i.confidence)},
          {"measures", measures_json(i)},
          {"evidence", evidence_json(i.evidence, with_picture)}};
}

Json summary_json(const std::vector<Incident>& incidents) {
  std::map<std::string, std::pair<int, double>> kinds;
  for (const Incident& i : incidents) {
    auto& [count, total] = kinds[i.kind];
    ++count;
    total += (*i.end - i.start).seconds();
  }
  Json summary = Json::object();
  for (const auto& [kind, sums] : kinds)
    summary[kind] = {{"count", sums.first}, {"seconds", rounded(sums.second)}};
  return summary;
}

Json curve_json(const Curve& curve, MediaDuration step) {
  Json values = Json::array();
  for (const double v : curve.points(step)) {
    values.push_back(std::isfinite(v) ? Json(std::round(v * 100) / 100) : Json(nullptr));
  }
  return values;
}

}  // namespace

Json make_report(const MonitorResult& r, const ReportContext& context) {
  Json incidents = Json::array();
  for (const Incident& i : r.incidents) incidents.push_back(incident_json(r.input, i, true));
  return {{"schema", "monolens.report/1"},
          {"tool", {{"name", "monolens"}, {"version", kVersion}, {"cpu", kernels::cpu_target()}}},
          {"input", input_json(r.input)},
          {"profile", context.profile},
          {"detectors", context.detectors},
          {"interrupted", r.interrupted},
          {"analysed",
           {{"video_frames", r.video_frames},
            {"audio_samples", r.audio_samples},
            {"wall_s", rounded(r.wall_s)},
            {"cpu_s", rounded(r.cpu_s)}}},
          {"incidents", incidents},
          {"measures",
           {{"integrated_loudness_lufs", number(r.integrated_loudness_lufs)},
            {"loudness_range_lu", number(r.loudness_range_lu)},
            {"true_peak_dbtp", number(r.true_peak_dbtp)},
            {"av_offset_ms", number(r.av_offset_ms)}}},
          {"summary", summary_json(r.incidents)}};
}

Json make_report_with_curves(const MonitorResult& r, const ReportContext& context) {
  Json report = make_report(r, context);
  const MediaDuration step = r.curves.step();
  report["curves"] = {{"step_s", step.seconds()},
                      {"loudness_lufs", curve_json(r.curves.loudness_lufs, step)},
                      {"luma", curve_json(r.curves.luma, step)},
                      {"motion", curve_json(r.curves.motion, step)}};
  return report;
}

Json make_event(const InputInfo& input, const IncidentEvent& event) {
  return {{"schema", "monolens.event/1"},
          {"event", name_of(event.type)},
          {"input", input.url},
          {"at_s", seconds(event.at)},
          {"incident", incident_json(input, *event.incident, false)}};
}

std::string to_text(const Json& json, int indent) {
  return json.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace monolens

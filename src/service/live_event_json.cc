#include "service/live_event_json.h"

#include <cmath>

#include "base/rfc3339.h"
#include "detectors/decibel.h"
#include "report/json_report.h"

namespace monolens {
namespace {

using Json = nlohmann::json;

std::int64_t ms(WallTime time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

Json map_json(const BlockMap& map) {
  Json cells = Json::array();
  for (const std::uint8_t p : map.probabilities) cells.push_back(std::round(p / 2.55) / 100);
  return {{"block", map.block}, {"columns", map.columns}, {"rows", map.rows}, {"cells", std::move(cells)}};
}

Json sound_json(const SoundNow& sound) {
  Json peaks = Json::array();
  for (const float peak : sound.channel_peaks)
    peaks.push_back(peak > 0 ? Json(json_number(to_decibel(static_cast<double>(peak)))) : Json(nullptr));
  return {
      {"peak_dbfs", std::move(peaks)},
      {"momentary_lufs", sound.momentary_lufs ? Json(json_number(*sound.momentary_lufs)) : Json(nullptr)}};
}

}  // namespace

Json to_json(const LiveEvent& event) {
  const Incident& i = event.incident;
  Json json = {{"event", name_of(event.type)},
               {"monitor", event.monitor},
               {"told_ms", ms(event.told)},
               {"started_ms", ms(event.started)},
               {"ended_ms", event.ended ? Json(ms(*event.ended)) : Json(nullptr)},
               {"incident",
                {{"id", i.id},
                 {"kind", i.kind},
                 {"detector", i.detector},
                 {"track", event.track ? Json(track_json(*event.track)) : Json(nullptr)},
                 {"severity", name_of(i.severity)},
                 {"started_at", rfc3339(ms(event.started))},
                 {"ended_at", event.ended ? Json(rfc3339(ms(*event.ended))) : Json(nullptr)},
                 {"confidence", json_number(i.confidence)},
                 {"measures", measures_json(i)},
                 {"note", i.evidence.note}}}};
  if (!i.evidence.jpeg.empty()) json["picture"] = Json::binary(i.evidence.jpeg);
  if (i.evidence.map && !i.evidence.jpeg.empty()) json["map"] = map_json(*i.evidence.map);
  return json;
}

Json to_json(const LiveClip& c) {
  return {{"clip", {{"incidents", c.clip.incidents}, {"mp4", Json::binary(c.clip.mp4)}}},
          {"monitor", c.monitor}};
}

Json to_json(const LivePicture& p) {
  return {{"picture", {{"taken_ms", ms(p.taken)}, {"jpeg", Json::binary(p.jpeg)}}}, {"monitor", p.monitor}};
}

Json to_json(const LiveStatus& s) {
  Json json = {{"state", name_of(s.state)},
               {"trouble", s.trouble.empty() ? Json(nullptr) : Json(s.trouble)},
               {"ladder", name_of(s.ladder)},
               {"position_s", json_number(s.position_s)},
               {"lag_s", json_number(s.lag_s)},
               {"cpu_s", json_number(s.cpu_s)},
               {"sessions", s.sessions},
               {"video_frames", s.video_frames},
               {"dropped_packets", s.dropped_packets},
               {"restarts", s.restarts},
               {"cost_s", Json(s.cost_s)},
               {"sound", s.sound ? sound_json(*s.sound) : Json(nullptr)},
               {"input", s.input ? Json(input_json(*s.input)) : Json(nullptr)}};
  return json;
}

std::string_view name_of(LiveState state) {
  switch (state) {
    case LiveState::kConnecting:
      return "connecting";
    case LiveState::kRunning:
      return "running";
    case LiveState::kStalled:
      return "stalled";
    case LiveState::kRetrying:
      return "retrying";
    case LiveState::kEnded:
      return "ended";
  }
  return "";
}

std::string_view name_of(Ladder ladder) {
  switch (ladder) {
    case Ladder::kFull:
      return "full";
    case Ladder::kEconomy:
      return "economy";
    case Ladder::kKeyFrames:
      return "keyframes";
    case Ladder::kPaused:
      return "paused";
  }
  return "";
}

}  // namespace monolens

#include "report/json_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/version.h"

namespace monolens {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using namespace time_literals;

json plain(const nlohmann::ordered_json& ordered) { return json::parse(to_text(ordered)); }

TrackInfo video_track() {
  TrackInfo t;
  t.type = TrackType::kVideo;
  t.codec = "h264";
  t.width = 1920;
  t.height = 1080;
  t.fps = 30000.0 / 1001;
  t.pixel_format = "yuv420p";
  t.id = 256;
  return t;
}

TrackInfo audio_track(int index, std::string language) {
  TrackInfo t;
  t.type = TrackType::kAudio;
  t.index = index;
  t.codec = "aac";
  t.sample_rate = 48000;
  t.channels = 2;
  t.language = std::move(language);
  return t;
}

Incident incident(std::string kind, MediaTime start, MediaTime end) {
  Incident i;
  i.id = "0123456789abcdef";
  i.kind = std::move(kind);
  i.detector = "freeze";
  i.track = 0;
  i.severity = Severity::kMajor;
  i.start = start;
  i.end = end;
  i.confidence = 0.98;
  i.measures = {{"stillness", 0.25}};
  i.evidence.note = "the picture stands still";
  return i;
}

MonitorResult result() {
  MonitorResult r;
  r.input.url = "clip.ts";
  r.input.format = "mpegts";
  r.input.duration = 60_for_s;
  r.input.program = 7;
  r.input.tracks = {video_track(), audio_track(0, "deu"), audio_track(1, "")};
  r.video_frames = 1800;
  r.audio_samples = 2'880'000;
  r.wall_s = 7.1;
  r.cpu_s = 7.0;
  r.integrated_loudness_lufs = -23.1;
  r.loudness_range_lu = 5.5;
  r.true_peak_dbtp = -1.2;
  r.incidents = {incident("video.freeze", 12.4_s, 15.92_s)};
  return r;
}

const ReportContext kContext{.profile = "full", .detectors = {"freeze", "black"}};

TEST(JsonReport, StatesTheFactsOfTheInputAndOfTheAnalysis) {
  const json report = plain(make_report(result(), kContext));
  EXPECT_EQ(report["schema"], "monolens.report/1");
  EXPECT_EQ(report["tool"]["version"], kVersion);
  EXPECT_EQ(report["input"]["url"], "clip.ts");
  EXPECT_EQ(report["input"]["format"], "mpegts");
  EXPECT_EQ(report["input"]["duration_s"], 60.0);
  EXPECT_EQ(report["input"]["program"], 7);
  EXPECT_EQ(report["input"]["video"], json({{"codec", "h264"},
                                            {"width", 1920},
                                            {"height", 1080},
                                            {"fps", 29.97003},
                                            {"pixel_format", "yuv420p"},
                                            {"rotation", 0}}));
  const json audio = {{"codec", "aac"}, {"sample_rate", 48000}, {"channels", 2}};
  EXPECT_EQ(report["input"]["audio"], audio);
  EXPECT_EQ(report["input"]["audio_tracks"], json::array({audio, audio}));
  EXPECT_EQ(report["profile"], "full");
  EXPECT_THAT(report["detectors"], ElementsAre("freeze", "black"));
  EXPECT_EQ(report["interrupted"], false);
  EXPECT_EQ(report["analysed"],
            json({{"video_frames", 1800}, {"audio_samples", 2'880'000}, {"wall_s", 7.1}, {"cpu_s", 7.0}}));
  EXPECT_EQ(report["measures"], json({{"integrated_loudness_lufs", -23.1},
                                      {"loudness_range_lu", 5.5},
                                      {"true_peak_dbtp", -1.2},
                                      {"av_offset_ms", nullptr}}));
}

TEST(JsonReport, DescribesAnIncident) {
  const json report = plain(make_report(result(), kContext));
  EXPECT_EQ(report["incidents"],
            json::array({{{"id", "0123456789abcdef"},
                          {"kind", "video.freeze"},
                          {"detector", "freeze"},
                          {"track", {{"type", "video"}, {"index", 0}, {"id", 256}, {"language", nullptr}}},
                          {"severity", "major"},
                          {"start_s", 12.4},
                          {"end_s", 15.92},
                          {"confidence", 0.98},
                          {"measures", {{"stillness", 0.25}}},
                          {"evidence", {{"frame", nullptr}, {"note", "the picture stands still"}}}}}));
}

TEST(JsonReport, GivesTheMapOfAnIncidentAsRunsOfLevels) {
  MonitorResult r = result();
  BlockMap map{.columns = 10, .rows = 3, .probabilities = std::vector<std::uint8_t>(30)};
  for (std::size_t i = 12; i < 15; ++i) map.probabilities[i] = 255;
  map.probabilities[29] = 128;
  r.incidents[0].evidence.map = map;
  const json evidence = plain(make_report(r, kContext))["incidents"][0]["evidence"];
  // 12 × 0, 3 × 15, 14 × 0, 1 × 8
  EXPECT_EQ(evidence["map"], json({{"block", 16}, {"columns", 10}, {"rows", 3}, {"runs", "C/INgA=="}}));
  const json event = plain(make_event(r.input, {.incident = &r.incidents[0]}));
  EXPECT_FALSE(event["incident"]["evidence"].contains("map"));
}

TEST(JsonReport, NamesTheTrackOfAnIncidentOrNone) {
  MonitorResult r = result();
  r.incidents[0].track = 1;
  r.incidents.push_back(incident("transport.gap", 1_s, 2_s));
  r.incidents[1].track = -1;
  const json report = plain(make_report(r, kContext));
  EXPECT_EQ(report["incidents"][0]["track"],
            json({{"type", "audio"}, {"index", 0}, {"id", nullptr}, {"language", "deu"}}));
  EXPECT_EQ(report["incidents"][1]["track"], nullptr);
}

TEST(JsonReport, SaysNullForWhatIsUnknown) {
  MonitorResult r;
  r.input.tracks = {video_track(), audio_track(0, "")};
  r.input.tracks[0].width = r.input.tracks[0].height = 0;
  r.input.tracks[0].fps = 0;
  r.input.tracks[0].pixel_format = "";
  r.input.tracks[1].sample_rate = 0;
  r.input.tracks[1].channels = 0;
  const json report = plain(make_report(r, kContext));
  EXPECT_EQ(report["input"]["duration_s"], nullptr);
  EXPECT_EQ(report["input"]["program"], nullptr);
  EXPECT_EQ(report["input"]["video"]["width"], nullptr);
  EXPECT_EQ(report["input"]["video"]["height"], nullptr);
  EXPECT_EQ(report["input"]["video"]["fps"], nullptr);
  EXPECT_EQ(report["input"]["video"]["pixel_format"], nullptr);
  EXPECT_EQ(report["input"]["audio"]["sample_rate"], nullptr);
  EXPECT_EQ(report["input"]["audio"]["channels"], nullptr);
  for (const char* name : {"integrated_loudness_lufs", "loudness_range_lu", "true_peak_dbtp"}) {
    EXPECT_EQ(report["measures"].at(name), nullptr) << name;
  }
  EXPECT_EQ(report["incidents"], json::array());
  EXPECT_EQ(report["summary"], json::object());
}

TEST(JsonReport, SaysNullForATrackThatIsNotThere) {
  MonitorResult sound = result();
  sound.input.tracks.erase(sound.input.tracks.begin());
  sound.incidents.clear();
  EXPECT_EQ(plain(make_report(sound, kContext))["input"]["video"], nullptr);
  MonitorResult picture = result();
  picture.input.tracks.resize(1);
  EXPECT_EQ(plain(make_report(picture, kContext))["input"]["audio"], nullptr);
  EXPECT_EQ(plain(make_report(picture, kContext))["input"]["audio_tracks"], json::array());
}

TEST(JsonReport, RoundsToMicrosecondsAndKeepsNoBinaryNoise) {
  MonitorResult r = result();
  r.incidents[0].start = MediaTime::since_start(MediaDuration::nanoseconds(1'333'333'333));
  r.incidents[0].measures = {{"share", 0.1 + 0.2}};
  const std::string text = to_text(make_report(r, kContext));
  EXPECT_THAT(text, HasSubstr("\"start_s\":1.333333,"));
  EXPECT_THAT(text, HasSubstr("\"share\":0.3}"));
}

TEST(JsonReport, SaysNullForNumbersThatJsonDoesNotHave) {
  MonitorResult r = result();
  r.incidents[0].measures = {{"peak_dbfs", -std::numeric_limits<double>::infinity()},
                             {"ratio", std::numeric_limits<double>::quiet_NaN()}};
  r.integrated_loudness_lufs = -std::numeric_limits<double>::infinity();
  const json report = plain(make_report(r, kContext));
  EXPECT_EQ(report["incidents"][0]["measures"], json({{"peak_dbfs", nullptr}, {"ratio", nullptr}}));
  EXPECT_EQ(report["measures"]["integrated_loudness_lufs"], nullptr);
}

TEST(JsonReport, SumsIncidentsByKind) {
  MonitorResult r = result();
  r.incidents.push_back(incident("video.freeze", 20_s, 22.5_s));
  r.incidents.push_back(incident("video.black", 30_s, 31_s));
  EXPECT_EQ(plain(make_report(r, kContext))["summary"],
            json({{"video.freeze", {{"count", 2}, {"seconds", 6.02}}},
                  {"video.black", {{"count", 1}, {"seconds", 1.0}}}}));
}

TEST(JsonReport, HoldsThePictureAsADataUrl) {
  MonitorResult r = result();
  r.incidents[0].evidence.jpeg = {0xff, 0xd8, 0xff};
  EXPECT_EQ(plain(make_report(r, kContext))["incidents"][0]["evidence"]["frame"],
            "data:image/jpeg;base64,/9j/");
}

TEST(JsonReport, ReplacesBytesThatAreNotUtf8) {
  MonitorResult r = result();
  r.input.url = "clip\xff\xfe.ts";
  r.incidents[0].evidence.note = "\xc3";
  const std::string text = to_text(make_report(r, kContext));
  const json report = json::parse(text);
  EXPECT_EQ(report["input"]["url"], "clip\uFFFD\uFFFD.ts");
  EXPECT_EQ(report["incidents"][0]["evidence"]["note"], "\uFFFD");
}

TEST(JsonReport, KeepsTheOrderOfItsContract) {
  const std::string text = to_text(make_report(result(), kContext));
  std::size_t last = 0;
  for (const char* member : {"schema", "tool", "input", "profile", "detectors", "interrupted", "analysed",
                             "incidents", "measures\":{\"integrated", "summary"}) {
    const std::size_t at = text.find(std::string("\"") + member);
    ASSERT_NE(at, std::string::npos) << member;
    EXPECT_GE(at, last) << member;
    last = at;
  }
}

TEST(JsonReport, HasCurvesForTheHtmlReportAlone) {
  MonitorResult r = result();
  r.curves.luma.add(0_s, 16.126);
  r.curves.luma.add(0.2_s, 100);
  EXPECT_FALSE(make_report(r, kContext).contains("curves"));
  EXPECT_EQ(plain(make_report_with_curves(r, kContext))["curves"], json({{"step_s", 0.1},
                                                                         {"loudness_lufs", json::array()},
                                                                         {"luma", {16.13, nullptr, 100.0}},
                                                                         {"motion", json::array()}}));
}

TEST(JsonEvent, TellsWhatHappenedToAnIncidentAndWhen) {
  Incident i = incident("video.freeze", 12.4_s, 15.92_s);
  i.evidence.jpeg = {0xff, 0xd8};
  const InputInfo input = result().input;
  const struct {
    IncidentEvent::Type type;
    const char* name;
  } rows[] = {{IncidentEvent::Type::kOpen, "open"},
              {IncidentEvent::Type::kUpdate, "update"},
              {IncidentEvent::Type::kClose, "close"}};
  for (const auto& row : rows) {
    const json event = plain(make_event(input, {.type = row.type, .at = 14.4_s, .incident = &i}));
    EXPECT_EQ(event["schema"], "monolens.event/1");
    EXPECT_EQ(event["event"], row.name);
    EXPECT_EQ(event["input"], "clip.ts");
    EXPECT_EQ(event["at_s"], 14.4);
    EXPECT_EQ(event["incident"]["kind"], "video.freeze");
    EXPECT_EQ(event["incident"]["evidence"]["frame"], nullptr) << "lines stay short";
  }
}

TEST(JsonEvent, OfAnOpenIncidentHasNoEndAndIsOneLine) {
  Incident i = incident("video.freeze", 12.4_s, 15.92_s);
  i.end.reset();
  i.evidence.note = "two\nlines";
  const std::string line = to_text(make_event(result().input, {.at = 14.4_s, .incident = &i}));
  EXPECT_EQ(json::parse(line)["incident"]["end_s"], nullptr);
  EXPECT_THAT(line, Not(HasSubstr("\n")));
}

}  // namespace
}  // namespace monolens

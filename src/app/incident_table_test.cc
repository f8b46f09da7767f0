#include "app/incident_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace monolens {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace time_literals;

MonitorResult result() {
  MonitorResult r;
  r.input.url = "clip.ts";
  r.input.format = "mov,mp4,m4a";
  r.input.duration = 60_for_s;
  r.input.tracks.resize(2);
  r.input.tracks[0].codec = "h264";
  r.input.tracks[0].width = 1920;
  r.input.tracks[0].height = 1080;
  r.input.tracks[0].fps = 29.97003;
  r.input.tracks[1].type = TrackType::kAudio;
  r.input.tracks[1].codec = "aac";
  r.input.tracks[1].sample_rate = 48000;
  r.input.tracks[1].channels = 2;
  r.input.tracks[1].language = "deu";
  r.wall_s = 2;
  return r;
}

Incident silence() {
  Incident i;
  i.kind = "audio.silence";
  i.track = 1;
  i.severity = Severity::kCritical;
  i.start = 12.4_s;
  i.end = 15.92_s;
  i.measures = {{"peak_dbfs", -90.25}, {"nothing", 0.0}};
  i.evidence.note = "no sound";
  return i;
}

TEST(IncidentTable, StatesTheInputAndTheSum) {
  EXPECT_EQ(incident_table(result(), false),
            "clip.ts\n"
            "  mov, h264 1920x1080 29.97 fps, aac 48000 Hz 2 ch, 60.0 s\n"
            "  done: 0 incidents; 60.0 s in 2.00 s, 30x real time\n");
}

TEST(IncidentTable, StatesNoSizeAndRateOfATrackWithoutPictures) {
  MonitorResult r = result();
  r.input.tracks[0].width = r.input.tracks[0].height = 0;
  r.input.tracks[0].fps = 0;
  EXPECT_THAT(incident_table(r, false), HasSubstr("  mov, h264, aac 48000 Hz 2 ch, 60.0 s\n"));
}

TEST(IncidentTable, HasALineAnIncident) {
  MonitorResult r = result();
  r.incidents = {silence()};
  const std::string table = incident_table(r, false);
  EXPECT_THAT(table,
              HasSubstr("  00:00:12.400  00:00:15.920  critical  audio.silence          audio 0 (deu)  no "
                        "sound (peak_dbfs -90.25)\n"));
  EXPECT_THAT(table, HasSubstr("done: 1 incident;"));
  EXPECT_THAT(table, Not(HasSubstr("\x1b")));
  EXPECT_THAT(incident_table(r, true), HasSubstr("\x1b[1;31mcritical\x1b[0m"));
}

TEST(IncidentTable, SumsUpTheLoudness) {
  MonitorResult r = result();
  r.integrated_loudness_lufs = -23.14;
  r.true_peak_dbtp = -1.2;
  EXPECT_THAT(incident_table(r, false), HasSubstr("0 incidents, -23.1 LUFS, -1.2 dBTP; "));
}

TEST(IncidentTable, OfAnInterruptedAnalysisClaimsNoSpeed) {
  MonitorResult r = result();
  r.interrupted = true;
  const std::string table = incident_table(r, false);
  EXPECT_THAT(table, HasSubstr("interrupted: 0 incidents"));
  EXPECT_THAT(table, Not(HasSubstr("real time")));
}

TEST(TrackText, NamesTypeNumberAndLanguage) {
  MonitorResult r = result();
  EXPECT_EQ(track_text(r.input, -1), "");
  EXPECT_EQ(track_text(r.input, 0), "video 0");
  EXPECT_EQ(track_text(r.input, 1), "audio 0 (deu)");
  r.input.tracks[1].language = "und";
  EXPECT_EQ(track_text(r.input, 1), "audio 0");
}

}  // namespace
}  // namespace monolens

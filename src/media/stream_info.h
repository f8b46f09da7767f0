// What the container says about an input and its tracks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "media/timeline.h"

namespace monolens {

struct TrackInfo {
  TrackType type = TrackType::kVideo;
  int index = 0;          // among the analysed tracks of its type
  std::optional<int> id;  // the PID of a transport stream, else the container's stream id
  std::string language;   // ISO 639-2, or empty
  std::string codec;      // FFmpeg's name: "h264", "aac"…
  int width = 0;          // video
  int height = 0;
  double fps = 0;  // nominal frames a second; 0 = unknown
  std::string pixel_format;
  int rotation = 0;     // degrees clockwise that a player turns the picture
  int sample_rate = 0;  // audio, Hz
  int channels = 0;
  MediaTime start;  // of the track on the presentation timeline, as the container says
};

struct InputInfo {
  std::string url;     // credentials hidden
  std::string format;  // FFmpeg's name of the container: "mpegts", "mov,mp4,…"
  std::optional<MediaDuration> duration;
  std::optional<int> program;
  std::vector<TrackInfo> tracks;  // video first
};

}  // namespace monolens

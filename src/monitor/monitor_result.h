// MonitorResult: what is known of an input once it was analysed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "incidents/incident.h"
#include "media/stream_info.h"
#include "monitor/curves.h"

namespace monolens {

struct MonitorResult {
  InputInfo input;
  std::uint64_t video_frames = 0;
  std::uint64_t audio_samples = 0;  // a channel, of the first audio track
  double wall_s = 0;
  double cpu_s = 0;  // of the thread, and of its decoding threads
  bool interrupted = false;
  std::string trouble;  // why the source ended before its end; empty if it did not
  std::vector<Incident> incidents;
  std::optional<double> integrated_loudness_lufs;  // of the first audio track
  std::optional<double> loudness_range_lu;
  std::optional<double> true_peak_dbtp;
  std::optional<double> av_offset_ms;  // of the first audio track, positive = sound late
  Curves curves;
};

}  // namespace monolens

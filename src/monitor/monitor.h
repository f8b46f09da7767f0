// Monitor: one stream's chain: source → converter → features → detectors → incidents.
//
// run() does all of it on the calling thread: a frame is decoded and measured on one core while it is hot in
// cache, and a file is read only as fast as it is analysed.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "detectors/registry.h"
#include "incidents/incident_tracker.h"
#include "media/media_converter.h"
#include "media/source.h"
#include "monitor/curves.h"

namespace monolens {

struct MonitorOptions {
  SourceOptions source{};
  ConverterOptions converter{};
  std::vector<ChosenDetector> detectors{};
  const std::atomic<bool>* stop = nullptr;  // ends run() early; what was analysed is kept
  bool evidence = true;                     // keep a picture of each incident
};

struct Progress {
  MediaTime position{};           // of the presentation
  std::optional<double> share{};  // of the input, 0 to 1
  std::size_t incidents = 0;
};

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

class Monitor {
 public:
  using OnEvent = std::function<void(const InputInfo&, const IncidentEvent&)>;
  using OnProgress = std::function<void(const Progress&)>;

  // Opens the input, so that bad input is known before anything is analysed.
  static Result<std::unique_ptr<Monitor>> open(MonitorOptions options);
  ~Monitor();
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  const InputInfo& input() const;

  // Analyses to the end. Call it once. `on_event` is called the moment an event is known, `on_progress` a few
  // times a second; both on this thread, both may be empty. Fails if nothing could be decoded.
  Result<MonitorResult> run(const OnEvent& on_event, const OnProgress& on_progress);

 private:
  class Impl;
  explicit Monitor(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace monolens

// Monitor: one input's chain, read to its end: source → pipeline.
//
// run() does all of it on the calling thread, so a file is read only as fast as it is analysed.
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
#include "media/media_converter.h"
#include "media/source.h"
#include "monitor/monitor_result.h"
#include "monitor/pipeline.h"

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

class Monitor {
 public:
  using OnEvent = Pipeline::OnEvent;
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

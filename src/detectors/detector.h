// Detector: a small state machine over features that reports findings; and DetectorInfo, what the world is
// told about one. Help, configuration, documentation and reports are all made from the descriptor.
//
// A detector never sees FFmpeg, a thread, a clock or a sink: measurements with presentation times in,
// findings out. So a table of numbers tests it, and it runs unchanged wherever it is put.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "features/audio_features.h"
#include "features/feature_options.h"
#include "features/video_features.h"
#include "incidents/finding.h"
#include "media/stream_event.h"
#include "media/stream_info.h"

namespace monolens {

// One thing measured: a picture, a hop of sound, or an event. Exactly one pointer is set; what it points at
// is valid during the call only.
struct Measured {
  MediaTime time{};
  const VideoFeatures* video = nullptr;
  const AudioFeatures* audio = nullptr;
  const StreamEvent* event = nullptr;
};

struct OptionInfo {
  std::string_view name;
  double fallback;
  double min;
  double max;
  std::string_view unit;  // "s", "dBFS", "share", "" for a plain number
  std::string_view help;
};

// The values of a detector's options: the defaults until set.
class Options {
 public:
  explicit Options(std::span<const OptionInfo> infos);

  bool has(std::string_view name) const;

  // REQUIRES: has(name).
  double operator[](std::string_view name) const;

  // Fails, with the nearest name or the allowed range, on a name that is not there or a value out of range.
  Result<void> set(std::string_view name, double value);

 private:
  std::span<const OptionInfo> infos_;
  std::vector<double> values_;
};

// What a detector watches.
enum class Scope {
  kVideo,      // one video track
  kAudio,      // one audio track
  kTrack,      // one track of either type
  kInput,      // the whole input: events only
  kProgramme,  // the video track and the first audio track together, and the events of the whole input
};

struct StreamInfo {
  const InputInfo* input = nullptr;
  const TrackInfo* track = nullptr;  // null for Scope::kInput and Scope::kProgramme
};

// One instance a track (or an input). Called by one thread at a time, each track's measurements in
// presentation order; those of a programme's tracks come in the container's order, one track ahead of the
// other. Must not block or log, nor allocate per measurement.
class Detector {
 public:
  virtual ~Detector() = default;

  virtual Result<void> open(const StreamInfo& stream);
  virtual void observe(const Measured& measured, Findings& findings) = 0;

  // The input has come to `now`, perhaps without anything measured on this track.
  virtual void advance(MediaTime now, Findings& findings);

  // The input has ended at `end`.
  virtual void finish(MediaTime end, Findings& findings);

  // After finish(): figures of the whole input for the report's measures. Names are the report's.
  virtual Measures measures() const;
};

struct DetectorInfo {
  std::string_view name;     // a literal: a zero follows it
  std::string_view summary;  // what it finds, one line
  std::string_view source;   // the standard or the peer it follows
  Scope scope;
  std::span<const std::string_view> kinds;  // of kinds.inc
  std::span<const OptionInfo> options;
  void (*request)(const Options& options, FeatureOptions& features);  // adds what it needs measured
  std::unique_ptr<Detector> (*make)(const Options& options);
};

}  // namespace monolens

// Pipeline: one stream's chain behind its source: converter → features → detectors → incidents.
//
// Packets are pushed into it, and all that follows from one happens before push() returns: a frame is decoded
// and measured on one core while it is hot in cache. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "detectors/registry.h"
#include "incidents/incident_tracker.h"
#include "media/media_converter.h"
#include "media/source.h"
#include "monitor/clip_recorder.h"
#include "monitor/in_hand.h"
#include "monitor/monitor_result.h"
#include "monitor/peak_meter.h"
#include "monitor/second_meter.h"

namespace monolens {

struct PipelineOptions {
  ConverterOptions converter{};
  std::vector<ChosenDetector> detectors{};
  bool evidence = true;  // keep a picture of each incident
  bool seconds = false;  // measure for take_seconds(), which has to be called then
  bool clips = false;    // record for take_clips(), which has to be called then
  std::shared_ptr<InHand> in_hand = std::make_shared<InHand>();
  std::string identity{};  // what incidents' ids are made from; empty: the input's address
};

class Pipeline {
 public:
  using OnEvent = std::function<void(const InputInfo&, const IncidentEvent&)>;

  // `source` is only read during the call. `on_event` is called the moment an event is known, within push(),
  // tell() or finish(); it may be empty.
  static Result<std::unique_ptr<Pipeline>> open(const Source& source, PipelineOptions options,
                                                OnEvent on_event);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // REQUIRES: a packet of the source given to open(), or with track < 0 to hand on its damage alone.
  void push(const Packet& packet);

  // Hands on what the reader of the source knows: that it stalled or broke off.
  void tell(const StreamEvent& event);

  // The input has ended: flush() takes what the decoders still hold, then finish() closes all incidents. Call
  // each once.
  void flush();
  void finish();

  // Closed incidents, and the limit on pictures kept, start again from nothing: for a stream without an end.
  void forget_closed();

  // What was measured of the seconds that are complete and were not taken; all of them after finish().
  std::vector<SecondMeter::Second> take_seconds();

  // The seconds around incidents, where they are complete and were not taken; all of them after finish().
  std::vector<Clip> take_clips();

  // The picture that was shown last, as a JPEG at most so many pixels wide; empty if there is none.
  std::vector<std::uint8_t> picture(int widest) const;

  // nullopt where nothing sounds: there is no audio track, or nothing of it has come yet.
  std::optional<SoundNow> sound() const;

  const InputInfo& input() const;
  MediaTime front() const;  // where the presentation has come to
  std::uint64_t video_frames() const;
  std::uint64_t audio_samples() const;  // a channel, of the first audio track
  std::size_t incidents() const;

  // What has been found and measured so far; complete after finish(). Leaves out what only the reader knows:
  // times spent, and how the input ended.
  MonitorResult result() const;

 private:
  class Impl;
  explicit Pipeline(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace monolens

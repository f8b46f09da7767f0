// MediaConverter: turns an input's packets into pictures and sound on the presentation timeline.
//
// The only place that decodes. Pictures keep the decoder's own buffers (no copy); pixel formats other than
// planar YCbCr and grey, and samples other than planar float, are converted once here. Decode errors,
// concealment and damage come out as StreamEvents. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "media/audio_block.h"
#include "media/frame.h"
#include "media/packet.h"
#include "media/profile.h"
#include "media/source.h"
#include "media/stream_event.h"

namespace monolens {

struct ConverterOptions {
  int threads = 1;  // decoding threads; one is the cheapest in CPU seconds
  Profile profile = Profile::kFull;
};

// Receives what a converter makes, on the converter's thread. Each track's frames and blocks come in
// presentation order; events come with the packet that showed them.
class MediaSink {
 public:
  virtual ~MediaSink() = default;
  virtual void on_frame(int track, const Frame& frame) = 0;
  virtual void on_audio(int track, const AudioBlock& block) = 0;
  virtual void on_event(const StreamEvent& event) = 0;
};

class MediaConverter {
 public:
  // `source` is only read during the call.
  static Result<std::unique_ptr<MediaConverter>> open(const Source& source, ConverterOptions options);
  ~MediaConverter();
  MediaConverter(const MediaConverter&) = delete;
  MediaConverter& operator=(const MediaConverter&) = delete;

  // REQUIRES: a packet of the source given to open(), or with track < 0 to hand on its damage alone.
  void convert(const Packet& packet, MediaSink& sink);

  // Hands out what the decoders still hold. Call it once, at the end.
  void flush(MediaSink& sink);

  // Where the presentation has come to: the furthest end of any track.
  MediaTime front() const;

 private:
  class Impl;
  explicit MediaConverter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace monolens

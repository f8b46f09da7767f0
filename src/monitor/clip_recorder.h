// ClipRecorder: the last seconds of a stream's packets, so that the moment of an incident can be watched.
//
// Packets are shared with the source, not copied, and are not decoded. One thread at a time.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "media/clip_writer.h"
#include "media/packet.h"
#include "media/source.h"

namespace monolens {

struct ClipLimits {
  // Before and after an incident was told of. A clip begins with the key frame before.
  MediaDuration before = MediaDuration::milliseconds(4000);
  MediaDuration after = MediaDuration::milliseconds(3000);
  std::size_t bytes = 8U << 20U;  // held; where that is too little, a clip begins later or there is none
};

struct Clip {
  std::vector<std::string> incidents;  // ids of all that it shows
  std::vector<std::uint8_t> mp4;
};

class ClipRecorder {
 public:
  // `source` is only read during the call.
  ClipRecorder(const Source& source, ClipLimits limits);

  void add(const Packet& packet);
  // An incident was told of now. Those told of within a clip share it.
  void want(const std::string& incident);
  // Nothing more comes: what is wanted ends here.
  void finish();
  // Those that are complete.
  std::vector<Clip> take() { return std::exchange(clips_, {}); }

 private:
  struct Held {
    std::unique_ptr<AVPacket, FreePacket> packet;
    int track;
    MediaDuration time;
    bool start;  // decoding can begin with it
    std::size_t bytes;
  };

  void write();
  void drop_all();
  void drop_old();
  std::size_t next_start() const;

  ClipWriter writer_;
  ClipLimits limits_;
  int lead_ = 0;  // the track whose key frames begin a clip
  std::deque<Held> held_;
  std::size_t bytes_ = 0;
  std::vector<std::optional<MediaDuration>> last_;  // of each track
  std::vector<std::string> wanted_;
  MediaDuration until_;
  std::vector<Clip> clips_;
};

}  // namespace monolens

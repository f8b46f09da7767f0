// ClipWriter: packets as they came, in an MP4 file that players and browsers take. Nothing is decoded.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "media/packet.h"
#include "media/source.h"

namespace monolens {

class ClipWriter {
 public:
  // `source` is only read during the call.
  explicit ClipWriter(const Source& source);
  ~ClipWriter();
  ClipWriter(const ClipWriter&) = delete;
  ClipWriter& operator=(const ClipWriter&) = delete;

  // When the packet is to be decoded, on the axis that the source's tracks share; nullopt if it does not say.
  std::optional<MediaDuration> decode_time(const AVPacket& packet, int track) const;

  struct Part {
    const AVPacket* packet;
    int track;
  };
  // REQUIRES: each track's parts are in the order of decoding, and have a decode_time(). An error where MP4
  // can't hold a codec.
  Result<std::vector<std::uint8_t>> write(std::span<const Part> parts) const;

 private:
  struct Track;
  std::vector<std::unique_ptr<Track>> tracks_;
};

// A second owner of the packet's data; nothing is copied.
std::unique_ptr<AVPacket, FreePacket> share(const AVPacket& packet);
// Whether decoding can begin with it.
bool is_key(const AVPacket& packet);

}  // namespace monolens

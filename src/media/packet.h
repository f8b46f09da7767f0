// Packet: one compressed access unit of an analysed track, with what was found wrong on its way.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "media/stream_event.h"

struct AVPacket;

namespace monolens {

struct FreePacket {
  void operator()(AVPacket* p) const;
};

struct Packet {
  std::unique_ptr<AVPacket, FreePacket> data;
  int track = -1;                      // index in InputInfo::tracks
  bool leftover = false;               // it has not arrived now: the demuxer had it left when its bytes ended
  std::vector<StreamEvent> transport;  // damage found in the bytes before this packet; times are not set yet
};

// Of its data, for those who only count and may not look inside.
std::size_t packet_bytes(const Packet& packet);

}  // namespace monolens

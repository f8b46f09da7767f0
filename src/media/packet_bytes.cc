#include "media/packet_bytes.h"

#include "media/av.h"

namespace monolens {

std::size_t packet_bytes(const Packet& packet) {
  return packet.data ? static_cast<std::size_t>(packet.data->size) : 0;
}

}  // namespace monolens

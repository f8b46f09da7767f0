// What a packet holds, for those who only count and may not look inside.
#pragma once

#include <cstddef>

#include "media/packet.h"

namespace monolens {

std::size_t packet_bytes(const Packet& packet);

}  // namespace monolens

// Base64 (RFC 4648, section 4).
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace monolens {

std::string base64(std::span<const std::uint8_t> bytes);

}  // namespace monolens

// SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104), over OpenSSL.
#pragma once

#include <string>
#include <string_view>

namespace monolens {

std::string sha256_hex(std::string_view bytes);

// 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

// Two lower-case digits a byte.
std::string to_hex(std::string_view bytes);

}  // namespace monolens

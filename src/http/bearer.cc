#include "http/bearer.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstddef>

#include "http/ascii.h"

namespace monolens {
namespace {

constexpr std::string_view kPrefix = "sha256:";
using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest sha256(std::string_view text) {
  Digest digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

std::optional<Digest> parse_hash(std::string_view hash) {
  Digest digest{};
  if (!hash.starts_with(kPrefix) || hash.size() != kPrefix.size() + 2 * digest.size()) return std::nullopt;
  hash.remove_prefix(kPrefix.size());
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const int high = hex_value(hash[2 * i]);
    const int low = hex_value(hash[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return digest;
}

// RFC 6750, section 2.1: b64token.
bool is_token(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || (c != '\0' && std::string_view("-._~+/").find(c) != std::string_view::npos);
  });
}

}  // namespace

std::string token_hash(std::string_view token) {
  std::string out(kPrefix);
  for (const unsigned char byte : sha256(token)) out += fmt::format("{:02x}", byte);
  return out;
}

std::optional<std::string_view> bearer_token(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (!equals_any_case(authorization.substr(0, kScheme.size()), kScheme)) return std::nullopt;
  std::string_view token = authorization.substr(kScheme.size());
  while (token.starts_with(' ')) token.remove_prefix(1);
  if (!is_token(token)) return std::nullopt;
  return token;
}

Result<void> BearerTokens::add(std::string_view hash, Role role) {
  const auto digest = parse_hash(hash);
  if (!digest) {
    return Error{ErrorCode::kUsage, "the hash of a token is sha256: and 64 hexadecimal digits"};
  }
  entries_.push_back({*digest, role});
  return {};
}

std::optional<Role> BearerTokens::role_of(std::string_view token) const {
  const Digest digest = sha256(token);
  std::optional<Role> role;
  for (const Entry& entry : entries_) {
    const bool same = CRYPTO_memcmp(entry.digest.data(), digest.data(), digest.size()) == 0;
    if (same && role != Role::kWrite) role = entry.role;
  }
  return role;
}

}  // namespace monolens

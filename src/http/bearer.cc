#include "http/bearer.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"
#include "base/digest.h"

namespace monolens {
namespace {

constexpr std::string_view kPrefix = "sha256:";
constexpr std::size_t kDigits = 64;

bool is_hash(std::string_view text) {
  return text.starts_with(kPrefix) && text.size() == kPrefix.size() + kDigits &&
         std::all_of(text.begin() + kPrefix.size(), text.end(), [](char c) { return hex_value(c) >= 0; });
}

// RFC 6750, section 2.1: b64token.
bool is_token(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || (c != '\0' && std::string_view("-._~+/").find(c) != std::string_view::npos);
  });
}

}  // namespace

std::string token_hash(std::string_view token) { return std::string(kPrefix) + sha256_hex(token); }

std::optional<std::string_view> bearer_token(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (!equals_any_case(authorization.substr(0, kScheme.size()), kScheme)) return std::nullopt;
  std::string_view token = authorization.substr(kScheme.size());
  while (token.starts_with(' ')) token.remove_prefix(1);
  if (!is_token(token)) return std::nullopt;
  return token;
}

Result<void> BearerTokens::add(std::string_view hash, Role role) {
  if (!is_hash(hash))
    return Error{ErrorCode::kUsage, "the hash of a token is sha256: and 64 hexadecimal digits"};
  entries_.push_back({lower_ascii(hash), role});
  return {};
}

std::optional<Role> BearerTokens::role_of(std::string_view token) const {
  const std::string hash = token_hash(token);
  std::optional<Role> role;
  for (const Entry& entry : entries_) {
    const bool same = CRYPTO_memcmp(entry.hash.data(), hash.data(), hash.size()) == 0;
    if (same && role != Role::kWrite) role = entry.role;
  }
  return role;
}

}  // namespace monolens

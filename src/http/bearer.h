// Access by bearer token (RFC 6750). Only hashes of tokens are kept, as a configuration file holds them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace monolens {

enum class Role {
  kRead,
  kWrite,  // may read as well
};

// "sha256:" and the SHA-256 of a token in 64 hexadecimal digits.
std::string token_hash(std::string_view token);

// The token in the value of an Authorization header; none if it is of another scheme or no token.
std::optional<std::string_view> bearer_token(std::string_view authorization);

class BearerTokens {
 public:
  // `hash` is what token_hash() gives.
  Result<void> add(std::string_view hash, Role role);

  bool empty() const { return entries_.empty(); }

  // None if the token is unknown. The time it takes says nothing about the tokens that are known.
  std::optional<Role> role_of(std::string_view token) const;

 private:
  struct Entry {
    std::string hash;  // in lower case
    Role role;
  };
  std::vector<Entry> entries_;
};

}  // namespace monolens

// Instants as people and programs exchange them: RFC 3339, UTC, milliseconds: "2026-11-25T10:20:30.123Z".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace monolens {

// Of milliseconds since 1970. REQUIRES: a year from 0 to 9999.
std::string rfc3339(std::int64_t ms);

// Of any RFC 3339 instant; finer than milliseconds is cut off. nullopt if it is none.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);

}  // namespace monolens

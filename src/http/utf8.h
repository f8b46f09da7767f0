// UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing beyond U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace monolens {

// The bytes of the character that the text begins with, or 0 if it begins with none.
std::size_t utf8_character(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace monolens

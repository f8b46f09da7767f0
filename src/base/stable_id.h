// Identifiers that are a function of what they name: stable on every platform and for ever.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace monolens {

// FNV-1a, 64 bits, of the parts; 16 hexadecimal digits. {"ab", "c"} and {"a", "bc"} differ.
std::string stable_id(std::initializer_list<std::string_view> parts);

}  // namespace monolens

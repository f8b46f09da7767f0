// Small helpers for messages that people read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace monolens {

// The name that `wanted` was probably meant to be: the one fewest edits away (insert, delete or replace a
// byte), the first of equals. Empty if even that one is more than max(2, length of `wanted` / 3) edits away.
std::string nearest_name(std::string_view wanted, const std::vector<std::string>& names);

}  // namespace monolens

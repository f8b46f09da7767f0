// Small helpers for messages that people read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace monolens {

// The name that `wanted` was probably meant to be: the one fewest edits away (insert, delete or replace a
// byte), the first of equals. Empty if even that one is more than max(2, length of `wanted` / 3) edits away.
std::string nearest_name(std::string_view wanted, const std::vector<std::string>& names);

// What to add to "unknown …": ", did you mean 'x'?" or, if no name is near, "; there are a, b, c".
std::string suggestion(std::string_view wanted, const std::vector<std::string>& names);

// The parts between separators, without spaces around them; empty ones are left out.
std::vector<std::string_view> split(std::string_view text, char separator);

// The text on one line, with _ for control characters: what a file or an argument says must not steer a
// terminal.
std::string printable(std::string text);

}  // namespace monolens

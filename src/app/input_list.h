// The inputs that the arguments name: patterns that the shell left alone are expanded here.
#pragma once

#include <string>
#include <vector>

namespace monolens {

// A pattern (*, ?, []) that matches files becomes these, sorted; anything else stays as it is, in its place.
std::vector<std::string> expand_inputs(const std::vector<std::string>& arguments);

}  // namespace monolens

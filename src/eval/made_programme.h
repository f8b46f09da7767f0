// Clean programmes that need no clip: a landscape in motion under grain, and sound with pauses.
#pragma once

#include <vector>

#include "eval/programme.h"

namespace monolens::eval {

// Four programmes that differ in size, rate, speed and sound, or the two smallest; always the same.
std::vector<std::string> made_names(bool small);

// REQUIRES: one of the names.
Programme make_programme(const std::string& name);

}  // namespace monolens::eval

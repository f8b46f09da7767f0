// A plot a kind, as SVG: recall against strength with Wilson's 95 % interval, and the confidences of what was
// and what should not have been told.
#pragma once

#include <string>

#include "eval/score.h"

namespace monolens::eval {

std::string plot_name(const Group& group);  // of its file
std::string plot(const Group& group);

}  // namespace monolens::eval

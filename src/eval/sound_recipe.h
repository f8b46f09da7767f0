// What the families of sound defects share: each strength is made twice, kept without loss and as AAC.
#pragma once

#include "eval/recipe.h"

namespace monolens::eval {

using ApplySound = std::function<Result<void>(Made& made, Random& random)>;

// The recipe for both carriers; `form` gets ", AAC" for the second.
void add_for_both_carriers(std::vector<Recipe>& out, const Recipe& recipe);

// Brings the programme to an RMS of −23 dBFS and holds peaks at −3 dBFS.
void normalise(Programme& p);

// One channel becomes two equal ones.
void make_stereo(Programme& p);

}  // namespace monolens::eval

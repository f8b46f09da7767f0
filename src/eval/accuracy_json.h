// The scores for programs: every group, every strength, every item with its clip, split and verdicts.
#pragma once

#include <string>

#include "eval/score.h"

namespace monolens::eval {

struct Context {
  std::uint64_t seed = 0;
  std::vector<std::string> settings;  // assignments that differ from the defaults
};

std::string accuracy_json(const Score& score, const Context& context);

}  // namespace monolens::eval

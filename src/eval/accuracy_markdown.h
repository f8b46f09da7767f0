// The scores for people: a table of all kinds, and one of strengths for each.
#pragma once

#include <string>

#include "eval/score.h"

namespace monolens::eval {

// The table alone, as a terminal shows it too.
std::string summary_table(const Score& score);

// All of it. `plots` is the folder of the plots relative to the text, or empty.
std::string accuracy_markdown(const Score& score, const std::string& plots);

// What a group is called: "video.corruption, live".
std::string title_of(const Group& group);

}  // namespace monolens::eval

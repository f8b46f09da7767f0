// Makes a labelled set: clean clips, defects put into them at known times, and clean twins.
//
// Deterministic: the same seed, clips and options give the same files and truth, whatever the number of jobs.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "eval/clip_list.h"
#include "eval/truth.h"

namespace monolens::eval {

struct MakeOptions {
  std::string out;                 // the folder
  std::vector<Clip> clips;         // none: generated programmes
  std::string split;               // for generated programmes
  std::vector<std::string> kinds;  // empty: all
  std::uint64_t seed = 1;
  int per_recipe = 2;        // clips for each defect in the picture
  int per_sound_recipe = 4;  // and in the sound
  bool quick = false;        // one clip a recipe, few strengths, small pictures
  int jobs = 1;
  const std::atomic<bool>* stop = nullptr;
};

struct MakeProgress {
  std::size_t clips_done = 0;
  std::size_t clips = 0;
  std::size_t items = 0;
};

struct MakeResult {
  Truth truth;
  std::vector<std::string> skipped;  // "clip: why", for clips that could not be read
};

// Calls `on_progress` from any of its threads, one at a time.
Result<MakeResult> make_set(const MakeOptions& options,
                            const std::function<void(const MakeProgress&)>& on_progress);

// The kinds that recipes make, in the order of the report.
std::vector<std::string> made_kinds();

}  // namespace monolens::eval

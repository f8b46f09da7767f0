// Reads a stretch of a clip, or of bytes in memory, as a Programme.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "base/result.h"
#include "eval/programme.h"

namespace monolens::eval {

struct ReadOptions {
  double start_s = 0;
  double length_s = 12;  // at most
  int most_height = 720;
  std::size_t most_bytes = std::size_t{700} << 20;  // of pictures; a stretch that needs more is cut short
};

// Pictures of a changing rate are shown at the clip's nominal one. Pictures at a rate below 8 or above 60 a
// second, and sound whose peak stays below −60 dBFS, are left out.
Result<Programme> read_programme(const std::string& path, const ReadOptions& options);

// Every picture that is decoded, as it is; `ticks` counts the rate's intervals from the first. For streams
// that lose pictures. Sound is left out.
Result<Programme> read_pictures(std::span<const std::byte> bytes);

}  // namespace monolens::eval

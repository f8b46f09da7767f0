// Programmes as files: the encodes that every item and its clean twin share.
#pragma once

#include <cstddef>
#include <vector>

#include "base/result.h"
#include "eval/recipe.h"

namespace monolens::eval {

// H.264 at a good quality with a key frame every 2 s, and the carrier's sound.
Result<std::vector<std::byte>> encode(const Programme& programme, const Carrier& carrier);

// The pictures alone, in a transport stream, as `coding` asks; its size and rate are the programme's.
Result<std::vector<std::byte>> encode_pictures(const Programme& programme, VideoCoding coding);

// H.264 options that give the same bytes on every run.
VideoCoding plain_h264(const Programme& programme);

}  // namespace monolens::eval

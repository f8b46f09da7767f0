// A picture as a JPEG, for evidence that a person looks at.
#pragma once

#include <cstdint>
#include <vector>

#include "media/frame.h"

namespace monolens {

// At most `widest` pixels wide, the aspect kept. Empty where it can't be made. Costs milliseconds: not for
// every frame.
std::vector<std::uint8_t> encode_jpeg(const Frame& frame, int widest);

}  // namespace monolens

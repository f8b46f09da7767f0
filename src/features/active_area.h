// The active area of a picture from the sums of its rows and columns.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "features/video_features.h"

namespace monolens {

// `rows` and `columns` hold sums of luma code values; `black` is the code value of black, `unit` the code
// values in one 8-bit step. nullopt where the whole picture is about black.
std::optional<ActiveArea> find_active_area(std::span<const std::uint32_t> rows,
                                           std::span<const std::uint32_t> columns, double black, double unit);

}  // namespace monolens

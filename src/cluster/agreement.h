// Agreement: what all instances of a cluster hold to, in a bucket where the first of them wrote it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "cluster/detector_groups.h"

namespace monolens {

std::string agreement_to_json(const DetectorGroups& groups);

// The groups. kRefused where it is of another protocol than this version's, or can't be read.
Result<DetectorGroups> parse_agreement(std::string_view json);

}  // namespace monolens

// SourceLists as JSON: how the service tells its worker.
#pragma once

#include <nlohmann/json.hpp>

#include "media/source_rules.h"

namespace monolens {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SourceLists, allow_schemes, deny_schemes, allow_hosts, deny_hosts,
                                   allow_addresses, deny_addresses)

}  // namespace monolens

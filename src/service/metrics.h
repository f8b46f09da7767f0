// The service's state in Prometheus's text format, version 0.0.4.
#pragma once

#include <string>

#include "service/cluster_member.h"
#include "service/service.h"

namespace monolens {

// In a cluster only of the monitors that this instance watches; `cluster` is null where it works alone.
std::string metrics_text(const Service& service, const ClusterMember* cluster);

}  // namespace monolens

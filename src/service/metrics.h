// The service's state in Prometheus's text format, version 0.0.4.
#pragma once

#include <string>

#include "service/service.h"

namespace monolens {

std::string metrics_text(const Service& service);

}  // namespace monolens

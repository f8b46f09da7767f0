// Which SIMD target the kernels run on. The processor decides, unless MONOLENS_CPU in the environment names
// one (the plain loops of SCALAR or EMU128 included), so that each can be tested and measured on one machine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace monolens::kernels {

// Highway's name of the target in use: "AVX3", "AVX2", "SSE4", "SCALAR"…
std::string cpu_target();

// The targets that were built and that this processor runs, best first.
std::vector<std::string> cpu_targets();

// Forces a target by name, case-insensitive; empty lets the processor decide again. An unknown or unsupported
// name is a usage error that lists cpu_targets(). Not thread-safe: call it before any kernel.
Result<void> force_cpu_target(std::string_view name);

// Forces the target that MONOLENS_CPU names; does nothing without it. main() calls it first.
Result<void> force_cpu_target_from_environment();

}  // namespace monolens::kernels

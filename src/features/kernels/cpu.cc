#include "features/kernels/cpu.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <hwy/targets.h>
#include <strings.h>

#include <cstdint>
#include <cstdlib>

namespace monolens::kernels {
namespace {

// What the processor can do, asked before the first target is forced.
const std::vector<std::int64_t>& supported() {
  static const std::vector<std::int64_t> targets = hwy::SupportedAndGeneratedTargets();
  return targets;
}

}  // namespace

std::string cpu_target() { return hwy::TargetName(hwy::SupportedAndGeneratedTargets().front()); }

std::vector<std::string> cpu_targets() {
  std::vector<std::string> names;
  for (const std::int64_t target : supported()) names.emplace_back(hwy::TargetName(target));
  return names;
}

Result<void> force_cpu_target(std::string_view name) {
  const std::string wanted(name);
  if (wanted.empty()) {
    hwy::SetSupportedTargetsForTest(0);
    return {};
  }
  for (const std::int64_t target : supported()) {
    if (strcasecmp(wanted.c_str(), hwy::TargetName(target)) == 0) {
      hwy::SetSupportedTargetsForTest(target);
      return {};
    }
  }
  return Error{ErrorCode::kUsage,
               fmt::format("no SIMD target {} here; there is {}", wanted, fmt::join(cpu_targets(), ", "))};
}

Result<void> force_cpu_target_from_environment() {
  const char* name = std::getenv("MONOLENS_CPU");
  if (!name) return {};
  const Result<void> forced = force_cpu_target(name);
  if (forced) return {};
  return Error{forced.error().code, "MONOLENS_CPU: " + forced.error().message};
}

}  // namespace monolens::kernels

// For tests: runs something on every SIMD target of this processor.
#pragma once

#include <gtest/gtest.h>

#include "features/kernels/cpu.h"

namespace monolens::kernels {

// Calls run() once for each target while that target is forced; a failure names the target.
template <class Run>
void on_every_target(Run run) {
  for (const std::string& target : cpu_targets()) {
    SCOPED_TRACE(target);
    ASSERT_TRUE(force_cpu_target(target).ok());
    run();
  }
  ASSERT_TRUE(force_cpu_target("").ok());
}

}  // namespace monolens::kernels

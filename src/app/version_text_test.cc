#include "app/version_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/version.h"
#include "features/kernels/cpu.h"

namespace monolens {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(VersionText, NamesMonolensItsLibrariesAndTheSimdTarget) {
  const std::string text = version_text();
  EXPECT_THAT(text, StartsWith(std::string("monolens ") + kVersion + "\n"));
  EXPECT_THAT(text, HasSubstr("libavcodec 59."));
  EXPECT_THAT(text, HasSubstr("ebur128"));
  EXPECT_THAT(text, HasSubstr("SIMD: " + std::string(kernels::cpu_target()) + " (of "));
}

}  // namespace
}  // namespace monolens

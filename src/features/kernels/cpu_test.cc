#include "features/kernels/cpu.h"

#include <gmock/gmock.h>

#include <cstdlib>

#include "features/kernels/plane.h"

namespace monolens::kernels {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

class Cpu : public testing::Test {
 protected:
  void TearDown() override {
    unsetenv("MONOLENS_CPU");
    ASSERT_TRUE(force_cpu_target("").ok());
  }
};

TEST_F(Cpu, RunsOnTheBestTargetUnlessOneIsForced) { EXPECT_EQ(cpu_target(), cpu_targets().front()); }

TEST_F(Cpu, AlwaysHasThePlainLoops) { EXPECT_THAT(cpu_targets().back(), AnyOf("SCALAR", "EMU128")); }

TEST_F(Cpu, IsForcedByNameInAnyCaseAndStillKnowsTheOthers) {
  const std::vector<std::string> all = cpu_targets();
  ASSERT_TRUE(force_cpu_target(all.back() == "SCALAR" ? "scalar" : "emu128").ok());
  EXPECT_EQ(cpu_target(), all.back());
  EXPECT_EQ(cpu_targets(), all);
  ASSERT_TRUE(force_cpu_target("").ok());
  EXPECT_EQ(cpu_target(), all.front());
}

TEST_F(Cpu, KeepsTheTargetAndListsTheOthersWhenANameIsUnknown) {
  const std::string before = cpu_target();
  const Result<void> forced = force_cpu_target("MMX");
  ASSERT_FALSE(forced.ok());
  EXPECT_EQ(forced.error().code, ErrorCode::kUsage);
  EXPECT_THAT(forced.error().message, HasSubstr("MMX"));
  for (const std::string& target : cpu_targets()) EXPECT_THAT(forced.error().message, HasSubstr(target));
  EXPECT_EQ(cpu_target(), before);
}

TEST_F(Cpu, IsForcedByTheEnvironmentAlsoAfterAKernelHasRun) {
  const std::uint8_t pixel = 7;
  Cell cell{};
  for (const std::string& target : cpu_targets()) {
    measure_plane(PlaneView<std::uint8_t>{&pixel, 1, 1, 1}, {},
                  {.dark_max = 0, .legal_min = 0, .legal_max = 255}, &cell);
    setenv("MONOLENS_CPU", target.c_str(), 1);
    ASSERT_TRUE(force_cpu_target_from_environment().ok());
    EXPECT_EQ(cpu_target(), target);
  }
}

TEST_F(Cpu, IsLeftAloneWithoutTheVariable) {
  const std::string last = cpu_targets().back();
  ASSERT_TRUE(force_cpu_target(last).ok());
  ASSERT_TRUE(force_cpu_target_from_environment().ok());
  EXPECT_EQ(cpu_target(), last);
}

TEST_F(Cpu, NamesTheVariableThatIsWrong) {
  setenv("MONOLENS_CPU", "fast", 1);
  const Result<void> forced = force_cpu_target_from_environment();
  ASSERT_FALSE(forced.ok());
  EXPECT_EQ(forced.error().code, ErrorCode::kUsage);
  EXPECT_THAT(forced.error().message, HasSubstr("MONOLENS_CPU"));
}

}  // namespace
}  // namespace monolens::kernels

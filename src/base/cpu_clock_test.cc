#include "base/cpu_clock.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace monolens {
namespace {

// Spends at least so much CPU time on the calling thread.
void work_for(double seconds) {
  const CpuClock clock(CpuClock::Of::kThread);
  while (clock.seconds() < seconds) {
  }
}

TEST(CpuClock, CountsWorkAndNotWaiting) {
  const CpuClock clock(CpuClock::Of::kThread);
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  EXPECT_LT(clock.seconds(), 0.03);
  work_for(0.02);
  EXPECT_GE(clock.seconds(), 0.02);
}

TEST(CpuClock, OfAThreadLeavesOutOtherThreadsAndOfTheProcessCountsThem) {
  const CpuClock thread(CpuClock::Of::kThread);
  const CpuClock process(CpuClock::Of::kProcess);
  std::thread([] { work_for(0.05); }).join();
  EXPECT_LT(thread.seconds(), 0.04);
  EXPECT_GE(process.seconds(), 0.05);
}

}  // namespace
}  // namespace monolens

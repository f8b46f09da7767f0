#include "base/backoff.h"

#include <gtest/gtest.h>

#include <set>

namespace monolens {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, DoublesUpToItsLimitWithinTheUpperHalf) {
  Backoff backoff(milliseconds(1'000), milliseconds(5'000));
  for (const int most : {1'000, 2'000, 4'000, 5'000, 5'000}) {
    const auto delay = backoff.next().count();
    EXPECT_GE(delay, most / 2);
    EXPECT_LE(delay, most);
  }
}

TEST(Backoff, BeginsAgainOnceItWentWell) {
  Backoff backoff(milliseconds(1'000), milliseconds(60'000));
  for (int i = 0; i < 5; ++i) (void)backoff.next();
  backoff.reset();
  EXPECT_LE(backoff.next().count(), 1'000);
}

TEST(Backoff, StaysAtItsLimitHoweverLong) {
  Backoff backoff(milliseconds(1'000), milliseconds(60'000));
  for (int i = 0; i < 5'000; ++i) (void)backoff.next();
  EXPECT_GE(backoff.next().count(), 30'000);
}

TEST(Backoff, DoesNotBringAllBackTogether) {
  std::set<milliseconds::rep> delays;
  for (int i = 0; i < 50; ++i)
    delays.insert(Backoff(milliseconds(10'000), milliseconds(10'000)).next().count());
  EXPECT_GT(delays.size(), 10U);
}

}  // namespace
}  // namespace monolens

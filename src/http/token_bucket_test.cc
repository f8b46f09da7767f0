#include "http/token_bucket.h"

#include <gtest/gtest.h>

#include <string>

namespace monolens {
namespace {

using namespace std::chrono_literals;
using Seconds = std::chrono::duration<double>;
const TokenBucket::Clock::time_point kStart{1h};

TEST(TokenBucket, GivesTheBurstAtOnceAndThenTheRate) {
  TokenBucket bucket(2, 3, kStart);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.take(kStart));
  EXPECT_FALSE(bucket.take(kStart));
  EXPECT_DOUBLE_EQ(bucket.wait(kStart).count(), 0.5);
  EXPECT_FALSE(bucket.take(kStart + 499ms));
  EXPECT_TRUE(bucket.take(kStart + 500ms));
  EXPECT_FALSE(bucket.take(kStart + 500ms));
}

TEST(TokenBucket, HoldsNoMoreThanTheBurstHoweverLongItRests) {
  TokenBucket bucket(100, 2, kStart);
  EXPECT_DOUBLE_EQ(bucket.tokens(kStart + 1h), 2);
  EXPECT_TRUE(bucket.take(kStart + 1h));
  EXPECT_TRUE(bucket.take(kStart + 1h));
  EXPECT_FALSE(bucket.take(kStart + 1h));
}

TEST(TokenBucket, GivesNothingForAClockThatStepsBack) {
  TokenBucket bucket(1, 1, kStart);
  EXPECT_TRUE(bucket.take(kStart));
  EXPECT_FALSE(bucket.take(kStart - 1h));
  EXPECT_FALSE(bucket.take(kStart + 999ms));
  EXPECT_TRUE(bucket.take(kStart + 1s));
}

TEST(TokenBucket, RefusedRequestsDoNotMakeTheWaitLonger) {
  TokenBucket bucket(1, 1, kStart);
  EXPECT_TRUE(bucket.take(kStart));
  for (auto at = kStart; at < kStart + 1s; at += 100ms) EXPECT_FALSE(bucket.take(at));
  EXPECT_TRUE(bucket.take(kStart + 1s));
}

TEST(PeerLimiter, CountsEachPeerByItself) {
  PeerLimiter limiter(1, 1);
  EXPECT_EQ(limiter.take("a", kStart), Seconds(0));
  EXPECT_EQ(limiter.take("b", kStart), Seconds(0));
  EXPECT_EQ(limiter.take("a", kStart), Seconds(1));
  EXPECT_EQ(limiter.take("b", kStart + 750ms), Seconds(0.25));
}

TEST(PeerLimiter, ForgetsTheFullestWhenThereAreTooManyAndNeverTheBusiest) {
  PeerLimiter limiter(1, 4, 3);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(limiter.take("busy", kStart), Seconds(0));
  for (int i = 0; i < 100; ++i) limiter.take("other" + std::to_string(i), kStart);
  EXPECT_EQ(limiter.peers(), 3u);
  EXPECT_EQ(limiter.take("busy", kStart), Seconds(1));
}

TEST(PeerLimiter, ForgetsAllThatAreFullAgain) {
  PeerLimiter limiter(1, 1, 3);
  for (const char* const peer : {"a", "b", "c"}) limiter.take(peer, kStart);
  limiter.take("d", kStart + 2s);
  EXPECT_EQ(limiter.peers(), 1u);
}

}  // namespace
}  // namespace monolens

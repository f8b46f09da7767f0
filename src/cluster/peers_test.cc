#include "cluster/peers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace monolens {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const MonitorGroup kPair{"m", "all"};
const Peers::Clock::time_point kNow{};

Heartbeat holding(const std::string& instance, std::uint64_t delivery) {
  Heartbeat h;
  h.instance = instance;
  h.held[kPair] = delivery;
  return h;
}

TEST(Peers, OneThatIsNotHeardOfIsGone) {
  Peers peers("b");
  peers.hear(holding("a", 1), kNow);
  EXPECT_EQ(peers.live(kNow + 4s).size(), 1U);
  EXPECT_THAT(peers.live(kNow + 6s), IsEmpty());
  EXPECT_THAT(peers.holders({}, kNow + 6s), IsEmpty());
}

TEST(Peers, OneThatLeavesIsGoneAtOnce) {
  Peers peers("b");
  peers.hear(holding("a", 1), kNow);
  Heartbeat last = holding("a", 1);
  last.leaving = true;
  peers.hear(last, kNow);
  EXPECT_THAT(peers.live(kNow), IsEmpty());
}

TEST(Peers, OfTwoHoldersTheLaterDeliveryHasIt) {
  Peers peers("b");
  peers.hear(holding("a", 2), kNow);
  EXPECT_TRUE(peers.is_taken_over(kPair, 1, kNow));
  EXPECT_FALSE(peers.is_taken_over(kPair, 3, kNow));
  EXPECT_FALSE(peers.is_taken_over({"other", "all"}, 1, kNow));
  EXPECT_FALSE(peers.is_taken_over(kPair, 1, kNow + 6s)) << "it is gone";
}

// Each sees the other: exactly one of them gives way.
TEST(Peers, OfTwoAlikeOneGivesWay) {
  Peers a("a");
  Peers b("b");
  a.hear(holding("b", 1), kNow);
  b.hear(holding("a", 1), kNow);
  EXPECT_TRUE(a.is_taken_over(kPair, 1, kNow));
  EXPECT_FALSE(b.is_taken_over(kPair, 1, kNow));
}

TEST(Peers, ItsOwnHeartbeatIsNoPeer) {
  Peers peers("a");
  peers.hear(holding("a", 9), kNow);
  EXPECT_THAT(peers.live(kNow), IsEmpty());
  EXPECT_THAT(peers.holders({{kPair, 1}}, kNow), ElementsAre(testing::Pair(kPair, ElementsAre("a"))));
}

}  // namespace
}  // namespace monolens

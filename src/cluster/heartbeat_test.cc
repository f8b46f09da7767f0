#include "cluster/heartbeat.h"

#include <gtest/gtest.h>

namespace monolens {
namespace {

TEST(Heartbeat, ComesOutAsItWentIn) {
  const Heartbeat sent{.instance = "i1",
                       .version = "1.0",
                       .draining = true,
                       .groups = {"picture", "sound"},
                       .capacity_cores = 8,
                       .used_cores = 0.5,
                       .held = {{{"m1", "sound"}, 3}}};
  auto got = parse_heartbeat(to_cbor(sent));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->instance, "i1");
  EXPECT_TRUE(got->draining);
  EXPECT_FALSE(got->leaving);
  EXPECT_EQ(got->groups, sent.groups);
  EXPECT_EQ(got->held, sent.held);
  EXPECT_DOUBLE_EQ(got->used_cores, 0.5);
}

TEST(Heartbeat, RefusesWhatIsNone) {
  for (const std::string text : {"", "x", "{}", "\xa1\x61\x61\x01"}) {
    auto got = parse_heartbeat(text);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, ErrorCode::kRejected);
  }
}

}  // namespace
}  // namespace monolens

#include "monitor/in_hand.h"

#include <gtest/gtest.h>

namespace monolens {
namespace {

TEST(InHand, IsTheInnermostStepAndAfterItTheOneAround) {
  InHand in_hand;
  EXPECT_STREQ(in_hand.what(), "other");
  {
    const InHand::Step outer(in_hand, "decoder");
    {
      const InHand::Step inner(in_hand, "black");
      EXPECT_STREQ(in_hand.what(), "black");
    }
    EXPECT_STREQ(in_hand.what(), "decoder");
  }
  EXPECT_STREQ(in_hand.what(), "other");
}

}  // namespace
}  // namespace monolens

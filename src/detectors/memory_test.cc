#include "detectors/memory.h"

#include <gtest/gtest.h>

namespace monolens {
namespace {

TEST(Memory, HoldsTheLastValuesNewestFirst) {
  Memory<int, 3> memory;
  EXPECT_EQ(memory.size(), 0U);
  for (int i = 1; i <= 5; ++i) {
    memory.push(i);
    EXPECT_EQ(memory[0], i);
    EXPECT_EQ(memory.has_forgotten(), i > 3);
  }
  EXPECT_EQ(memory.size(), 3U);
  EXPECT_EQ(memory[1], 4);
  EXPECT_EQ(memory[2], 3);
}

TEST(Memory, BeginsAnewWhenItIsCleared) {
  Memory<int, 2> memory;
  for (int i = 0; i < 3; ++i) memory.push(i);
  memory.clear();
  EXPECT_EQ(memory.size(), 0U);
  EXPECT_FALSE(memory.has_forgotten());
  memory.push(9);
  EXPECT_EQ(memory.size(), 1U);
  EXPECT_EQ(memory[0], 9);
}

}  // namespace
}  // namespace monolens

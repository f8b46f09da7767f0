#include "features/kernels/block_net.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include "features/kernels/every_target_test.h"

namespace monolens::kernels {
namespace {

std::vector<float> random_numbers(std::size_t count, float scale) {
  std::mt19937 engine(1);
  std::normal_distribution<float> normal(0, scale);
  std::vector<float> numbers(count);
  for (float& n : numbers) n = normal(engine);
  return numbers;
}

BlockNetWeights random_weights() {
  const auto numbers = random_numbers(sizeof(BlockNetWeights) / sizeof(float), 0.2F);
  BlockNetWeights weights;
  static_assert(sizeof weights % sizeof(float) == 0);
  std::copy(numbers.begin(), numbers.end(), reinterpret_cast<float*>(&weights));
  return weights;
}

TEST(BlockNet, EqualsTheReferenceButForRounding) {
  const BlockNetWeights weights = random_weights();
  constexpr int kSizes[][2] = {{1, 1}, {1, 9}, {3, 2}, {5, 5}, {20, 11}, {45, 30}};
  for (const auto& [columns, rows] : kSizes) {
    SCOPED_TRACE(testing::Message() << columns << "×" << rows);
    const auto blocks = static_cast<std::size_t>(columns * rows);
    const std::vector<float> inputs = random_numbers(blocks * kBlockInputs, 3);
    for (const bool flag : {false, true}) {
      std::vector<float> expected(blocks);
      reference::run_block_net(weights, inputs.data(), columns, rows, flag, expected.data());
      on_every_target([&] {
        std::vector<float> scratch(net_scratch(columns, rows));
        std::vector<float> odds(blocks + 1, 77);
        // Twice: what a picture leaves in the scratch must not reach the next one.
        for (int i = 0; i < 2; ++i) {
          run_block_net(weights, inputs.data(), columns, rows, flag, scratch.data(), odds.data());
          for (std::size_t k = 0; k < blocks; ++k) ASSERT_NEAR(odds[k], expected[k], 2e-3) << "block " << k;
          EXPECT_EQ(odds[blocks], 77);
        }
      });
    }
  }
}

TEST(BlockNet, SeesTheNeighboursAndTheFlag) {
  auto weights = std::make_unique<BlockNetWeights>(BlockNetWeights{});
  weights->first[0][3] = 1;
  weights->first[2 * kBlockInputs][3] = 10;
  weights->around[0].taps[0][3] = 1;  // two up, two left
  weights->around[0].mix[3][5] = 2;
  weights->around[1].taps[12][5] = 1;  // the block itself
  weights->around[1].mix[5][0] = 1;
  weights->last[0] = 0.5F;
  weights->last_bias = -1;
  std::vector<float> inputs(12 * kBlockInputs);
  inputs[0] = 4;
  on_every_target([&] {
    std::vector<float> scratch(net_scratch(4, 3));
    std::vector<float> odds(12);
    run_block_net(*weights, inputs.data(), 4, 3, false, scratch.data(), odds.data());
    for (std::size_t i = 0; i < odds.size(); ++i) EXPECT_FLOAT_EQ(odds[i], i == 10 ? 3 : -1) << i;
    run_block_net(*weights, inputs.data(), 4, 3, true, scratch.data(), odds.data());
    EXPECT_FLOAT_EQ(odds[10], 13);
    EXPECT_FLOAT_EQ(odds[11], 9);
    EXPECT_FLOAT_EQ(odds[9], -1) << "beyond the picture is nothing";
  });
}

}  // namespace
}  // namespace monolens::kernels

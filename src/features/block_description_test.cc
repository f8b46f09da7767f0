#include "features/block_description.h"

#include <gtest/gtest.h>

#include "features/test_picture.h"
#include "features/video_extractor.h"

namespace monolens {
namespace {

class Described {
 public:
  explicit Described(const TestPicture& now, const TestPicture& before) {
    FeatureOptions o;
    o.luma = o.stillness = true;
    VideoExtractor extractor(o);
    const Frame first = before.frame(MediaTime::seconds(1));
    const auto& cells = extractor.measure(first).luma.cells;
    const std::vector<kernels::Cell> cells_before(cells.begin(), cells.end());
    const Frame frame = now.frame(MediaTime::seconds(2));
    description_.reformat(frame.format);
    inputs_ = description_.describe(frame, extractor.measure(frame).luma, first, cells_before);
  }

  float input(int column, int row, int k) const {
    const int block = row * description_.columns() + column;
    return inputs_[static_cast<std::size_t>(block * kernels::kBlockInputs + k)];
  }

 private:
  BlockDescription description_;
  std::vector<float> inputs_;
};

constexpr PictureShape kShape{.width = 96, .height = 80};

TEST(BlockDescription, IsAllZeroButForTheSignOfColourInAFlatPicture) {
  const TestPicture flat = TestPicture(kShape).fill(100);
  const Described d(flat, flat);
  for (int k = 0; k < kernels::kBlockInputs; ++k) EXPECT_EQ(d.input(2, 2, k), 0) << k;
}

TEST(BlockDescription, TellsABlockThatStandsOutOfItsNeighboursAndOfTheTimeBefore) {
  const TestPicture before = TestPicture(kShape).fill(100);
  TestPicture now = TestPicture(kShape).fill(100);
  now.paint(0, [](int x, int y) { return x / 16 == 2 && y / 16 == 3 ? 140 : 100; });
  now.paint(1, [](int x, int y) { return x / 8 == 2 && y / 8 == 3 ? 90 : 128; });
  const Described d(now, before);
  for (const int k : {0, 1, 2, 3, 12, 13, 15, 16, 19, 20, 21, 22, 23}) EXPECT_GT(d.input(2, 3, k), 3) << k;
  EXPECT_GT(d.input(3, 3, 0), 3) << "the right edge is the neighbour's left";
  EXPECT_GT(d.input(2, 4, 1), 3) << "the bottom edge is the one's top below";
  for (int k = 0; k < kernels::kBlockInputs; ++k) EXPECT_EQ(d.input(0, 0, k), 0) << k;
}

}  // namespace
}  // namespace monolens

#include "features/kernels/edges.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "features/kernels/every_target_test.h"
#include "features/kernels/test_picture.h"

namespace monolens::kernels {
namespace {

// What the kernel writes for the cells, and not a byte more.
template <class CellValue, class Pixel, class Kernel>
void expect_equal(Kernel kernel, Kernel reference, PlaneView<Pixel> plane, int row, int first, int count) {
  std::vector<CellValue> expected(static_cast<std::size_t>(count) + 1);
  std::memset(&expected.back(), 0xA5, sizeof(CellValue));
  reference(plane, row, first, count, expected.data());
  on_every_target([&] {
    std::vector<CellValue> cells(expected.size());
    std::memset(&cells.back(), 0xA5, sizeof(CellValue));
    kernel(plane, row, first, count, cells.data());
    EXPECT_EQ(std::memcmp(cells.data(), expected.data(), cells.size() * sizeof(CellValue)), 0);
  });
}

// All cells that the kernels may be asked for.
template <class Pixel>
void expect_equal_to_reference(PlaneView<Pixel> plane) {
  using EdgeKernel = void (*)(PlaneView<Pixel>, int, int, int, CellEdges*);
  using StepKernel = void (*)(PlaneView<Pixel>, int, int, int, CellSteps*);
  const int columns = (plane.width - 1) / kCellSize;
  for (int row = 0; row < (plane.height - 1) / kCellSize; ++row) {
    expect_equal<CellEdges, Pixel, EdgeKernel>(measure_edges, reference::measure_edges, plane, row, 0,
                                               columns);
  }
  for (int row = 1; row < plane.height / kCellSize; ++row) {
    expect_equal<CellSteps, Pixel, StepKernel>(measure_steps, reference::measure_steps, plane, row, 1,
                                               plane.width / kCellSize / 2);
  }
}

template <class Pixel>
class EdgeKernel : public testing::Test {
 protected:
  static constexpr int kMax = std::numeric_limits<Pixel>::max();
  static constexpr int kVideoMax = sizeof(Pixel) == 2 ? 1023 : 255;
  std::mt19937 engine_{1};
};

using Pixels = testing::Types<std::uint8_t, std::uint16_t>;
TYPED_TEST_SUITE(EdgeKernel, Pixels);

TYPED_TEST(EdgeKernel, EqualsTheReferenceAtEverySizeAndLayout) {
  constexpr int kSizes[][2] = {{32, 32}, {33, 33}, {48, 50}, {65, 35}, {129, 49}};
  for (const auto& [width, height] : kSizes) {
    for (const int padding : {0, 7}) {
      for (const bool bottom_up : {false, true}) {
        SCOPED_TRACE(fmt::format("{}×{}, padding {}, bottom-up {}", width, height, padding, bottom_up));
        Picture<TypeParam> picture(width, height, {padding, bottom_up});
        std::uniform_int_distribution<int> level(0, this->kVideoMax);
        expect_equal_to_reference(picture.paint([&](int, int) { return level(this->engine_); }).view());
      }
    }
  }
}

TYPED_TEST(EdgeKernel, EqualsTheReferenceOnExtremes) {
  Picture<TypeParam> picture(67, 50, {0, false});
  expect_equal_to_reference(
      picture.paint([&](int, int) { return this->engine_() % 2 ? this->kMax : 0; }).view());
  expect_equal_to_reference(picture.paint([&](int x, int) { return x % 2 ? this->kMax : 0; }).view());
  expect_equal_to_reference(picture.paint([&](int, int) { return this->kMax; }).view());
}

// One pixel that stands out, walked over the cell and around it, so that each place counts where it should.
TYPED_TEST(EdgeKernel, EqualsTheReferenceWhereverOnePixelStandsOut) {
  for (int y = 14; y < 42; ++y) {
    for (int x = 14; x < 42; ++x) {
      SCOPED_TRACE(fmt::format("{}, {}", x, y));
      Picture<TypeParam> picture(56, 56, {0, false});
      const auto view = picture.paint([&](int u, int v) { return u == x && v == y ? 200 : 50; }).view();
      CellEdges edges;
      CellEdges expected_edges;
      measure_edges(view, 1, 1, 1, &edges);
      reference::measure_edges(view, 1, 1, 1, &expected_edges);
      EXPECT_EQ(std::memcmp(&edges, &expected_edges, sizeof edges), 0);
      CellSteps steps;
      CellSteps expected_steps;
      measure_steps(view, 1, 1, 1, &steps);
      reference::measure_steps(view, 1, 1, 1, &expected_steps);
      EXPECT_EQ(std::memcmp(&steps, &expected_steps, sizeof steps), 0);
    }
  }
}

TYPED_TEST(EdgeKernel, EqualsWhatCanBeCountedByHand) {
  Picture<TypeParam> picture(48, 48, {0, false});
  // A ramp of 3 a pixel across, and an edge of 40 between rows 23 and 24.
  const auto view = picture.paint([](int x, int y) { return 3 * x + (y >= 24 ? 40 : 0); }).view();
  on_every_target([&] {
    CellEdges edges;
    measure_edges(view, 1, 1, 1, &edges);
    EXPECT_EQ(edges.step_across, 3);
    EXPECT_EQ(edges.contrast_across, 24);
    EXPECT_EQ(edges.step_down, 40);
    EXPECT_EQ(edges.contrast_down, 40);
    CellSteps steps;
    measure_steps(view, 1, 1, 1, &steps);
    for (int i = 0; i < kGridPeriod; ++i) {
      EXPECT_EQ(steps.across[i], 3U * 2 * kCellSize);
      EXPECT_EQ(steps.down[i], i == 0 ? 40U * kCellSize : 0U);
    }
  });
}

}  // namespace
}  // namespace monolens::kernels

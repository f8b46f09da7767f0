#include "features/kernels/plane.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "features/kernels/every_target_test.h"

namespace monolens::kernels {
namespace {

bool operator==(const Cell& a, const Cell& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

std::string shown(const Cell& c) {
  return fmt::format("{{sum {}, sad {}, dark {}, min {}, max {}, outside {}}}", c.sum, c.sad, c.dark, c.min,
                     c.max, c.outside);
}

struct Size {
  int width;
  int height;
};

// Odd and even sizes around the cell (16) and around the vectors (16 to 64 pixels).
constexpr Size kSizes[] = {{1, 1},   {1, 17},   {2, 2},   {15, 16},  {16, 1},  {16, 16}, {17, 15},
                           {31, 33}, {32, 32},  {48, 5},  {63, 64},  {64, 63}, {65, 16}, {67, 35},
                           {96, 16}, {112, 18}, {127, 3}, {129, 31}, {200, 47}};

struct Layout {
  int padding;     // pixels between two rows
  bool bottom_up;  // negative stride
  int misaligned;  // bytes from an even address of the allocator to the first row
};

constexpr Layout kLayouts[] = {{0, false, 0}, {0, true, 0},  {13, false, 0},
                               {13, true, 2}, {0, false, 2}, {64, false, 0}};

// A plane in an allocation that ends with its last pixel and begins with its first (but for the
// misalignment), so that the address sanitizer sees a read beyond either. The bytes between rows hold
// garbage.
template <class Pixel>
class Plane {
 public:
  Plane(Size size, Layout layout)
      : size_(size),
        pitch_(size.width + layout.padding),
        bottom_up_(layout.bottom_up),
        offset_(layout.misaligned / static_cast<int>(sizeof(Pixel))),
        pixels_(new Pixel[static_cast<std::size_t>(offset_ + pitch_ * (size.height - 1) + size.width)]) {
    std::memset(pixels_.get(), 0xA5,
                static_cast<std::size_t>(offset_ + pitch_ * (size.height - 1) + size.width) * sizeof(Pixel));
  }

  template <class Generate>
  Plane& fill(Generate generate) {
    for (int y = 0; y < size_.height; ++y) {
      for (int x = 0; x < size_.width; ++x)
        pixels_[static_cast<std::size_t>(offset_ + y * pitch_ + x)] = generate();
    }
    return *this;
  }

  PlaneView<Pixel> view() const {
    const auto stride = static_cast<std::ptrdiff_t>(static_cast<std::size_t>(pitch_) * sizeof(Pixel));
    const Pixel* first = pixels_.get() + offset_;
    if (bottom_up_) return {first + (size_.height - 1) * pitch_, -stride, size_.width, size_.height};
    return {first, stride, size_.width, size_.height};
  }

 private:
  Size size_;
  int pitch_;
  bool bottom_up_;
  int offset_;
  std::unique_ptr<Pixel[]> pixels_;
};

constexpr Cell kGuard = {.sum = 0xDEADBEEF, .sad = 1, .dark = 2, .min = 3, .max = 4, .outside = 5};

template <class Pixel>
void expect_equal_to_reference(PlaneView<Pixel> plane, PlaneView<Pixel> reference, PlaneLimits limits) {
  const std::size_t count = static_cast<std::size_t>(cells_across(plane.width) * cells_across(plane.height));
  std::vector<Cell> expected(count);
  reference::measure_plane(plane, reference, limits, expected.data());
  on_every_target([&] {
    std::vector<Cell> guarded(count + 2, kGuard);
    measure_plane(plane, reference, limits, guarded.data() + 1);
    EXPECT_TRUE(guarded.front() == kGuard);
    EXPECT_TRUE(guarded.back() == kGuard);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_TRUE(guarded[i + 1] == expected[i])
          << "cell " << i << " is " << shown(guarded[i + 1]) << ", not " << shown(expected[i]);
    }
  });
}

template <class Pixel>
void expect_sums_equal_to_reference(PlaneView<Pixel> plane) {
  constexpr std::uint32_t kGuardSum = 0xDEADBEEF;
  const auto height = static_cast<std::size_t>(plane.height);
  const auto width = static_cast<std::size_t>(plane.width);
  std::vector<std::uint32_t> expected_rows(height + 1, kGuardSum);
  std::vector<std::uint32_t> expected_columns(width + 1, kGuardSum);
  reference::sum_rows_and_columns(plane, expected_rows.data(), expected_columns.data());
  on_every_target([&] {
    std::vector<std::uint32_t> rows(height + 1, kGuardSum);
    std::vector<std::uint32_t> columns(width + 1, kGuardSum);
    sum_rows_and_columns(plane, rows.data(), columns.data());
    EXPECT_EQ(rows, expected_rows);
    EXPECT_EQ(columns, expected_columns);
  });
}

std::string described(Size size, Layout layout) {
  return fmt::format("{}×{}, padding {}, misaligned {}{}", size.width, size.height, layout.padding,
                     layout.misaligned, layout.bottom_up ? ", bottom-up" : "");
}

template <class Pixel>
class PlaneKernels : public testing::Test {
 protected:
  static constexpr int kMax = std::numeric_limits<Pixel>::max();

  // Pixels from `low` to `high`, both included.
  auto random(int low, int high) {
    return [this, range = std::uniform_int_distribution<int>(low, high)]() mutable {
      return static_cast<Pixel>(range(engine_));
    };
  }
  static auto constant(int value) {
    return [value] { return static_cast<Pixel>(value); };
  }
  // Black or white at random: the largest differences, next to each other.
  auto extremes() {
    return [this] { return static_cast<Pixel>(engine_() % 2 ? kMax : 0); };
  }

  // Limits of 10-bit video for 16-bit pixels, of 8-bit video otherwise.
  static constexpr PlaneLimits kVideo =
      sizeof(Pixel) == 2 ? PlaneLimits{104, 20, 940} : PlaneLimits{26, 5, 235};
  static constexpr int kVideoMax = sizeof(Pixel) == 2 ? 1023 : 255;

 private:
  std::mt19937 engine_{1};
};

using Pixels = testing::Types<std::uint8_t, std::uint16_t>;
TYPED_TEST_SUITE(PlaneKernels, Pixels);

TYPED_TEST(PlaneKernels, EqualTheReferenceAtEverySizeAndLayout) {
  for (const Size size : kSizes) {
    for (const Layout layout : kLayouts) {
      SCOPED_TRACE(described(size, layout));
      Plane<TypeParam> plane(size, layout);
      Plane<TypeParam> other(size, kLayouts[0]);
      plane.fill(this->random(0, this->kVideoMax));
      other.fill(this->random(0, this->kVideoMax));
      expect_equal_to_reference(plane.view(), other.view(), this->kVideo);
      expect_equal_to_reference(other.view(), plane.view(), this->kVideo);
      expect_equal_to_reference(plane.view(), PlaneView<TypeParam>{}, this->kVideo);
      expect_sums_equal_to_reference(plane.view());
    }
  }
}

TYPED_TEST(PlaneKernels, EqualTheReferenceOnAWholePicture) {
  const Size size = {1919, 1081};
  Plane<TypeParam> plane(size, {1, false, 0});
  Plane<TypeParam> other(size, {65, true, 2});
  plane.fill(this->random(0, this->kMax));
  other.fill(this->random(0, this->kMax));
  expect_equal_to_reference(plane.view(), other.view(), this->kVideo);
  expect_sums_equal_to_reference(plane.view());
}

TYPED_TEST(PlaneKernels, EqualTheReferenceOnExtremes) {
  const Size size = {147, 37};
  Plane<TypeParam> zeros(size, kLayouts[0]);
  Plane<TypeParam> whites(size, kLayouts[2]);
  Plane<TypeParam> mixed(size, kLayouts[1]);
  zeros.fill(this->constant(0));
  whites.fill(this->constant(this->kMax));
  mixed.fill(this->extremes());
  for (const auto* plane : {&zeros, &whites, &mixed}) {
    for (const auto* other : {&zeros, &whites, &mixed}) {
      expect_equal_to_reference(plane->view(), other->view(), this->kVideo);
    }
    expect_equal_to_reference(plane->view(), plane->view(), this->kVideo);
    expect_sums_equal_to_reference(plane->view());
  }
}

TYPED_TEST(PlaneKernels, CountThePixelsAtTheLimitsThemselves) {
  const PlaneLimits limits = {.dark_max = 100, .legal_min = 99, .legal_max = 102};
  const auto max = static_cast<std::uint16_t>(this->kMax);
  Plane<TypeParam> plane({147, 37}, kLayouts[3]);
  plane.fill(this->random(98, 103));
  expect_equal_to_reference(plane.view(), PlaneView<TypeParam>{}, limits);
  plane.fill(this->extremes());
  for (const PlaneLimits edge : {PlaneLimits{0, 0, max}, PlaneLimits{max, 0, 0}, PlaneLimits{0, max, max}}) {
    expect_equal_to_reference(plane.view(), PlaneView<TypeParam>{}, edge);
  }
}

TYPED_TEST(PlaneKernels, CountOneOddPixelAmongThousands) {
  for (int at = 0; at < 147 * 37; at += 11) {
    for (const int odd : {0, this->kMax}) {
      int i = 0;
      Plane<TypeParam> plane({147, 37}, kLayouts[0]);
      plane.fill([&] { return static_cast<TypeParam>(i++ == at ? odd : 150); });
      expect_equal_to_reference(plane.view(), PlaneView<TypeParam>{}, this->kVideo);
    }
  }
}

TYPED_TEST(PlaneKernels, EqualWhatCanBeCountedByHand) {
  Plane<TypeParam> plane({20, 2}, kLayouts[2]);
  Plane<TypeParam> other({20, 2}, kLayouts[0]);
  int i = 0;
  plane.fill([&] { return static_cast<TypeParam>(i++); });
  other.fill(this->constant(10));
  const PlaneLimits limits = {.dark_max = 2, .legal_min = 1, .legal_max = 37};
  on_every_target([&] {
    Cell cells[2];
    measure_plane(plane.view(), other.view(), limits, cells);
    const Cell left = {.sum = 560, .sad = 350, .dark = 3, .min = 0, .max = 35, .outside = 1};
    const Cell right = {.sum = 220, .sad = 140, .dark = 0, .min = 16, .max = 39, .outside = 2};
    EXPECT_TRUE(cells[0] == left) << shown(cells[0]);
    EXPECT_TRUE(cells[1] == right) << shown(cells[1]);
  });
}

}  // namespace
}  // namespace monolens::kernels

#include "features/kernels/seams.h"

#include <algorithm>
#include <cstddef>

// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "features/kernels/seams.cc"
#include "hwy/foreach_target.h"  // before highway.h: compiles this file once for each target
#include "hwy/highway.h"
#include "features/kernels/block_row-inl.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace monolens::kernels::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

template <class Pixel>
void seams(PlaneView<Pixel> plane, int shift, BlockSeams* blocks) {
  kernels::reference::measure_seams(plane, shift, blocks);
}

#else

HWY_INLINE V third_difference(V a, V b, V c, V d) {
  const auto step = hn::Sub(c, b);
  return hn::Add(hn::Add(step, hn::Add(step, step)), hn::Sub(a, d));
}

HWY_ALIGN constexpr std::int16_t kInner[kCellSize] = {0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 0};
HWY_ALIGN constexpr std::int16_t kNotFirst[kCellSize] = {0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

// REQUIRES: two rows above `at`, two pixels before and one behind the block can be read.
template <class Pixel>
HWY_INLINE BlockSeams measure_block(const Pixel* at, std::ptrdiff_t stride, int shift) {
  const D d;
  const auto row = [&](int y) {
    return reinterpret_cast<const Pixel*>(reinterpret_cast<const std::byte*>(at) + y * stride);
  };
  const auto ones = hn::Set(d, std::int16_t{1});
  BlockSeams b{};
  HWY_ALIGN std::int16_t column_abs[kCellSize];
  HWY_ALIGN std::int16_t column_sum[kCellSize];
  for (int x = 0; x < kCellSize; x += kLanes) {
    auto abs = hn::Zero(d);
    auto sum = hn::Zero(d);
    auto gradient = hn::Zero(d);
    for (int y = 0; y < kCellSize; y += kCellSize / kSeamRows) {
      const Pixel* p = row(y) + x;
      const auto before = load(p - 1, shift);
      const auto here = load(p, shift);
      const auto s = third_difference(load(p - 2, shift), before, here, load(p + 1, shift));
      abs = hn::Add(abs, hn::Abs(s));
      sum = hn::Add(sum, s);
      gradient = hn::Add(gradient, hn::Abs(hn::Sub(here, before)));
    }
    hn::Store(abs, d, column_abs + x);
    hn::Store(sum, d, column_sum + x);
    b.inner_x_abs += weighted(abs, hn::Load(d, kInner + x));
    b.gradient_x += weighted(gradient, hn::Load(d, kNotFirst + x));

    auto inner = hn::Zero(d);
    gradient = hn::Zero(d);
    for (int y = 0; y < kCellSize; y += 4) {
      const auto above = load(row(y - 1) + x, shift);
      const auto here = load(row(y) + x, shift);
      const auto s = third_difference(load(row(y - 2) + x, shift), above, here, load(row(y + 1) + x, shift));
      if (y > 0) gradient = hn::Add(gradient, hn::Abs(hn::Sub(here, above)));
      if (y == 0) {
        b.top_abs += weighted(hn::Abs(s), ones);
        b.top_sum += weighted(s, ones);
      } else if (y == 8) {
        b.middle_y_abs += weighted(hn::Abs(s), ones);
        b.middle_y_sum += weighted(s, ones);
      } else {
        inner = hn::Add(inner, hn::Abs(s));
      }
    }
    b.inner_y_abs += weighted(inner, ones);
    b.gradient_y += weighted(gradient, ones);
  }
  b.left_abs = column_abs[0];
  b.left_sum = column_sum[0];
  b.middle_x_abs = column_abs[8];
  b.middle_x_sum = column_sum[8];
  return b;
}

// A block at the picture's edge, measured in a copy with the edge repeated around it.
template <class Pixel>
BlockSeams measure_edge_block(PlaneView<Pixel> plane, int left, int top, int shift) {
  constexpr int kPitch = 32;
  constexpr int kOrigin = 8;
  Pixel copy[(kCellSize + 2) * kPitch] = {};
  for (int y = -2; y < kCellSize; ++y) {
    const auto* row = reinterpret_cast<const Pixel*>(reinterpret_cast<const std::byte*>(plane.data) +
                                                     std::max(0, top + y) * plane.stride);
    for (int x = -2; x <= kCellSize; ++x) {
      copy[(y + 2) * kPitch + kOrigin + x] = row[std::clamp(left + x, 0, plane.width - 1)];
    }
  }
  BlockSeams b = measure_block(copy + 2 * kPitch + kOrigin, kPitch * sizeof(Pixel), shift);
  if (left == 0) b.left_abs = b.left_sum = 0;
  if (top == 0) b.top_abs = b.top_sum = 0;
  return b;
}

template <class Pixel>
void seams(PlaneView<Pixel> plane, int shift, BlockSeams* blocks) {
  const int columns = whole_blocks(plane.width);
  for (int row = 0; row < whole_blocks(plane.height); ++row) {
    const int top = row * kCellSize;
    const auto* band =
        reinterpret_cast<const Pixel*>(reinterpret_cast<const std::byte*>(plane.data) + top * plane.stride);
    for (int column = 0; column < columns; ++column) {
      const int left = column * kCellSize;
      const bool at_edge = row == 0 || column == 0 || left + kCellSize >= plane.width;
      *blocks++ = at_edge ? measure_edge_block(plane, left, top, shift)
                          : measure_block(band + left, plane.stride, shift);
    }
  }
}

#endif

void seams_u8(PlaneView<std::uint8_t> plane, int shift, BlockSeams* blocks) { seams(plane, shift, blocks); }
void seams_u16(PlaneView<std::uint16_t> plane, int shift, BlockSeams* blocks) { seams(plane, shift, blocks); }

}  // namespace monolens::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace monolens::kernels {

HWY_EXPORT(seams_u8);
HWY_EXPORT(seams_u16);

void measure_seams(PlaneView<std::uint8_t> plane, int shift, BlockSeams* blocks) {
  HWY_DYNAMIC_DISPATCH(seams_u8)(plane, shift, blocks);
}

void measure_seams(PlaneView<std::uint16_t> plane, int shift, BlockSeams* blocks) {
  HWY_DYNAMIC_DISPATCH(seams_u16)(plane, shift, blocks);
}

}  // namespace monolens::kernels
#endif

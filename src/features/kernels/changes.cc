#include "features/kernels/changes.h"

#include <cstddef>

// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "features/kernels/changes.cc"
#include "hwy/foreach_target.h"  // before highway.h: compiles this file once for each target
#include "hwy/highway.h"
#include "features/kernels/block_row-inl.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace monolens::kernels::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

template <class Pixel>
void changes(PlaneView<Pixel> plane, PlaneView<Pixel> before, int shift, const std::uint8_t* wanted,
             BlockChanges* blocks) {
  kernels::reference::measure_changes(plane, before, shift, wanted, blocks);
}

#else

constexpr int kThick = kCellSize / kStrips;

template <class Pixel>
HWY_INLINE BlockChanges measure_block(const Pixel* a, std::ptrdiff_t a_stride, const Pixel* b,
                                      std::ptrdiff_t b_stride, int shift) {
  const D d;
  const auto row = [](const Pixel* p, std::ptrdiff_t stride, int y) {
    return reinterpret_cast<const Pixel*>(reinterpret_cast<const std::byte*>(p) + y * stride);
  };
  std::int32_t down[kStrips] = {};
  HWY_ALIGN std::int16_t columns[kCellSize];
  for (int x = 0; x < kCellSize; x += kLanes) {
    auto column = hn::Zero(d);
    for (int strip = 0; strip < kStrips; ++strip) {
      auto sum = hn::Zero(d);
      for (int y = strip * kThick; y < (strip + 1) * kThick; y += kChangeStep) {
        sum = hn::Add(sum, hn::Abs(hn::Sub(load(row(a, a_stride, y) + x, shift),
                                           load(row(b, b_stride, y) + x, shift))));
      }
      down[strip] += weighted(sum, hn::Set(d, std::int16_t{1}));
      column = hn::Add(column, sum);
    }
    hn::Store(column, d, columns + x);
  }
  BlockChanges block;
  for (int strip = 0; strip < kStrips; ++strip) {
    const std::int16_t* c = columns + strip * kThick;
    block.across[strip] = static_cast<std::uint16_t>(c[0] + c[1] + c[2] + c[3]);
    block.down[strip] = static_cast<std::uint16_t>(down[strip]);
  }
  return block;
}

template <class Pixel>
void changes(PlaneView<Pixel> plane, PlaneView<Pixel> before, int shift, const std::uint8_t* wanted,
             BlockChanges* blocks) {
  const auto band = [](PlaneView<Pixel> p, int row) {
    return reinterpret_cast<const Pixel*>(reinterpret_cast<const std::byte*>(p.data) +
                                          row * kCellSize * p.stride);
  };
  const int columns = whole_blocks(plane.width);
  for (int row = 0; row < whole_blocks(plane.height); ++row) {
    const Pixel* a = band(plane, row);
    const Pixel* b = band(before, row);
    for (int column = 0; column < columns; ++column, a += kCellSize, b += kCellSize) {
      *blocks++ = *wanted++ != 0 ? measure_block(a, plane.stride, b, before.stride, shift) : BlockChanges{};
    }
  }
}

#endif

void changes_u8(PlaneView<std::uint8_t> plane, PlaneView<std::uint8_t> before, int shift,
                const std::uint8_t* wanted, BlockChanges* blocks) {
  changes(plane, before, shift, wanted, blocks);
}
void changes_u16(PlaneView<std::uint16_t> plane, PlaneView<std::uint16_t> before, int shift,
                 const std::uint8_t* wanted, BlockChanges* blocks) {
  changes(plane, before, shift, wanted, blocks);
}

}  // namespace monolens::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace monolens::kernels {

HWY_EXPORT(changes_u8);
HWY_EXPORT(changes_u16);

void measure_changes(PlaneView<std::uint8_t> plane, PlaneView<std::uint8_t> before, int shift,
                     const std::uint8_t* wanted, BlockChanges* blocks) {
  HWY_DYNAMIC_DISPATCH(changes_u8)(plane, before, shift, wanted, blocks);
}

void measure_changes(PlaneView<std::uint16_t> plane, PlaneView<std::uint16_t> before, int shift,
                     const std::uint8_t* wanted, BlockChanges* blocks) {
  HWY_DYNAMIC_DISPATCH(changes_u16)(plane, before, shift, wanted, blocks);
}

}  // namespace monolens::kernels
#endif

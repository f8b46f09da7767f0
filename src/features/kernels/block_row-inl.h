// Rows of a block of 16×16 pixels as vectors of 16-bit lanes. For kernels alone, once for each SIMD target:
// it is included behind hwy/highway.h, where the target has vectors.
#if defined(MONOLENS_KERNELS_BLOCK_ROW_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef MONOLENS_KERNELS_BLOCK_ROW_INL_H
#undef MONOLENS_KERNELS_BLOCK_ROW_INL_H
#else
#define MONOLENS_KERNELS_BLOCK_ROW_INL_H
#endif

#include <cstdint>

#include "features/kernels/plane.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace monolens::kernels::HWY_NAMESPACE {

#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<std::int16_t, kCellSize>;
using V = hn::Vec<D>;
constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));

// min(255, value >> shift) of each pixel.
template <class Pixel>
HWY_INLINE V load(const Pixel* at, int shift) {
  const D d;
  if constexpr (sizeof(Pixel) == 1) {
    return hn::ShiftRightSame(hn::PromoteTo(d, hn::LoadU(hn::Rebind<std::uint8_t, D>(), at)), shift);
  } else {
    const hn::RebindToUnsigned<D> du;
    const auto v = hn::ShiftRightSame(hn::LoadU(du, at), shift);
    return hn::BitCast(d, hn::Min(v, hn::Set(du, 255)));
  }
}

// Σ of lane × weight.
HWY_INLINE std::int32_t weighted(V v, V weights) {
  const hn::Repartition<std::int32_t, D> d32;
  auto rest = hn::Zero(d32);
  const auto pairs = hn::ReorderWidenMulAccumulate(d32, v, weights, hn::Zero(d32), rest);
  return hn::GetLane(hn::SumOfLanes(d32, hn::Add(pairs, rest)));
}

#endif

}  // namespace monolens::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif

#include "features/kernels/samples.h"

#include <algorithm>

#include "features/kernels/true_peak_filter.h"

// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "features/kernels/samples.cc"
#include "hwy/foreach_target.h"  // before highway.h: compiles this file once for each target
#include "hwy/highway.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace monolens::kernels::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

SampleSums measure(const float* x, std::size_t n, float over_limit) {
  return reference::measure_samples(x, n, over_limit);
}
double dot_product(const float* a, const float* b, std::size_t n) { return reference::dot(a, b, n); }
float copy_step(const float* x, std::size_t n, float limit, float* out) {
  return reference::copy_and_find_step(x, n, limit, out);
}
float true_peak(const float* x, std::size_t n) { return reference::true_peak_4x(x, n); }

#else

namespace hn = hwy::HWY_NAMESPACE;

// Loads half a vector of floats, so that it widens to one vector of doubles.
using Doubles = hn::ScalableTag<double>;
using Floats = hn::Rebind<float, Doubles>;

template <class D>
HWY_INLINE hn::Vec<D> load_finite(D d, const float* x) {
  const auto v = hn::LoadU(d, x);
  return hn::IfThenElseZero(hn::IsFinite(v), v);
}

SampleSums measure(const float* x, std::size_t n, float over_limit) {
  const Floats d;
  const Doubles dd;
  const auto limit = hn::Set(d, over_limit);
  auto sum = hn::Zero(dd);
  auto sum_squares = hn::Zero(dd);
  auto peak = hn::Zero(d);
  std::size_t over = 0;
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= n; i += hn::Lanes(d)) {
    const auto v = load_finite(d, x + i);
    const auto level = hn::Abs(v);
    const auto wide = hn::PromoteTo(dd, v);
    sum = hn::Add(sum, wide);
    sum_squares = hn::MulAdd(wide, wide, sum_squares);
    peak = hn::Max(peak, level);
    over += hn::CountTrue(d, hn::Ge(level, limit));
  }
  SampleSums sums = reference::measure_samples(x + i, n - i, over_limit);
  sums.sum += hn::GetLane(hn::SumOfLanes(dd, sum));
  sums.sum_squares += hn::GetLane(hn::SumOfLanes(dd, sum_squares));
  sums.peak = std::max(sums.peak, hn::GetLane(hn::MaxOfLanes(d, peak)));
  sums.over += static_cast<std::uint32_t>(over);
  return sums;
}

double dot_product(const float* a, const float* b, std::size_t n) {
  const Floats d;
  const Doubles dd;
  auto sum = hn::Zero(dd);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= n; i += hn::Lanes(d)) {
    sum = hn::MulAdd(hn::PromoteTo(dd, load_finite(d, a + i)), hn::PromoteTo(dd, load_finite(d, b + i)), sum);
  }
  return hn::GetLane(hn::SumOfLanes(dd, sum)) + reference::dot(a + i, b + i, n - i);
}

float copy_step(const float* x, std::size_t n, float limit, float* out) {
  const hn::ScalableTag<float> d;
  const auto high = hn::Set(d, limit);
  const auto low = hn::Neg(high);
  auto largest = hn::Zero(d);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= n; i += hn::Lanes(d)) {
    const auto v = hn::Min(hn::Max(load_finite(d, x + i), low), high);
    hn::StoreU(v, d, out + i);
    const auto before = hn::LoadU(d, out + i - 1);
    largest = hn::Max(largest, hn::Abs(hn::Sub(v, before)));
  }
  return std::max(hn::GetLane(hn::MaxOfLanes(d, largest)),
                  reference::copy_and_find_step(x + i, n - i, limit, out + i));
}

float true_peak(const float* x, std::size_t n) {
  const hn::ScalableTag<float> d;
  auto peak = hn::Zero(d);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= n; i += hn::Lanes(d)) {
    auto y0 = hn::Zero(d);
    auto y1 = hn::Zero(d);
    auto y2 = hn::Zero(d);
    auto y3 = hn::Zero(d);
    for (std::size_t k = 0; k < kTruePeakTaps; ++k) {
      const auto v = load_finite(d, x + static_cast<std::ptrdiff_t>(i) - static_cast<std::ptrdiff_t>(k));
      y0 = hn::MulAdd(v, hn::Set(d, kTruePeakFilter[0][k]), y0);
      y1 = hn::MulAdd(v, hn::Set(d, kTruePeakFilter[1][k]), y1);
      y2 = hn::MulAdd(v, hn::Set(d, kTruePeakFilter[2][k]), y2);
      y3 = hn::MulAdd(v, hn::Set(d, kTruePeakFilter[3][k]), y3);
    }
    peak = hn::Max(peak, hn::Max(hn::Max(hn::Abs(y0), hn::Abs(y1)), hn::Max(hn::Abs(y2), hn::Abs(y3))));
  }
  return std::max(hn::GetLane(hn::MaxOfLanes(d, peak)), reference::true_peak_4x(x + i, n - i));
}

#endif

}  // namespace monolens::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace monolens::kernels {

HWY_EXPORT(measure);
HWY_EXPORT(dot_product);
HWY_EXPORT(copy_step);
HWY_EXPORT(true_peak);

SampleSums measure_samples(const float* x, std::size_t n, float over_limit) {
  return HWY_DYNAMIC_DISPATCH(measure)(x, n, over_limit);
}

double dot(const float* a, const float* b, std::size_t n) {
  return HWY_DYNAMIC_DISPATCH(dot_product)(a, b, n);
}

float copy_and_find_step(const float* x, std::size_t n, float limit, float* out) {
  return HWY_DYNAMIC_DISPATCH(copy_step)(x, n, limit, out);
}

float true_peak_4x(const float* x, std::size_t n) { return HWY_DYNAMIC_DISPATCH(true_peak)(x, n); }

}  // namespace monolens::kernels
#endif

#include "compare/quality.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace monolens {
namespace {

constexpr int kBlock = 4;
constexpr float kPeak = 255;
constexpr float kC1 = (0.01F * kPeak) * (0.01F * kPeak);
constexpr float kC2 = (0.03F * kPeak) * (0.03F * kPeak);
constexpr float kSamples = 64;

// Code values to 8-bit ones.
struct Mapping {
  Mapping(const PictureFormat& f, bool to_limited) : scale(std::ldexp(1.0F, 8 - f.bit_depth)) {
    if (!to_limited) return;
    scale *= 219.0F / 255;
    offset = 16;
  }
  float scale;
  float offset = 0;
};

template <class Pixel>
void read_row(const Plane& p, int y, Mapping map, float* out) {
  const auto* row = reinterpret_cast<const Pixel*>(p.data + y * p.stride);
  for (int x = 0; x < p.width; ++x) out[x] = static_cast<float>(row[x]) * map.scale + map.offset;
}

void read_row(const Plane& p, int y, const PictureFormat& f, Mapping map, float* out) {
  if (f.bit_depth == 8) {
    read_row<std::uint8_t>(p, y, map, out);
  } else {
    read_row<std::uint16_t>(p, y, map, out);
  }
}

double squared_difference(const float* a, const float* b, int n) {
  double sum = 0;
  for (int x = 0; x < n; x += 64) {
    float part = 0;
    const int end = std::min(n, x + 64);
    for (int i = x; i < end; ++i) part += (a[i] - b[i]) * (a[i] - b[i]);
    sum += static_cast<double>(part);
  }
  return sum;
}

}  // namespace

void QualityMeter::add(const Plane& reference, const PictureFormat& reference_format, const Plane& test,
                       const PictureFormat& test_format) {
  const bool mixed = reference_format.full_range != test_format.full_range;
  const Mapping map_a(reference_format, mixed && reference_format.full_range);
  const Mapping map_b(test_format, mixed && test_format.full_range);
  const int width = reference.width;
  const int height = reference.height;
  const auto columns = static_cast<std::size_t>(width / kBlock);
  a_.resize(static_cast<std::size_t>(width) * kBlock);
  b_.resize(a_.size());
  double squared = 0;
  double ssim = 0;
  std::uint64_t windows = 0;
  for (int top = 0; top < height; top += kBlock) {
    const int rows = std::min(kBlock, height - top);
    for (int r = 0; r < rows; ++r) {
      float* a = a_.data() + static_cast<std::ptrdiff_t>(r) * width;
      float* b = b_.data() + static_cast<std::ptrdiff_t>(r) * width;
      read_row(reference, top + r, reference_format, map_a, a);
      read_row(test, top + r, test_format, map_b, b);
      squared += squared_difference(a, b, width);
    }
    if (rows < kBlock) break;
    std::swap(above_, here_);
    sum_blocks(width);
    if (top == 0) continue;
    for (std::size_t c = 0; c + 1 < columns; ++c, ++windows) ssim += window(c);
  }
  ++pictures_;
  squared_ += squared / (static_cast<double>(width) * height);
  if (windows > 0) {
    ++with_ssim_;
    ssim_ += ssim / static_cast<double>(windows);
  }
}

void QualityMeter::sum_blocks(int width) {
  here_.assign(static_cast<std::size_t>(width / kBlock), {});
  for (int r = 0; r < kBlock; ++r) {
    const float* a = a_.data() + static_cast<std::ptrdiff_t>(r) * width;
    const float* b = b_.data() + static_cast<std::ptrdiff_t>(r) * width;
    for (Sums& s : here_) {
      for (int x = 0; x < kBlock; ++x, ++a, ++b) {
        s.a += *a;
        s.b += *b;
        s.squares += *a * *a + *b * *b;
        s.product += *a * *b;
      }
    }
  }
}

// Wang, Bovik, Sheikh, Simoncelli 2004, eq. 13; variances are unbiased.
double QualityMeter::window(std::size_t column) const {
  Sums s;
  for (const Sums* part : {&above_[column], &above_[column + 1], &here_[column], &here_[column + 1]}) {
    s.a += part->a;
    s.b += part->b;
    s.squares += part->squares;
    s.product += part->product;
  }
  const float mean_a = s.a / kSamples;
  const float mean_b = s.b / kSamples;
  const float means = mean_a * mean_a + mean_b * mean_b;
  const float product = mean_a * mean_b;
  const float variances = (s.squares - kSamples * means) / (kSamples - 1);
  const float covariance = (s.product - kSamples * product) / (kSamples - 1);
  return static_cast<double>((2 * product + kC1) * (2 * covariance + kC2) /
                             ((means + kC1) * (variances + kC2)));
}

double QualityMeter::psnr() const {
  if (squared_ <= 0) return std::numeric_limits<double>::infinity();
  return 10 * std::log10(static_cast<double>(kPeak) * static_cast<double>(kPeak) *
                         static_cast<double>(pictures_) / squared_);
}

std::optional<double> QualityMeter::ssim() const {
  if (with_ssim_ == 0) return std::nullopt;
  return ssim_ / static_cast<double>(with_ssim_);
}

}  // namespace monolens

#include "eval/programme.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace monolens::eval {
namespace {

struct Range {
  std::size_t from;
  std::size_t size;
};

Range range_of(const Picture& p, int plane) {
  const auto luma = static_cast<std::size_t>(p.width) * static_cast<std::size_t>(p.height);
  if (plane == 0) return {0, luma};
  return {luma + (plane == 2 ? luma / 4 : 0), luma / 4};
}

}  // namespace

std::span<std::uint8_t> Picture::plane(int plane) {
  const Range r = range_of(*this, plane);
  return std::span(samples).subspan(r.from, r.size);
}

std::span<const std::uint8_t> Picture::plane(int plane) const {
  const Range r = range_of(*this, plane);
  return std::span(samples).subspan(r.from, r.size);
}

std::array<Plane, 3> Picture::planes() const {
  std::array<Plane, 3> planes;
  for (int i = 0; i < 3; ++i) {
    planes[static_cast<std::size_t>(i)] = {.data = plane(i).data(),
                                           .stride = plane_width(i),
                                           .width = plane_width(i),
                                           .height = plane_height(i)};
  }
  return planes;
}

Picture flat_picture(int width, int height, int y, int cb, int cr) {
  Picture p{.width = width, .height = height, .samples = {}};
  p.samples.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3 / 2);
  std::ranges::fill(p.plane(0), static_cast<std::uint8_t>(y));
  std::ranges::fill(p.plane(1), static_cast<std::uint8_t>(cb));
  std::ranges::fill(p.plane(2), static_cast<std::uint8_t>(cr));
  return p;
}

double Programme::seconds() const {
  const double sound = has_sound() ? static_cast<double>(channels.front().size()) / sample_rate : 0.0;
  if (!has_pictures()) return sound;
  const double shown = static_cast<double>(ticks.back() + 1) * interval();
  return has_sound() ? std::min(shown, sound) : shown;
}

std::size_t Programme::picture_at(double s) const {
  const auto tick = static_cast<std::int64_t>(std::llround(s / interval()));
  const auto found = std::ranges::lower_bound(ticks, tick);
  return static_cast<std::size_t>(found - ticks.begin());
}

std::size_t Programme::sample_at(double s) const {
  const auto n = static_cast<std::size_t>(std::max<long long>(0, std::llround(s * sample_rate)));
  return std::min(n, channels.front().size());
}

double luma_difference(const Picture& a, const Picture& b) {
  const auto x = a.plane(0);
  const auto y = b.plane(0);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += std::abs(x[i] - y[i]);
  return static_cast<double>(sum) / static_cast<double>(x.size());
}

double rms(const Programme& p, std::size_t from, std::size_t to) {
  double sum = 0;
  for (const auto& c : p.channels) {
    for (std::size_t i = from; i < to; ++i) sum += static_cast<double>(c[i]) * c[i];
  }
  const auto n = static_cast<double>((to - from) * p.channels.size());
  return n > 0 ? std::sqrt(sum / n) : 0;
}

double peak(const Programme& p, std::size_t from, std::size_t to) {
  double most = 0;
  for (const auto& c : p.channels) {
    for (std::size_t i = from; i < to; ++i) most = std::max(most, std::abs(static_cast<double>(c[i])));
  }
  return most;
}

double to_db(double linear) { return linear > 1e-10 ? 20 * std::log10(linear) : -200; }
double from_db(double db) { return std::pow(10, db / 20); }

}  // namespace monolens::eval

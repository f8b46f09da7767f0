#include "eval/made_programme.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "eval/random.h"
#include "eval/recipe.h"

namespace monolens::eval {
namespace {

struct Plan {
  const char* name;
  int width, height, rate;
  double speed;  // widths of the picture a second
  bool speech;   // else music
  int channels;
};

constexpr std::array<Plan, 4> kPlans{{{"made-pan", 640, 360, 25, 0.25, true, 2},
                                      {"made-small", 320, 180, 30, 0.2, false, 2},
                                      {"made-fast", 320, 240, 25, 0.6, true, 1},
                                      {"made-slow", 640, 360, 24, 0.15, false, 2}}};
constexpr double kSeconds = 10;
constexpr int kSampleRate = 48000;

// Smooth noise of one value a lattice point, periodic.
class Noise {
 public:
  explicit Noise(Random& random) {
    for (float& v : values_) v = static_cast<float>(random.uniform(-1, 1));
  }
  double at(double x, double y) const {
    const double fx = std::floor(x);
    const double fy = std::floor(y);
    const double u = ease(x - fx);
    const double v = ease(y - fy);
    const auto i = static_cast<int>(fx);
    const auto j = static_cast<int>(fy);
    const double top = value(i, j) + (value(i + 1, j) - value(i, j)) * u;
    const double bottom = value(i, j + 1) + (value(i + 1, j + 1) - value(i, j + 1)) * u;
    return top + (bottom - top) * v;
  }

 private:
  static constexpr int kSide = 64;
  static double ease(double t) { return t * t * (3 - 2 * t); }
  double value(int i, int j) const {
    return values_[static_cast<std::size_t>((j & (kSide - 1)) * kSide + (i & (kSide - 1)))];
  }
  std::array<float, kSide * kSide> values_{};
};

// A texture of several octaves, larger than the picture, over which the camera moves.
Picture panorama(int width, int height, Random& random) {
  const Noise coarse(random);
  const Noise fine(random);
  Picture p = flat_picture(width, height, 128);
  const auto y = p.plane(0);
  for (int row = 0; row < height; ++row) {
    for (int x = 0; x < width; ++x) {
      const double v = 48 * coarse.at(x / 90.0, row / 90.0) + 30 * coarse.at(x / 23.0, row / 23.0) +
                       22 * fine.at(x / 7.0, row / 7.0) + 14 * fine.at(x / 2.3, row / 2.3);
      y[static_cast<std::size_t>(row * width + x)] =
          static_cast<std::uint8_t>(std::clamp(std::lround(125 + v), 30L, 225L));
    }
  }
  for (int plane = 1; plane < 3; ++plane) {
    const auto c = p.plane(plane);
    for (int row = 0; row < height / 2; ++row) {
      for (int x = 0; x < width / 2; ++x) {
        const double v = 40 * (plane == 1 ? coarse : fine).at(x / 60.0 + 7, row / 60.0);
        c[static_cast<std::size_t>(row * (width / 2) + x)] = static_cast<std::uint8_t>(std::lround(128 + v));
      }
    }
  }
  return p;
}

Picture crop(const Picture& from, int left, int top, int width, int height) {
  Picture p = flat_picture(width, height, 0);
  for (int plane = 0; plane < 3; ++plane) {
    const int k = plane == 0 ? 1 : 2;
    for (int y = 0; y < height / k; ++y) {
      const auto row = from.plane(plane).subspan(
          static_cast<std::size_t>((top / k + y) * from.plane_width(plane) + left / k),
          static_cast<std::size_t>(width / k));
      std::ranges::copy(row, p.plane(plane).begin() + static_cast<std::ptrdiff_t>(y) * (width / k));
    }
  }
  return p;
}

// An ellipse of another texture that crosses the picture: something that moves by itself.
void add_visitor(Picture& p, const Picture& texture, double t) {
  const double cx = p.width * (0.5 + 0.35 * std::sin(1.1 * t));
  const double cy = p.height * (0.55 + 0.2 * std::sin(1.7 * t + 1));
  const double rx = p.width * 0.12;
  const double ry = p.height * 0.22;
  const auto y = p.plane(0);
  for (int row = 0; row < p.height; ++row) {
    for (int x = 0; x < p.width; ++x) {
      const double dx = (x - cx) / rx;
      const double dy = (row - cy) / ry;
      if (dx * dx + dy * dy > 1) continue;
      const auto from = static_cast<std::size_t>((row / 2) * texture.width + x / 2);
      auto& v = y[static_cast<std::size_t>(row * p.width + x)];
      v = static_cast<std::uint8_t>(std::clamp(250 - texture.plane(0)[from], 30, 225));
    }
  }
}

void add_pictures(Programme& p, const Plan& plan, Random& random) {
  const Picture wide = panorama(plan.width * 3, plan.height * 2, random);
  const int n = static_cast<int>(kSeconds * plan.rate);
  for (int i = 0; i < n; ++i) {
    const double t = static_cast<double>(i) / plan.rate;
    // To and fro, never at rest for long.
    const double along = 0.5 + 0.5 * std::sin(plan.speed * t * std::numbers::pi / 2 + 0.3);
    const double across = 0.5 + 0.4 * std::sin(plan.speed * t * 2.1);
    Picture picture =
        crop(wide, static_cast<int>(along * (wide.width - plan.width)) & ~1,
             static_cast<int>(across * (wide.height - plan.height)) & ~1, plan.width, plan.height);
    add_visitor(picture, wide, t);
    add_noise(picture.plane(0), 2, random);
    p.pictures.push_back(std::make_shared<const Picture>(std::move(picture)));
    p.ticks.push_back(i);
  }
}

// Voiced syllables with a gliding pitch, unvoiced noise between, and pauses; or chords that decay.
void add_sound(Programme& p, const Plan& plan, Random& random) {
  const auto n = static_cast<std::size_t>(kSeconds * kSampleRate);
  p.sample_rate = kSampleRate;
  p.channels.assign(static_cast<std::size_t>(plan.channels), std::vector<float>(n));
  std::array<double, 12> phase{};
  double level = 0;
  double wanted = 0;
  double pitch = 120;
  double glide = 0;
  double low = 0;
  std::size_t left = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (left-- == 0) {
      const bool pause = plan.speech && random.below(5) == 0;
      wanted = pause ? 0 : random.uniform(0.08, 0.2);
      pitch = plan.speech ? random.uniform(100, 200) : 110 * std::pow(2, random.below(20) / 12.0);
      glide = plan.speech ? random.uniform(-40, 40) : 0;
      left = static_cast<std::size_t>(random.uniform(0.12, plan.speech ? 0.35 : 0.5) * kSampleRate);
      if (!plan.speech) level = std::max(level, wanted);
    }
    level += (plan.speech ? (wanted - level) * 0.0006 : -level * 0.00003);
    pitch += glide / kSampleRate;
    const double noise = random.uniform(-1, 1);
    low += 0.3 * (noise - low);
    double v = 0;
    for (std::size_t h = 0; h < phase.size(); ++h) {
      const auto k = static_cast<double>(h + 1);
      phase[h] += 2 * std::numbers::pi * pitch * k / kSampleRate;
      v += std::sin(phase[h]) / (k * (plan.speech ? 0.6 + 0.05 * k * k : k));
    }
    v = level * (v + 0.25 * low) + 0.0004 * noise;
    for (std::size_t c = 0; c < p.channels.size(); ++c)
      p.channels[c][i] = static_cast<float>(v * (c == 0 ? 1 : 0.9) + 0.02 * level * random.uniform(-1, 1));
  }
}

}  // namespace

std::vector<std::string> made_names(bool small) {
  constexpr int kSmall = 240;  // lines
  std::vector<std::string> names;
  for (const Plan& plan : kPlans) {
    if (!small || plan.height <= kSmall) names.emplace_back(plan.name);
  }
  return names;
}

Programme make_programme(const std::string& name) {
  const auto* plan = std::ranges::find_if(kPlans, [&](const Plan& p) { return name == p.name; });
  Programme p;
  if (plan == kPlans.end()) return p;
  Random random(hash(name));
  p.clip = name;
  p.rate_num = plan->rate;
  add_pictures(p, *plan, random);
  add_sound(p, *plan, random);
  return p;
}

}  // namespace monolens::eval

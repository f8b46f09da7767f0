// For tests: a face painted crudely, as luma levels of 8 bits.
#pragma once

#include <algorithm>
#include <cmath>

namespace monolens {

struct TestFace {
  double x = 160;  // of its centre, pixels
  double y = 90;
  double size = 80;
  double mouth = 0.03;  // half the height of its opening, of the size

  int level(int column, int row) const {
    const double u = std::abs(column + 0.5 - x) / size;
    const double v = (row + 0.5 - y) / size;
    const auto within = [&](double at_u, double at_v, double width, double height) {
      return std::clamp((1 - std::hypot((u - at_u) / width, (v - at_v) / height)) / 0.8 + 0.5, 0.0, 1.0);
    };
    double light = kSkin - 190 * u * u;
    const auto paint = [&](double other, double share) { light += (other - light) * share; };
    paint(195, within(0, 0, 0.05, 0.16));                       // the ridge of the nose
    paint(120, within(0.06, 0.13, 0.05, 0.03));                 // nostrils
    paint(90, within(0.18, -0.20, 0.12, 0.03));                 // brows
    paint(60, within(0.18, -0.10, 0.09, 0.04));                 // eyes
    paint(40, within(0, 0.27, 0.16, mouth));                    // the mouth
    paint(50, std::clamp((-0.36 - v) / 0.06 + 0.5, 0.0, 1.0));  // hair
    const double outside = std::hypot(u / 0.40, (v - 0.02) / 0.52) - 1;
    paint(kBehind, std::clamp(outside / 0.15 + 0.5, 0.0, 1.0));
    return static_cast<int>(std::lround(std::clamp(light, 0.0, 255.0)));
  }

  static constexpr double kSkin = 170;
  static constexpr double kBehind = 70;
};

}  // namespace monolens

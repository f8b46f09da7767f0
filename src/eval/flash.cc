// video.flash: luma and saturated red that alternate over a part of the picture.
#include <algorithm>
#include <cmath>

#include "eval/recipe.h"

namespace monolens::eval {
namespace {

struct Colour {
  int y, cb, cr;
};

struct Flash {
  double hz;
  double area;  // share of the picture
  Colour bright;
  Colour dark;
};

constexpr Colour kWhite{200, 128, 128};
constexpr Colour kGrey{50, 128, 128};
constexpr Colour kRed{81, 90, 240};  // BT.601
constexpr Colour kTeal{70, 145, 90};

// A rectangle in the middle takes a colour; a tenth of the programme shines through, so that it is not flat.
void tint(Picture& p, double area, Colour colour) {
  const double side = std::sqrt(area);
  for (int plane = 0; plane < 3; ++plane) {
    const int w = p.plane_width(plane);
    const int h = p.plane_height(plane);
    const int value = plane == 0 ? colour.y : (plane == 1 ? colour.cb : colour.cr);
    const auto samples = p.plane(plane);
    const auto margin = [side](int n) { return static_cast<int>(std::lround(n * (1 - side) / 2)); };
    for (int y = margin(h); y < h - margin(h); ++y) {
      for (int x = margin(w); x < w - margin(w); ++x) {
        auto& v = samples[static_cast<std::size_t>(y * w + x)];
        v = static_cast<std::uint8_t>(std::clamp((9 * value + v) / 10, 1, 254));
      }
    }
  }
}

Recipe flashing(const std::string& form, Role role, Flash flash, Strength strength) {
  return {.kind = "video.flash",
          .form = form,
          .strength = std::move(strength),
          .role = role,
          .pictures = true,
          .apply = [flash](Made& made, Random& random) -> Result<void> {
            Programme& p = made.programme;
            if (1 / p.interval() < 2 * flash.hz) return {};
            const Stretch s = choose_pictures(p, 2.5, 1.2, 0.7, random);
            repaint(p, s, [&](Picture& picture, std::size_t n) {
              const auto half =
                  static_cast<int>(std::floor(2 * flash.hz * static_cast<double>(n) * p.interval()));
              tint(picture, flash.area, half % 2 == 0 ? flash.bright : flash.dark);
            });
            made.intervals = {interval_of_pictures(p, s)};
            return {};
          }};
}

}  // namespace

std::vector<Recipe> flash_recipes() {
  std::vector<Recipe> recipes;
  for (const double hz : {5.0, 8.0, 12.0}) {
    recipes.push_back(flashing("luma, all", Role::kDefect, {hz, 1, kWhite, kGrey}, {"flashes", hz, "Hz"}));
    recipes.push_back(flashing("luma, 40 %", Role::kDefect, {hz, 0.4, kWhite, kGrey}, {"flashes", hz, "Hz"}));
    recipes.push_back(flashing("red, 50 %", Role::kDefect, {hz, 0.5, kRed, kTeal}, {"flashes", hz, "Hz"}));
  }
  recipes.push_back(flashing("slow", Role::kNegative, {2, 1, kWhite, kGrey}, {"flashes", 2, "Hz"}));
  recipes.push_back(flashing("slow red", Role::kNegative, {2, 0.5, kRed, kTeal}, {"flashes", 2, "Hz"}));
  recipes.push_back(flashing("small", Role::kNegative, {8, 0.12, kWhite, kGrey}, {"area", 12, "%"}));
  recipes.push_back(flashing("faint", Role::kNegative, {8, 1, {118, 128, 128}, {108, 128, 128}},
                             {"difference", 10, "levels"}));
  return recipes;
}

}  // namespace monolens::eval

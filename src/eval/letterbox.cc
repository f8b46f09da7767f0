// video.letterbox: black borders at the top and bottom, at the sides, or all around.
#include <algorithm>
#include <cmath>

#include "eval/recipe.h"

namespace monolens::eval {
namespace {

void border(Picture& p, double vertical, double horizontal) {
  for (int plane = 0; plane < 3; ++plane) {
    const int w = p.plane_width(plane);
    const int h = p.plane_height(plane);
    const auto samples = p.plane(plane);
    const int rows = static_cast<int>(std::lround(vertical * p.height)) / (p.height / h);
    const int columns = static_cast<int>(std::lround(horizontal * p.width)) / (p.width / w);
    const auto value = static_cast<std::uint8_t>(plane == 0 ? 16 : 128);
    for (int y = 0; y < h; ++y) {
      for (int x = 0; x < w; ++x) {
        if (y < rows || y >= h - rows || x < columns || x >= w - columns)
          samples[static_cast<std::size_t>(y * w + x)] = value;
      }
    }
  }
}

Recipe borders(const std::string& form, Role role, double length_s, double vertical, double horizontal,
               Strength strength) {
  return {.kind = "video.letterbox",
          .form = form,
          .strength = std::move(strength),
          .role = role,
          .pictures = true,
          .least_s = length_s + 1.5,
          .apply = [=](Made& made, Random& random) -> Result<void> {
            Programme& p = made.programme;
            const Stretch s = choose_pictures(p, length_s, 0.8, 0.5, random);
            // What is dark at its edges shows no border.
            constexpr double kLeastLuma = 45;
            for (const std::size_t i : {s.first, (s.first + s.end) / 2, s.end - 1}) {
              double sum = 0;
              for (const std::uint8_t y : p.pictures[i]->plane(0)) sum += y;
              if (sum / static_cast<double>(p.pictures[i]->plane(0).size()) < kLeastLuma) return {};
            }
            repaint(p, s, [&](Picture& picture, std::size_t) { border(picture, vertical, horizontal); });
            made.intervals = {interval_of_pictures(p, s)};
            return {};
          }};
}

}  // namespace

std::vector<Recipe> letterbox_recipes() {
  std::vector<Recipe> recipes;
  for (const double share : {0.03, 0.06, 0.12, 0.2}) {
    const Strength strength{"border", std::round(share * 100), "% a side"};
    recipes.push_back(borders("letterbox", Role::kDefect, 4, share, 0, strength));
    recipes.push_back(borders("pillarbox", Role::kDefect, 4, 0, share, strength));
  }
  recipes.push_back(borders("both", Role::kDefect, 4, 0.1, 0.1, {"border", 10, "% a side"}));
  recipes.push_back(borders("short", Role::kNegative, 2, 0.12, 0, {"length", 2, "s"}));
  return recipes;
}

}  // namespace monolens::eval

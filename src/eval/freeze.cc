// video.freeze: one picture repeated, with the noise that an analogue link or an encoder puts over it.
#include <memory>

#include "eval/recipe.h"

namespace monolens::eval {
namespace {

Recipe freeze(const std::string& form, Role role, double length_s, double noise, Strength strength) {
  return {.kind = "video.freeze",
          .form = form,
          .strength = std::move(strength),
          .role = role,
          .pictures = true,
          .least_s = length_s + 2,
          .apply = [length_s, noise](Made& made, Random& random) -> Result<void> {
            Programme& p = made.programme;
            const Stretch s = choose_pictures(p, length_s, 1.5, 0.5, random);
            const PicturePtr held = p.pictures[s.first];
            // A programme that stood still by itself just before or after says nothing about the ends.
            constexpr double kLeastMotion = 0.7;  // levels
            const std::size_t around = 5;         // pictures
            if (s.first < around || s.end + around > p.pictures.size() ||
                motion(p, {s.first - around, s.first}) < kLeastMotion ||
                luma_difference(*held, *p.pictures[s.end]) < kLeastMotion) {
              return {};
            }
            repaint(p, s, [&](Picture& picture, std::size_t) {
              picture = *held;
              for (int plane = 0; plane < 3; ++plane) add_noise(picture.plane(plane), noise, random);
            });
            made.intervals = {interval_of_pictures(p, s)};
            return {};
          }};
}

}  // namespace

std::vector<Recipe> freeze_recipes() {
  std::vector<Recipe> recipes;
  for (const double noise : {1.0, 0.6, 0.3, 0.0})
    recipes.push_back(freeze("held", noise > 0.6 ? Role::kCurve : Role::kDefect, 3, noise,
                             {"noise deviation", noise, "levels"}));
  recipes.push_back(freeze("short", Role::kNegative, 1.4, 0, {"length", 1.4, "s"}));
  return recipes;
}

}  // namespace monolens::eval

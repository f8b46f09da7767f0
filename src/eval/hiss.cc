// audio.hiss: broadband noise under the programme.
#include <algorithm>
#include <cmath>

#include "eval/sound_recipe.h"

namespace monolens::eval {
namespace {

// Programme that is never quieter than this below the hiss masks it: the level of its quietest fifth of
// 50 ms windows.
double floor_db(const Programme& p, Stretch s) {
  const auto window = static_cast<std::size_t>(p.sample_rate / 20);
  std::vector<double> levels;
  for (std::size_t i = s.first; i + window <= s.end; i += window)
    levels.push_back(to_db(rms(p, i, i + window)));
  if (levels.empty()) return 0;
  std::ranges::sort(levels);
  return levels[levels.size() / 5];
}

Recipe hiss(double level_db, Role role) {
  return {.kind = "audio.hiss",
          .form = "white",
          .strength = {"level", level_db, "dBFS RMS"},
          .role = role,
          .least_s = 8,
          .apply = [=](Made& made, Random& random) -> Result<void> {
            Programme& p = made.programme;
            normalise(p);
            const Stretch s = choose_samples(p, 5.5, 1.2, 0.7, random);
            constexpr double kBelow = 6;  // dB
            if (floor_db(p, s) > level_db - kBelow) made.role = Role::kCurve;
            const double gain = from_db(level_db);
            for (auto& c : p.channels) {
              for (std::size_t i = s.first; i < s.end; ++i)
                c[i] += static_cast<float>(gain * random.normal());
            }
            made.intervals = {interval_of_samples(p, s)};
            return {};
          }};
}

}  // namespace

std::vector<Recipe> hiss_recipes() {
  std::vector<Recipe> recipes;
  for (const double level : {-60.0, -50.0, -45.0, -40.0})
    add_for_both_carriers(recipes, hiss(level, level < -50 ? Role::kCurve : Role::kDefect));
  return recipes;
}

}  // namespace monolens::eval

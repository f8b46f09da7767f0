// audio.silence: no sound but the noise of the line.
#include "eval/sound_recipe.h"

namespace monolens::eval {
namespace {

Recipe silence(const std::string& form, Role role, double length_s, double floor_db, Strength strength) {
  return {.kind = "audio.silence",
          .form = form,
          .strength = std::move(strength),
          .role = role,
          .least_s = length_s + 2,
          .apply = [length_s, floor_db](Made& made, Random& random) -> Result<void> {
            Programme& p = made.programme;
            const Stretch s = choose_samples(p, length_s, 1, 0.5, random);
            // Sound must stand next to both ends, or they are not where they seem.
            constexpr double kSounding = -45;  // dBFS
            const auto near = static_cast<std::size_t>(p.sample_rate / 50);
            if (s.first < near || s.end + near > p.channels.front().size() ||
                to_db(rms(p, s.first - near, s.first)) < kSounding ||
                to_db(rms(p, s.end, s.end + near)) < kSounding) {
              return {};
            }
            for (auto& c : p.channels) {
              for (std::size_t i = s.first; i < s.end; ++i) {
                c[i] = floor_db > -190 ? static_cast<float>(from_db(floor_db) * random.normal()) : 0.0F;
              }
            }
            made.intervals = {interval_of_samples(p, s)};
            return {};
          }};
}

}  // namespace

std::vector<Recipe> silence_recipes() {
  std::vector<Recipe> recipes;
  // Peaks of the noise stand 12 dB above its RMS.
  for (const double floor : {-80.0, -90.0, -200.0}) {
    add_for_both_carriers(recipes, silence("noise", Role::kDefect, 2.6, floor, {"floor", floor, "dBFS"}));
  }
  add_for_both_carriers(recipes, silence("short", Role::kNegative, 1.4, -200, {"length", 1.4, "s"}));
  add_for_both_carriers(recipes, silence("audible", Role::kNegative, 2.6, -50, {"floor", -50, "dBFS"}));
  return recipes;
}

}  // namespace monolens::eval

// audio.click: impulses of less than a millisecond, as bad splices and lost samples make them.
#include <algorithm>
#include <cmath>

#include "eval/sound_recipe.h"

namespace monolens::eval {
namespace {

constexpr int kClicks = 4;
constexpr double kApartS = 1.5;
constexpr double kAroundS = 0.05;
constexpr double kLeastLevel = 0.01;  // −40 dBFS: softer ones pass for breath and lips
constexpr float kRoom = 0.35F;        // gain, so that loud clicks fit below full scale

Recipe click(double above_db, Role role) {
  return {.kind = "audio.click",
          .form = "impulse",
          .strength = {"above the sound around", above_db, "dB"},
          .role = role,
          .apply = [above_db](Made& made, Random& random) -> Result<void> {
            Programme& p = made.programme;
            normalise(p);
            for (auto& c : p.channels) {
              for (float& v : c) v *= kRoom;
            }
            std::vector<std::size_t> chosen;
            const auto apart = static_cast<std::size_t>(kApartS * p.sample_rate);
            const auto around = static_cast<std::size_t>(kAroundS * p.sample_rate);
            for (int attempt = 0; attempt < 200 && chosen.size() < kClicks; ++attempt) {
              const std::size_t at = choose_samples(p, 0.01, 0.7, 0.7, random).first;
              const bool clear = std::ranges::all_of(
                  chosen, [&](std::size_t o) { return std::max(at, o) - std::min(at, o) > apart; });
              const double level = rms(p, at - around, at + around) * from_db(above_db);
              // Too loud a place leaves no room for the click; in too quiet a one it would not be heard.
              if (clear && level < 0.95 && level > from_db(-50)) chosen.push_back(at);
            }
            std::ranges::sort(chosen);
            for (const std::size_t at : chosen) {
              const double level = rms(p, at - around, at + around) * from_db(above_db);
              const double sign = random.below(2) == 0 ? 1 : -1;
              const double decay = random.uniform(0.4, 0.8);                  // from a sample to the next
              const auto n = static_cast<std::size_t>(p.sample_rate / 2000);  // 0.5 ms
              for (std::size_t i = 0; i < n; ++i) {
                const auto v = static_cast<float>(sign * level * std::pow(-decay, static_cast<double>(i)));
                for (auto& c : p.channels) c[at + i] = std::clamp(c[at + i] + v, -1.0F, 1.0F);
              }
              made.intervals.push_back(interval_of_samples(p, {at, at + n}));
              made.intervals.back().required = level >= kLeastLevel;
            }
            return {};
          }};
}

}  // namespace

std::vector<Recipe> click_recipes() {
  std::vector<Recipe> recipes;
  for (const double above : {10.0, 16.0, 20.0, 24.0, 30.0})
    add_for_both_carriers(recipes, click(above, above < 20 ? Role::kCurve : Role::kDefect));
  return recipes;
}

}  // namespace monolens::eval

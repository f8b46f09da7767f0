// audio.clipping: driven over full scale and cut off, as it is or attenuated afterwards.
#include <algorithm>
#include <cmath>

#include "eval/sound_recipe.h"

namespace monolens::eval {
namespace {

// Sound of which less is cut off is not heard as distorted.
constexpr double kHeard = 0.002;

// How far sample i is driven: 1 inside the stretch, 0 outside, with a ramp at either end, since a step of the
// gain would click.
float drive_at(std::size_t i, Stretch s, std::size_t ramp) {
  if (i < s.first || i >= s.end) return 0;
  const std::size_t edge = std::min(i - s.first, s.end - 1 - i);
  return std::min(1.0F, static_cast<float>(edge) / static_cast<float>(ramp));
}

Recipe clipping(double drive_db, double attenuation_db, Role role) {
  return {.kind = "audio.clipping",
          .form = attenuation_db < 0
                      ? "attenuated " + std::to_string(static_cast<int>(attenuation_db)) + " dB"
                      : "at full scale",
          .strength = {"drive", drive_db, "dB"},
          .role = role,
          .apply = [=](Made& made, Random& random) -> Result<void> {
            Programme& p = made.programme;
            const Stretch s = choose_samples(p, 3, 1, 0.7, random);
            // Outside the stretch the peaks stay 3 dB below full scale; inside they are driven above it.
            const double rest = std::max(peak(p, 0, s.first), peak(p, s.end, p.channels.front().size()));
            const double inside = peak(p, s.first, s.end);
            if (rest <= 0 || inside <= 0) return {};
            const double after = from_db(attenuation_db);
            const auto outside_gain = static_cast<float>(from_db(-3) / rest);
            const auto inside_gain = static_cast<float>(from_db(drive_db) / inside);
            const auto ramp = static_cast<std::size_t>(p.sample_rate / 100);
            std::size_t cut = 0;
            std::size_t first = s.end;
            std::size_t last = s.first;
            for (auto& c : p.channels) {
              for (std::size_t i = 0; i < c.size(); ++i) {
                const float driven = c[i] * std::lerp(outside_gain, inside_gain, drive_at(i, s, ramp));
                c[i] = std::clamp(driven, -1.0F, 1.0F) * static_cast<float>(after);
                if (std::abs(driven) <= 1) continue;
                ++cut;
                first = std::min(first, i);
                last = std::max(last, i + 1);
              }
            }
            if (cut == 0) return {};
            const double share =
                static_cast<double>(cut) / static_cast<double>((s.end - s.first) * p.channels.size());
            if (share < kHeard && made.role == Role::kDefect) made.role = Role::kCurve;
            // From the first sample that is cut off to the last.
            made.intervals = {interval_of_samples(p, {first, last})};
            return {};
          }};
}

}  // namespace

std::vector<Recipe> clipping_recipes() {
  std::vector<Recipe> recipes;
  for (const double attenuation : {0.0, -1.0, -6.0, -12.0}) {
    for (const double drive : {3.0, 6.0, 12.0})
      add_for_both_carriers(recipes, clipping(drive, attenuation, drive < 6 ? Role::kCurve : Role::kDefect));
  }
  return recipes;
}

}  // namespace monolens::eval

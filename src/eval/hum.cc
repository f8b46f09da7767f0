// audio.hum: the mains at 50 or 60 Hz with its harmonics.
#include <array>
#include <cmath>
#include <numbers>

#include "eval/sound_recipe.h"

namespace monolens::eval {
namespace {

Recipe hum(double mains_hz, double level_db, Role role) {
  return {.kind = "audio.hum",
          .form = std::to_string(static_cast<int>(mains_hz)) + " Hz",
          .strength = {"level", level_db, "dBFS RMS"},
          .role = role,
          .least_s = 8,
          .apply = [=](Made& made, Random& random) -> Result<void> {
            Programme& p = made.programme;
            normalise(p);
            const Stretch s = choose_samples(p, 5.5, 1.2, 0.7, random);
            // The mains wanders by a few hundredths of a hertz.
            const double f = mains_hz + random.uniform(-0.05, 0.05);
            constexpr std::array<double, 6> kHarmonics{0, -5, -9, -16, -13, -20};  // dB, from the first on
            std::array<double, 6> phase{};
            double power = 0;
            for (std::size_t h = 0; h < kHarmonics.size(); ++h) {
              phase[h] = random.uniform(0, 2 * std::numbers::pi);
              power += 0.5 * std::pow(from_db(kHarmonics[h]), 2);
            }
            const double gain = from_db(level_db) / std::sqrt(power);
            const auto ramp = static_cast<double>(p.sample_rate) / 50;  // so that no click begins it
            for (std::size_t i = s.first; i < s.end; ++i) {
              double v = 0;
              const double t = static_cast<double>(i) / p.sample_rate;
              for (std::size_t h = 0; h < kHarmonics.size(); ++h) {
                v += from_db(kHarmonics[h]) *
                     std::sin(2 * std::numbers::pi * f * static_cast<double>(h + 1) * t + phase[h]);
              }
              const double edge = std::min(static_cast<double>(i - s.first), static_cast<double>(s.end - i));
              v *= gain * std::min(1.0, edge / ramp);
              for (auto& c : p.channels) c[i] += static_cast<float>(v);
            }
            made.intervals = {interval_of_samples(p, s)};
            return {};
          }};
}

}  // namespace

std::vector<Recipe> hum_recipes() {
  std::vector<Recipe> recipes;
  for (const double mains : {50.0, 60.0}) {
    for (const double level : {-55.0, -45.0, -40.0, -35.0, -30.0})
      add_for_both_carriers(recipes, hum(mains, level, level < -45 ? Role::kCurve : Role::kDefect));
  }
  return recipes;
}

}  // namespace monolens::eval

// audio.hiss: broadband noise under the programme.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include "eval/sound_recipe.h"
#include "features/band_powers.h"

namespace monolens::eval {
namespace {

// Hiss is heard above the programme, in the three highest half octaves below 16 kHz.
constexpr std::size_t kHeardBands = 3;
constexpr std::size_t kBandsBelow16kHz = 8;

struct Heard {
  std::size_t first;
  std::size_t last;  // one past it
};

Heard heard_bands(int sample_rate) {
  const std::size_t last = std::min(kBandsBelow16kHz, band_count(sample_rate));
  return {last - std::min(last, kHeardBands), last};
}

// The programme's mean square where hiss is heard, in the quietest fifth of its windows of 20 ms.
double quiet_programme(const Programme& p, Stretch s) {
  const Heard heard = heard_bands(p.sample_rate);
  const auto step = static_cast<std::size_t>(p.sample_rate / 50);
  BandMeter meter(p.channels.size(), p.sample_rate);
  std::vector<double> powers;
  for (std::size_t i = s.first; i + step <= s.end; i += step) {
    double sum = 0;
    for (std::size_t c = 0; c < p.channels.size(); ++c) {
      meter.add(c, std::span(p.channels[c]).subspan(i, step));
      const BandPowers bands = meter.measure(c);
      sum += std::accumulate(bands.begin() + heard.first, bands.begin() + heard.last, 0.0);
    }
    powers.push_back(sum / static_cast<double>(p.channels.size()));
  }
  const auto fifth = powers.begin() + static_cast<std::ptrdiff_t>(powers.size() / 5);
  std::ranges::nth_element(powers, fifth);
  return *fifth;
}

// That of white noise.
double hiss_where_heard(int sample_rate, double level_db) {
  const Heard heard = heard_bands(sample_rate);
  const double width = band_edge_hz(heard.last) - band_edge_hz(heard.first);
  return std::pow(from_db(level_db), 2) * width / (sample_rate / 2.0);
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
            // Programme that is never quieter than this below the hiss masks it.
            constexpr double kBelow = 4;  // times: 6 dB
            if (kBelow * quiet_programme(p, s) > hiss_where_heard(p.sample_rate, level_db))
              made.role = Role::kCurve;
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

// audio.hum: the mains at 50 or 60 Hz with its harmonics.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <span>
#include <vector>

#include "eval/sound_recipe.h"
#include "features/mains_lines.h"

namespace monolens::eval {
namespace {

constexpr std::array<double, 6> kHarmonicsDb{0, -5, -9, -16, -13, -20};  // from the fundamental on

using Lines = std::array<double, kHarmonicsDb.size()>;  // mean squares

double mean_square(const Lines& lines) { return std::accumulate(lines.begin(), lines.end(), 0.0); }

// The lines of a hum whose RMS is `level_db`.
Lines hum_lines(double level_db) {
  Lines lines{};
  std::ranges::transform(kHarmonicsDb, lines.begin(), [](double db) { return std::pow(from_db(db), 2); });
  const double gain = std::pow(from_db(level_db), 2) / mean_square(lines);
  for (double& line : lines) line *= gain;
  return lines;
}

// The programme's own level at the lines, in the window of 100 ms that is the median.
Lines programme_at_lines(const Programme& p, Stretch s, double mains_hz) {
  const auto step = static_cast<std::size_t>(p.sample_rate * MainsMeter::kWindow / 2);
  const auto mains = static_cast<std::size_t>(std::ranges::find(kMains, mains_hz) - kMains.begin());
  MainsMeter meter(p.channels.size(), p.sample_rate, step);
  std::array<std::vector<double>, kHarmonicsDb.size()> powers;
  for (std::size_t i = s.first; i + step <= s.end; i += step) {
    Lines sum{};
    for (std::size_t c = 0; c < p.channels.size(); ++c) {
      meter.add(c, std::span(p.channels[c]).subspan(i, step));
      const auto lines = meter.measure(c).lines[mains];
      for (std::size_t h = 0; h < sum.size(); ++h) sum[h] += double{std::norm(lines[h].value)} / 2;
    }
    for (std::size_t h = 0; h < sum.size(); ++h)
      powers[h].push_back(sum[h] / static_cast<double>(p.channels.size()));
  }
  Lines median{};
  for (std::size_t h = 0; h < median.size(); ++h) {
    const auto middle = powers[h].begin() + static_cast<std::ptrdiff_t>(powers[h].size() / 2);
    std::ranges::nth_element(powers[h], middle);
    median[h] = *middle;
  }
  return median;
}

// A hum is at least three lines, so programme that covers all but two of them masks it.
bool is_masked(const Programme& p, Stretch s, double mains_hz, double level_db) {
  const Lines hum = hum_lines(level_db);
  const Lines programme = programme_at_lines(p, s, mains_hz);
  constexpr double kAbove = 2;  // times: 3 dB
  int heard = 0;
  for (std::size_t h = 0; h < hum.size(); ++h) heard += hum[h] > kAbove * programme[h] ? 1 : 0;
  return heard < 3;
}

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
            if (is_masked(p, s, mains_hz, level_db)) made.role = Role::kCurve;
            // The mains wanders by a few hundredths of a hertz.
            const double f = mains_hz + random.uniform(-0.05, 0.05);
            const Lines lines = hum_lines(level_db);
            std::array<double, kHarmonicsDb.size()> phase{};
            for (double& turn : phase) turn = random.uniform(0, 2 * std::numbers::pi);
            const auto ramp = static_cast<double>(p.sample_rate) / 50;  // so that no click begins it
            for (std::size_t i = s.first; i < s.end; ++i) {
              double v = 0;
              const double t = static_cast<double>(i) / p.sample_rate;
              for (std::size_t h = 0; h < lines.size(); ++h) {
                v += std::sqrt(2 * lines[h]) *
                     std::sin(2 * std::numbers::pi * f * static_cast<double>(h + 1) * t + phase[h]);
              }
              const double edge = std::min(static_cast<double>(i - s.first), static_cast<double>(s.end - i));
              v *= std::min(1.0, edge / ramp);
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

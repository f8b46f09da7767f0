// audio.phase and audio.channel_missing: one channel inverted, one channel gone.
#include <cmath>

#include "eval/sound_recipe.h"

namespace monolens::eval {
namespace {

double correlation(const Programme& p, Stretch s) {
  double lr = 0;
  double ll = 0;
  double rr = 0;
  for (std::size_t i = s.first; i < s.end; ++i) {
    const double l = p.channels[0][i];
    const double r = p.channels[1][i];
    lr += l * r;
    ll += l * l;
    rr += r * r;
  }
  return ll > 0 && rr > 0 ? lr / std::sqrt(ll * rr) : 0;
}

// The quietest 200 ms of the stretch: a pause at an end hides where it begins.
bool sounds_at_ends(const Programme& p, Stretch s) {
  constexpr double kSounding = -45;  // dBFS
  const auto near = static_cast<std::size_t>(p.sample_rate / 20);
  return to_db(rms(p, s.first, s.first + near)) > kSounding && to_db(rms(p, s.end - near, s.end)) > kSounding;
}

Recipe inverted(double crosstalk, Role role) {
  return {.kind = "audio.phase",
          .form = "inverted",
          .strength = {"other channel mixed in", crosstalk * 100, "%"},
          .role = role,
          .apply = [=](Made& made, Random& random) -> Result<void> {
            Programme& p = made.programme;
            normalise(p);
            make_stereo(p);
            const Stretch s = choose_samples(p, 3.5, 0.7, 0.5, random);
            if (!sounds_at_ends(p, s)) return {};
            for (std::size_t i = s.first; i < s.end; ++i) {
              const float l = p.channels[0][i];
              const float r = p.channels[1][i];
              p.channels[1][i] = static_cast<float>(-(1 - crosstalk) * r + crosstalk * l);
            }
            // Wide stereo is not in opposite phase when a channel is inverted.
            constexpr double kOpposite = -0.8;
            if (correlation(p, s) > kOpposite) made.role = Role::kCurve;
            made.intervals = {interval_of_samples(p, s)};
            return {};
          }};
}

Recipe missing(std::size_t channel, double floor_db) {
  return {.kind = "audio.channel_missing",
          .form = channel == 0 ? "left" : "right",
          .strength = {"floor", floor_db, "dBFS"},
          .apply = [=](Made& made, Random& random) -> Result<void> {
            Programme& p = made.programme;
            normalise(p);
            make_stereo(p);
            const Stretch s = choose_samples(p, 3.5, 0.7, 0.5, random);
            if (!sounds_at_ends(p, s)) return {};
            for (std::size_t i = s.first; i < s.end; ++i) {
              p.channels[channel][i] =
                  floor_db > -190 ? static_cast<float>(from_db(floor_db) * random.normal()) : 0.0F;
            }
            made.intervals = {interval_of_samples(p, s)};
            return {};
          }};
}

}  // namespace

std::vector<Recipe> channel_recipes() {
  std::vector<Recipe> recipes;
  for (const double crosstalk : {0.1, 0.05, 0.0})
    add_for_both_carriers(recipes, inverted(crosstalk, crosstalk > 0.06 ? Role::kCurve : Role::kDefect));
  for (const std::size_t channel : {0U, 1U}) {
    for (const double floor : {-85.0, -200.0}) add_for_both_carriers(recipes, missing(channel, floor));
  }
  return recipes;
}

}  // namespace monolens::eval

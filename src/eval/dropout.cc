// audio.dropout: the sound is cut for 20 to 500 ms where it sounds.
#include <algorithm>

#include "eval/sound_recipe.h"

namespace monolens::eval {
namespace {

constexpr int kDropouts = 3;
constexpr double kApartS = 1.5;

// Sound above this level stands on both sides for 100 ms, or the cut would be a pause.
constexpr double kSoundingDb = -35;
constexpr double kBesideS = 0.1;

bool sounds_around(const Programme& p, Stretch s) {
  const auto beside = static_cast<std::size_t>(kBesideS * p.sample_rate);
  if (s.first < beside || s.end + beside > p.channels.front().size()) return false;
  // In four parts, so that a decay into a pause does not pass.
  const std::size_t part = beside / 4;
  for (std::size_t k = 0; k < 4; ++k) {
    if (to_db(rms(p, s.first - (k + 1) * part, s.first - k * part)) < kSoundingDb) return false;
    if (to_db(rms(p, s.end + k * part, s.end + (k + 1) * part)) < kSoundingDb) return false;
  }
  return to_db(rms(p, s.first, s.end)) > kSoundingDb;
}

Recipe dropout(double length_ms) {
  return {.kind = "audio.dropout",
          .form = "cut",
          .strength = {"length", length_ms, "ms"},
          .apply = [length_ms](Made& made, Random& random) -> Result<void> {
            Programme& p = made.programme;
            normalise(p);
            std::vector<Stretch> chosen;
            for (int attempt = 0; attempt < 60 && chosen.size() < kDropouts; ++attempt) {
              const Stretch s = choose_samples(p, length_ms / 1000, 0.5, 0.5, random);
              const auto apart = static_cast<std::size_t>(kApartS * p.sample_rate);
              const bool clear = std::ranges::all_of(chosen, [&](const Stretch& o) {
                return s.first > o.end + apart || o.first > s.end + apart;
              });
              if (clear && sounds_around(p, s)) chosen.push_back(s);
            }
            std::ranges::sort(chosen, {}, &Stretch::first);
            for (const Stretch& s : chosen) {
              for (auto& c : p.channels)
                std::fill(c.begin() + static_cast<std::ptrdiff_t>(s.first),
                          c.begin() + static_cast<std::ptrdiff_t>(s.end), 0.0F);
              made.intervals.push_back(interval_of_samples(p, s));
            }
            return {};
          }};
}

}  // namespace

std::vector<Recipe> dropout_recipes() {
  std::vector<Recipe> recipes;
  for (const double length : {20.0, 50.0, 100.0, 200.0, 500.0})
    add_for_both_carriers(recipes, dropout(length));
  return recipes;
}

}  // namespace monolens::eval

// av.sync: sound early or late by 40 to 500 ms, in the timestamps or in the content itself.
#include <algorithm>
#include <cmath>

#include "eval/recipe.h"

namespace monolens::eval {
namespace {

Strength offset(double ms) { return {"offset (late is positive)", ms, "ms"}; }

// BT.1359 calls +45 ms (early) and −125 ms (late) detectable; what is less need not be told.
Role role_of(double ms) { return ms <= -45 || ms >= 125 ? Role::kDefect : Role::kCurve; }

// The sound's timestamps say that it comes `ms` late, and so it does. Without loss: the priming of a lossy
// encoder would begin earlier than the sound.
Recipe started(double ms) {
  return {.kind = "av.sync",
          .form = "timestamps, start",
          .strength = offset(ms),
          .role = role_of(ms),
          .pictures = true,
          .sound = true,
          .carrier = {.container = "matroska", .audio_codec = "flac"},
          .apply = [ms](Made& made, Random&) -> Result<void> {
            const auto shift = std::llround(ms / 1000 * made.programme.sample_rate);
            made.carrier.sample_time = [shift](std::int64_t n) { return n + shift; };
            made.offset_ms = ms;
            made.intervals = {{.start = 0, .end = made.programme.seconds()}};
            return {};
          }};
}

// A hole in the sound's timestamps that the pictures do not have; what follows comes `ms` late.
Recipe holed(double ms) {
  return {.kind = "av.sync",
          .form = "timestamps, gap",
          .strength = offset(ms),
          .role = role_of(ms),
          .pictures = true,
          .sound = true,
          .apply = [ms](Made& made, Random& random) -> Result<void> {
            const Stretch s = choose_samples(made.programme, 3, 1.5, 1, random);
            const auto from = static_cast<std::int64_t>(s.first);
            const auto shift = std::llround(ms / 1000 * made.programme.sample_rate);
            made.carrier.sample_time = [=](std::int64_t n) { return n < from ? n : n + shift; };
            made.offset_ms = ms;
            made.intervals = {
                {.start = interval_of_samples(made.programme, s).start, .end = made.programme.seconds()}};
            return {};
          }};
}

// The sound's clock runs slow; `ms` is the offset at the end.
Recipe drifted(double ms) {
  return {.kind = "av.sync",
          .form = "timestamps, drift",
          .strength = offset(ms),
          .role = role_of(ms),
          .pictures = true,
          .sound = true,
          .least_s = 7,
          .apply = [ms](Made& made, Random&) -> Result<void> {
            const Programme& p = made.programme;
            const double slope = ms / 1000 / p.seconds();
            made.carrier.sample_time = [slope](std::int64_t n) {
              return n + std::llround(slope * static_cast<double>(n));
            };
            made.offset_ms = ms;
            // From where the offset passes what BT.1359 calls detectable.
            const double limit = ms > 0 ? 0.125 : 0.045;
            const double from = std::min(1.0, limit * 1000 / std::abs(ms)) * p.seconds();
            made.intervals = {{.start = from, .end = p.seconds()}};
            return {};
          }};
}

// The timestamps agree, the content does not: pictures and sound are cut at different places of the clip.
Recipe baked(double ms) {
  return {.kind = "av.sync",
          .form = "content",
          .strength = offset(ms),
          .role = ms >= 160 || ms <= -160 ? Role::kDefect : Role::kCurve,
          .pictures = true,
          .sound = true,
          .speaking_s = 8,
          .least_s = 2.5,
          .apply = [ms](Made& made, Random&) -> Result<void> {
            Programme& p = made.programme;
            if (ms > 0) {
              const std::size_t n = p.picture_at(ms / 1000);
              p.pictures.erase(p.pictures.begin(), p.pictures.begin() + static_cast<std::ptrdiff_t>(n));
              p.ticks.resize(p.pictures.size());
              made.offset_ms = static_cast<double>(n) * p.interval() * 1000;
            } else {
              const std::size_t n = p.sample_at(-ms / 1000);
              for (auto& c : p.channels) c.erase(c.begin(), c.begin() + static_cast<std::ptrdiff_t>(n));
              made.offset_ms = ms;
            }
            const double end = p.seconds();
            p.pictures.resize(std::min(p.pictures.size(), p.picture_at(end)));
            p.ticks.resize(p.pictures.size());
            for (auto& c : p.channels) c.resize(std::min(c.size(), p.sample_at(end)));
            made.intervals = {{.start = 0, .end = p.seconds()}};
            return {};
          }};
}

}  // namespace

std::vector<Recipe> sync_recipes() {
  std::vector<Recipe> recipes;
  for (const double ms : {-500.0, -200.0, -80.0, -40.0, 40.0, 80.0, 160.0, 300.0, 500.0})
    recipes.push_back(started(ms));
  for (const double ms : {80.0, 160.0, 300.0, 500.0}) recipes.push_back(holed(ms));
  for (const double ms : {160.0, 300.0, 500.0}) recipes.push_back(drifted(ms));
  for (const double ms :
       {-500.0, -320.0, -240.0, -160.0, -80.0, -40.0, 40.0, 80.0, 160.0, 240.0, 320.0, 500.0})
    recipes.push_back(baked(ms));
  return recipes;
}

}  // namespace monolens::eval

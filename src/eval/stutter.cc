// video.stutter: pictures repeated or dropped, and cadences that only look like it.
#include <algorithm>

#include "eval/recipe.h"

namespace monolens::eval {
namespace {

constexpr double kLengthS = 3;

// Motion without which a repeated picture is not seen, in levels between most pictures.
constexpr double kMotion = 1;

void judge_motion(Made& made, const Programme& clean, Stretch s) {
  std::vector<double> found = changes(clean, s);
  const auto middle = found.begin() + std::ssize(found) / 2;
  std::ranges::nth_element(found, middle);
  if (found.empty() || *middle < kMotion) made.role = Role::kCurve;
}

using Fate = std::function<bool(std::size_t n, Random& random)>;  // is the nth picture repeated or dropped?

Recipe repeated(const std::string& form, Strength strength, Role role, Fate fate) {
  return {.kind = "video.stutter",
          .form = form,
          .strength = std::move(strength),
          .role = role,
          .pictures = true,
          .least_s = 5.5,
          .apply = [role, fate = std::move(fate)](Made& made, Random& random) -> Result<void> {
            Programme& p = made.programme;
            const Stretch s = choose_pictures(p, kLengthS, 1.5, 0.7, random);
            if (role == Role::kDefect) judge_motion(made, p, s);
            const std::vector<PicturePtr> clean = p.pictures;
            for (std::size_t i = s.first; i < s.end; ++i) {
              if (fate(i - s.first, random)) p.pictures[i] = p.pictures[i - 1];
            }
            made.intervals = {interval_of_pictures(p, s)};
            return {};
          }};
}

// Pictures that never come: holes between their times.
Recipe dropped(double share, Role role) {
  return {.kind = "video.stutter",
          .form = "dropped",
          .strength = {"pictures dropped", share * 100, "%"},
          .role = role,
          .pictures = true,
          .least_s = 5.5,
          .apply = [share](Made& made, Random& random) -> Result<void> {
            Programme& p = made.programme;
            const Stretch s = choose_pictures(p, kLengthS, 1.5, 0.7, random);
            judge_motion(made, p, s);
            made.intervals = {interval_of_pictures(p, s)};
            Programme kept = p;
            kept.pictures.clear();
            kept.ticks.clear();
            for (std::size_t i = 0; i < p.pictures.size(); ++i) {
              if (i > s.first && i < s.end && random.uniform() < share) continue;
              kept.pictures.push_back(p.pictures[i]);
              kept.ticks.push_back(p.ticks[i]);
            }
            p = std::move(kept);
            return {};
          }};
}

// A cadence that the whole programme has: at tick i the picture `source(i)` is on. Sound that it no longer
// fits is left out.
Recipe cadence(const std::string& form, double repeated_share, std::size_t (*source)(std::size_t i)) {
  return {.kind = "video.stutter",
          .form = form,
          .strength = {"pictures repeated", repeated_share * 100, "%"},
          .role = Role::kNegative,
          .pictures = true,
          .apply = [source](Made& made, Random&) -> Result<void> {
            Programme& p = made.programme;
            const std::vector<PicturePtr> clean = p.pictures;
            for (std::size_t i = 0; i < p.pictures.size(); ++i) p.pictures[i] = clean[source(i)];
            p.channels.clear();
            made.intervals = {{.start = 0, .end = p.seconds()}};
            return {};
          }};
}

}  // namespace

std::vector<Recipe> stutter_recipes() {
  std::vector<Recipe> recipes;
  for (const std::size_t k : {2U, 3U, 4U}) {
    recipes.push_back(repeated("repeated", {"pictures new", 100.0 / static_cast<double>(k), "%"},
                               Role::kDefect, [k](std::size_t n, Random&) { return n % k != 0; }));
  }
  for (const double share : {0.15, 0.3, 0.5}) {
    const Role role = share < 0.2 ? Role::kCurve : Role::kDefect;
    recipes.push_back(repeated("irregular", {"pictures repeated", share * 100, "%"}, role,
                               [share](std::size_t, Random& random) { return random.uniform() < share; }));
    recipes.push_back(dropped(share, role));
  }
  recipes.push_back(repeated("one", {"pictures repeated", 1, ""}, Role::kNegative,
                             [](std::size_t n, Random&) { return n == 10; }));
  // 24 in 30 pictures a second: each picture of the clip counts as one of 24 a second.
  recipes.push_back(cadence("pulldown", 0.2, [](std::size_t i) { return i * 4 / 5; }));
  recipes.push_back(cadence("on twos", 0.5, [](std::size_t i) { return i / 2 * 2; }));
  return recipes;
}

}  // namespace monolens::eval

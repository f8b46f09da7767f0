#include "eval/recipe.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numeric>

namespace monolens::eval {
namespace {

// Where a stretch of `length` begins in `total`, all in units of one sort.
Stretch choose(double total, double length, double lead, double tail, Random& random) {
  const double latest = std::max(lead, total - tail - length);
  const double first = std::max(0.0, std::floor(random.uniform(lead, latest)));
  return {.first = static_cast<std::size_t>(std::min(first, total)),
          .end = static_cast<std::size_t>(std::min(first + length, total))};
}

}  // namespace

const std::vector<Recipe>& all_recipes() {
  static const std::vector<Recipe> kAll = [] {
    std::vector<Recipe> all;
    for (auto family :
         {freeze_recipes, flat_recipes, letterbox_recipes, corruption_recipes, blockiness_recipes,
          blur_recipes, interlaced_recipes, stutter_recipes, flash_recipes, silence_recipes, dropout_recipes,
          clipping_recipes, click_recipes, hum_recipes, hiss_recipes, channel_recipes, sync_recipes}) {
      std::ranges::move(family(), std::back_inserter(all));
    }
    return all;
  }();
  return kAll;
}

Stretch choose_pictures(const Programme& p, double length_s, double lead_s, double tail_s, Random& random) {
  const double rate = 1 / p.interval();
  return choose(static_cast<double>(p.pictures.size()), std::round(length_s * rate), lead_s * rate,
                tail_s * rate, random);
}

Stretch choose_samples(const Programme& p, double length_s, double lead_s, double tail_s, Random& random) {
  const auto rate = static_cast<double>(p.sample_rate);
  return choose(static_cast<double>(p.channels.front().size()), std::round(length_s * rate), lead_s * rate,
                tail_s * rate, random);
}

Interval interval_of_pictures(const Programme& p, Stretch stretch) {
  const std::int64_t end = stretch.end < p.ticks.size() ? p.ticks[stretch.end] : p.ticks.back() + 1;
  return {.start = static_cast<double>(p.ticks[stretch.first]) * p.interval(),
          .end = static_cast<double>(end) * p.interval()};
}

Interval interval_of_samples(const Programme& p, Stretch stretch) {
  return {.start = static_cast<double>(stretch.first) / p.sample_rate,
          .end = static_cast<double>(stretch.end) / p.sample_rate};
}

std::vector<double> changes(const Programme& p, Stretch stretch) {
  std::vector<double> found;
  for (std::size_t i = std::max<std::size_t>(1, stretch.first); i < stretch.end; ++i)
    found.push_back(luma_difference(*p.pictures[i - 1], *p.pictures[i]));
  return found;
}

double motion(const Programme& p, Stretch stretch) {
  const std::vector<double> found = changes(p, stretch);
  const double sum = std::accumulate(found.begin(), found.end(), 0.0);
  return found.empty() ? 0 : sum / static_cast<double>(found.size());
}

void add_noise(std::span<std::uint8_t> plane, double deviation, Random& random) {
  if (deviation <= 0) return;
  // Numbers are drawn from a table at places that differ a run of samples.
  constexpr std::size_t kTable = 1 << 14;
  constexpr std::size_t kRun = 64;
  static const std::vector<float> kNormal = [] {
    Random r(1);
    std::vector<float> table(kTable + kRun);
    std::ranges::generate(table, [&] { return static_cast<float>(r.normal()); });
    return table;
  }();
  for (std::size_t i = 0; i < plane.size(); i += kRun) {
    const float* noise = kNormal.data() + random.next() % kTable;
    const std::size_t n = std::min(kRun, plane.size() - i);
    for (std::size_t k = 0; k < n; ++k) {
      const float v = static_cast<float>(plane[i + k]) + static_cast<float>(deviation) * noise[k];
      plane[i + k] = static_cast<std::uint8_t>(std::clamp(std::lround(v), 0L, 255L));
    }
  }
}

void repaint(Programme& p, Stretch stretch,
             const std::function<void(Picture& picture, std::size_t n)>& paint) {
  for (std::size_t i = stretch.first; i < stretch.end; ++i) {
    Picture picture = *p.pictures[i];
    paint(picture, i - stretch.first);
    p.pictures[i] = std::make_shared<const Picture>(std::move(picture));
  }
}

}  // namespace monolens::eval

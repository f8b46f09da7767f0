#include "features/over_scale.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string_view>
#include <vector>

namespace monolens {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::uint32_t count(const std::vector<float>& x, std::size_t chunk) {
  OverScale over(3);
  const float peak =
      std::accumulate(x.begin(), x.end(), 0.0F, [](float p, float s) { return std::max(p, std::fabs(s)); });
  std::uint32_t total = 0;
  for (std::size_t at = 0; at < x.size(); at += chunk) {
    const std::size_t n = std::min(chunk, x.size() - at);
    total += over.add(x.data() + at, static_cast<int>(n), peak);
  }
  return total;
}

TEST(OverScale, CountsTheSamplesOfRunsAtOrBeyondFullScaleHoweverTheyAreCut) {
  const struct {
    std::string_view what;
    std::vector<float> x;
    std::uint32_t over;
  } cases[] = {
      {"nothing", {}, 0},
      {"a run", {0, 1.1F, 1.1F, 1.1F, 0}, 3},
      {"a longer one", {0, 1, 1, 1.1F, 1, 1, 0}, 5},
      {"to below", {0, -1, -1.1F, -1, 0}, 3},
      {"from above to below", {0, 1, 1.1F, -1, -1, 0}, 4},
      {"rippled beyond full scale", {0, 1.02F, 1.1F, 0.99F, 1.3F, 0.9F}, 4},
      {"two runs", {1, 1.1F, 1, 0, 1, 1, 1, 1}, 7},
      {"pairs", {1, 1.1F, 0, 1, 1, 0}, 0},
      {"at full scale and not beyond", {1, 1, 1, 1}, 0},
      {"just below", {0.98F, 0.98F, 0.98F, 0.98F}, 0},
      {"infinite", {kInfinity, kInfinity, kInfinity, 0}, 3},
      {"no number between", {1, 1.1F, std::nanf(""), 1, 1}, 0},
  };
  for (const auto& c : cases) {
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{2}, std::size_t{100}}) {
      SCOPED_TRACE(c.what);
      EXPECT_EQ(count(c.x, chunk), c.over) << chunk;
    }
  }
}

}  // namespace
}  // namespace monolens

// video.blockiness: a stretch that went through a coarse quantiser: MPEG-2, and H.264 without its deblocking.
#include <cmath>
#include <cstdlib>

#include "eval/encode.h"
#include "eval/programme_reader.h"
#include "eval/recipe.h"

namespace monolens::eval {
namespace {

// The steps between columns on the 8×8 grid, relative to those in the middle of its blocks. 1: no grid.
double grid(const Picture& p) {
  const auto y = p.plane(0);
  double on = 0;
  double beside = 0;
  std::size_t n = 0;
  for (int row = 0; row < p.height; ++row) {
    for (int x = 8; x + 4 < p.width; x += 8, ++n) {
      const auto i = static_cast<std::size_t>(row * p.width + x);
      on += std::abs(y[i] - y[i - 1]);
      beside += std::abs(y[i + 4] - y[i + 3]);
    }
  }
  // A quarter of a level a step, so that flat pictures have no grid.
  const double floor = 0.25 * static_cast<double>(n);
  return (on + floor) / (beside + floor);
}

Result<void> coarsen(Made& made, Stretch s, const VideoCoding& coding) {
  Programme& p = made.programme;
  Programme part = p;
  part.channels.clear();
  part.pictures.assign(p.pictures.begin() + static_cast<std::ptrdiff_t>(s.first),
                       p.pictures.begin() + static_cast<std::ptrdiff_t>(s.end));
  part.ticks.resize(part.pictures.size());
  part.rate_num = 25;  // MPEG-2 knows few rates, and only the order of the pictures matters
  part.rate_den = 1;
  auto bytes = encode_pictures(part, coding);
  if (!bytes) return bytes.error();
  auto coarse = read_pictures(*bytes);
  if (!coarse) return coarse.error();
  if (coarse->pictures.size() != part.pictures.size())
    return Error{ErrorCode::kInternal, "the coarse encode lost pictures"};
  double before = 0;
  double after = 0;
  for (std::size_t i = 0; i < part.pictures.size(); ++i) {
    before += grid(*part.pictures[i]);
    after += grid(*coarse->pictures[i]);
    p.pictures[s.first + i] = coarse->pictures[i];
  }
  // Nobody need tell a grid that is weaker than this.
  constexpr double kVisible = 0.3;
  if ((after - before) / static_cast<double>(part.pictures.size()) < kVisible) made.role = Role::kCurve;
  made.intervals = {interval_of_pictures(p, s)};
  return {};
}

Recipe coarse(const std::string& form, int quantiser, const VideoCoding& coding) {
  return {.kind = "video.blockiness",
          .form = form,
          .strength = {"quantiser", static_cast<double>(quantiser), ""},
          .pictures = true,
          .least_s = 6.5,
          .apply = [coding](Made& made, Random& random) {
            return coarsen(made, choose_pictures(made.programme, 3, 2, 0.7, random), coding);
          }};
}

}  // namespace

std::vector<Recipe> blockiness_recipes() {
  std::vector<Recipe> recipes;
  for (const int q : {6, 12, 20, 31}) {
    recipes.push_back(
        coarse("MPEG-2", q, {.codec = "mpeg2video", .gop = 12, .options = {{"qscale", std::to_string(q)}}}));
  }
  for (const int q : {32, 38, 44, 50}) {
    recipes.push_back(coarse("H.264, not deblocked", q,
                             {.codec = "libx264",
                              .gop = 50,
                              .options = {{"preset", "veryfast"},
                                          {"qp", std::to_string(q)},
                                          {"x264-params", "no-deblock=1:open-gop=0"}}}));
  }
  return recipes;
}

}  // namespace monolens::eval

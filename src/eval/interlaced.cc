// video.interlaced: lines of two times in one picture of a progressive stream, and fields in the wrong order.
#include <algorithm>
#include <cstdlib>

#include "eval/recipe.h"

namespace monolens::eval {
namespace {

// The even lines of one picture with the odd lines of another.
Picture weave(const Picture& even, const Picture& odd) {
  Picture woven = even;
  for (int plane = 0; plane < 3; ++plane) {
    const int w = even.plane_width(plane);
    for (int y = 1; y < even.plane_height(plane); y += 2) {
      const auto from =
          odd.plane(plane).subspan(static_cast<std::size_t>(y * w), static_cast<std::size_t>(w));
      std::ranges::copy(from, woven.plane(plane).begin() + static_cast<std::ptrdiff_t>(y) * w);
    }
  }
  return woven;
}

// The share of the luma samples that the odd lines bring a visible difference to.
double combed(const Picture& woven, const Picture& even) {
  constexpr int kVisible = 12;  // levels
  const auto a = woven.plane(0);
  const auto b = even.plane(0);
  std::size_t n = 0;
  for (std::size_t i = 0; i < a.size(); ++i) n += std::abs(a[i] - b[i]) > kVisible ? 1 : 0;
  return static_cast<double>(n) / (static_cast<double>(a.size()) / 2);
}

Recipe combing(int distance) {
  return {.kind = "video.interlaced",
          .form = "combing",
          .strength = {"between fields", static_cast<double>(distance), "pictures"},
          .pictures = true,
          .apply = [distance](Made& made, Random& random) -> Result<void> {
            Programme& p = made.programme;
            const Stretch s = choose_pictures(p, 3, 1.2, 0.7, random);
            const std::vector<PicturePtr> clean = p.pictures;
            double share = 0;
            for (std::size_t i = s.first; i < s.end; ++i) {
              const std::size_t later = std::min(i + static_cast<std::size_t>(distance), clean.size() - 1);
              p.pictures[i] = std::make_shared<const Picture>(weave(*clean[i], *clean[later]));
              share += combed(*p.pictures[i], *clean[i]);
            }
            made.intervals = {interval_of_pictures(p, s)};
            // Without motion there is no comb to be seen.
            constexpr double kSeen = 0.03;
            share /= static_cast<double>(s.end - s.first);
            if (share < kSeen) made.role = Role::kCurve;
            return {};
          }};
}

// The programme at double speed as an interlaced stream, two of its pictures a frame, told top field first.
Recipe fields(const std::string& form, Role role, bool top_first) {
  return {.kind = "video.interlaced",
          .form = form,
          .strength = {"between fields", 1, "pictures"},
          .role = role,
          .pictures = true,
          .apply = [top_first, role](Made& made, Random&) -> Result<void> {
            Programme& p = made.programme;
            double moved = 0;
            std::vector<PicturePtr> frames;
            for (std::size_t i = 0; i + 1 < p.pictures.size(); i += 2) {
              const Picture& first = *p.pictures[i];
              const Picture& second = *p.pictures[i + 1];
              moved += luma_difference(first, second);
              frames.push_back(
                  std::make_shared<const Picture>(top_first ? weave(first, second) : weave(second, first)));
            }
            constexpr double kMotion = 2;  // levels
            if (role == Role::kDefect && moved / static_cast<double>(frames.size()) < kMotion)
              made.role = Role::kCurve;
            p.pictures = std::move(frames);
            p.ticks.resize(p.pictures.size());
            p.channels.clear();
            made.carrier.interlaced = true;
            made.intervals = {{.start = 0, .end = p.seconds()}};
            return {};
          }};
}

}  // namespace

std::vector<Recipe> interlaced_recipes() {
  return {combing(1), combing(2), combing(3), fields("field order", Role::kDefect, false),
          fields("fields in order", Role::kNegative, true)};
}

}  // namespace monolens::eval

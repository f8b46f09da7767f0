// video.black, video.solid and video.color_bars: the programme's pictures give way to generated ones.
#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "eval/recipe.h"

namespace monolens::eval {
namespace {

struct Colour {
  int y, cb, cr;
};

using Paint = std::function<void(Picture& picture, std::size_t n, Random& random)>;

Recipe replaced(const std::string& kind, const std::string& form, Strength strength, Role role,
                double length_s, Paint paint) {
  return {.kind = kind,
          .form = form,
          .strength = std::move(strength),
          .role = role,
          .pictures = true,
          .least_s = length_s + 2,
          .apply = [length_s, paint = std::move(paint)](Made& made, Random& random) -> Result<void> {
            const Stretch s = choose_pictures(made.programme, length_s, 1.2, 0.5, random);
            repaint(made.programme, s, [&](Picture& p, std::size_t n) { paint(p, n, random); });
            made.intervals = {interval_of_pictures(made.programme, s)};
            return {};
          }};
}

// A rectangle in shares of the picture.
void fill(Picture& p, double left, double top, double right, double bottom, Colour colour) {
  for (int plane = 0; plane < 3; ++plane) {
    const int w = p.plane_width(plane);
    const int h = p.plane_height(plane);
    const int value = plane == 0 ? colour.y : (plane == 1 ? colour.cb : colour.cr);
    const auto samples = p.plane(plane);
    for (int y = static_cast<int>(std::lround(top * h)); y < static_cast<int>(std::lround(bottom * h)); ++y) {
      for (int x = static_cast<int>(std::lround(left * w)); x < static_cast<int>(std::lround(right * w)); ++x)
        samples[static_cast<std::size_t>(y * w + x)] = static_cast<std::uint8_t>(value);
    }
  }
}

constexpr Colour kBlack{16, 128, 128};

void black(std::vector<Recipe>& out) {
  for (const double logo : {0.0, 0.5, 1.0, 1.5}) {  // share of the picture, percent
    out.push_back(replaced("video.black", "logo", {"logo area", logo, "%"}, Role::kDefect, 2.6,
                           [logo](Picture& p, std::size_t, Random& random) {
                             fill(p, 0, 0, 1, 1, kBlack);
                             const double side = std::sqrt(logo / 100);
                             fill(p, 0.94 - side, 0.06, 0.94, 0.06 + side, {200, 128, 128});
                             add_noise(p.plane(0), 1, random);
                           }));
  }
  for (const double level : {24.0, 32.0}) {
    out.push_back(replaced("video.black", "lifted", {"luma", level, "levels"}, Role::kDefect, 2.6,
                           [level](Picture& p, std::size_t, Random& random) {
                             fill(p, 0, 0, 1, 1, {static_cast<int>(level), 128, 128});
                             add_noise(p.plane(0), 1, random);
                           }));
  }
  out.push_back(replaced("video.black", "short", {"length", 1.4, "s"}, Role::kNegative, 1.4,
                         [](Picture& p, std::size_t, Random&) { fill(p, 0, 0, 1, 1, kBlack); }));
  out.push_back(replaced("video.black", "caption", {"bright area", 6, "%"}, Role::kNegative, 2.6,
                         [](Picture& p, std::size_t, Random&) {
                           fill(p, 0, 0, 1, 1, kBlack);
                           fill(p, 0.2, 0.8, 0.8, 0.9, {180, 128, 128});
                         }));
}

void solid(std::vector<Recipe>& out) {
  // BT.601 codes: the green of zeroed planes, grey, a blue mute, magenta.
  constexpr std::array<std::pair<const char*, Colour>, 4> kColours{{{"green", {75, 22, 0}},
                                                                    {"grey", {126, 128, 128}},
                                                                    {"blue", {41, 240, 110}},
                                                                    {"magenta", {107, 202, 222}}}};
  for (const auto& [name, colour] : kColours) {
    for (const double noise : {0.0, 1.0}) {
      out.push_back(replaced("video.solid", name, {"noise deviation", noise, "levels"}, Role::kDefect, 1.5,
                             [filling = colour, noise](Picture& p, std::size_t, Random& random) {
                               fill(p, 0, 0, 1, 1, filling);
                               add_noise(p.plane(0), noise, random);
                             }));
    }
  }
  out.push_back(replaced("video.solid", "short", {"length", 0.24, "s"}, Role::kNegative, 0.24,
                         [](Picture& p, std::size_t, Random&) {
                           fill(p, 0, 0, 1, 1, {126, 128, 128});
                         }));
  out.push_back(replaced("video.solid", "gradient", {"luma range", 60, "levels"}, Role::kNegative, 1.5,
                         [](Picture& p, std::size_t, Random&) {
                           for (int i = 0; i < 32; ++i)
                             fill(p, 0, i / 32.0, 1, (i + 1) / 32.0, {80 + i * 60 / 31, 150, 110});
                         }));
}

// 75 % bars from white to blue in BT.601 codes, as in EBU and SMPTE patterns.
constexpr std::array<Colour, 7> kBars{{{180, 128, 128},
                                       {162, 44, 142},
                                       {131, 156, 44},
                                       {112, 72, 58},
                                       {84, 184, 198},
                                       {65, 100, 212},
                                       {35, 212, 114}}};

void bars(Picture& p, double left, double top, double right, double bottom) {
  for (std::size_t i = 0; i < kBars.size(); ++i) {
    const double width = (right - left) / static_cast<double>(kBars.size());
    fill(p, left + static_cast<double>(i) * width, top, left + static_cast<double>(i + 1) * width, bottom,
         kBars[i]);
  }
}

void color_bars(std::vector<Recipe>& out) {
  for (const double noise : {0.0, 2.0, 4.0}) {
    out.push_back(replaced("video.color_bars", "full", {"noise deviation", noise, "levels"}, Role::kDefect, 2,
                           [noise](Picture& p, std::size_t, Random& random) {
                             bars(p, 0, 0, 1, 1);
                             add_noise(p.plane(0), noise, random);
                           }));
  }
  out.push_back(replaced("video.color_bars", "smpte", {"height of the bars", 67, "%"}, Role::kDefect, 2,
                         [](Picture& p, std::size_t, Random&) {
                           fill(p, 0, 0, 1, 1, kBlack);
                           bars(p, 0, 0, 1, 0.67);
                           fill(p, 0.15, 0.75, 0.33, 1, {235, 128, 128});
                         }));
  out.push_back(replaced("video.color_bars", "clock", {"covered area", 6, "%"}, Role::kDefect, 2,
                         [](Picture& p, std::size_t n, Random&) {
                           bars(p, 0, 0, 1, 1);
                           fill(p, 0.35, 0.45, 0.65, 0.65, kBlack);
                           const double hand = 0.36 + 0.01 * static_cast<double>(n % 27);
                           fill(p, hand, 0.5, hand + 0.02, 0.6, {235, 128, 128});
                         }));
  out.push_back(replaced("video.color_bars", "inset", {"area", 9, "%"}, Role::kNegative, 2,
                         [](Picture& p, std::size_t, Random&) { bars(p, 0.6, 0.6, 0.9, 0.9); }));
}

}  // namespace

std::vector<Recipe> flat_recipes() {
  std::vector<Recipe> recipes;
  black(recipes);
  solid(recipes);
  color_bars(recipes);
  return recipes;
}

}  // namespace monolens::eval

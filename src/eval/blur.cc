// video.blur: a Gaussian lens out of focus, and a low resolution scaled up.
#include <algorithm>
#include <cmath>
#include <vector>

#include "eval/recipe.h"

namespace monolens::eval {
namespace {

// The kernel's weights from its middle outwards; their sum over both sides is 1.
std::vector<float> gaussian(double sigma) {
  const int radius = static_cast<int>(std::ceil(3 * sigma));
  std::vector<float> kernel;
  double sum = 0;
  for (int i = 0; i <= radius; ++i) {
    const double w = std::exp(-i * i / (2 * sigma * sigma));
    kernel.push_back(static_cast<float>(w));
    sum += i == 0 ? w : 2 * w;
  }
  for (float& w : kernel) w = static_cast<float>(w / sum);
  return kernel;
}

// One direction; `step` is the distance to the next sample of a line and `stride` to the next line.
void convolve(const std::vector<float>& from, std::vector<float>& to, int length, int lines, int step,
              int stride, const std::vector<float>& kernel) {
  const int radius = static_cast<int>(kernel.size()) - 1;
  for (int line = 0; line < lines; ++line) {
    const float* in = from.data() + static_cast<std::ptrdiff_t>(line) * stride;
    float* out = to.data() + static_cast<std::ptrdiff_t>(line) * stride;
    for (int x = 0; x < length; ++x) {
      float sum = kernel[0] * in[x * step];
      for (int k = 1; k <= radius; ++k) {
        sum += kernel[static_cast<std::size_t>(k)] *
               (in[std::max(0, x - k) * step] + in[std::min(length - 1, x + k) * step]);
      }
      out[x * step] = sum;
    }
  }
}

void blur_plane(std::span<std::uint8_t> samples, int w, int h, double sigma) {
  std::vector<float> a(samples.begin(), samples.end());
  std::vector<float> b(samples.size());
  const std::vector<float> kernel = gaussian(sigma);
  convolve(a, b, w, h, 1, w, kernel);
  convolve(b, a, h, w, w, 1, kernel);
  std::ranges::transform(a, samples.begin(), [](float v) {
    return static_cast<std::uint8_t>(std::clamp(std::lround(v), 0L, 255L));
  });
}

void blur(Picture& p, double sigma) {
  for (int plane = 0; plane < 3; ++plane) {
    blur_plane(p.plane(plane), p.plane_width(plane), p.plane_height(plane), plane == 0 ? sigma : sigma / 2);
  }
}

// Averages squares of `factor` samples a side and interpolates between their middles.
void upscale_plane(std::span<std::uint8_t> samples, int w, int h, int factor) {
  const int cols = std::max(2, w / factor);
  const int rows = std::max(2, h / factor);
  const double step_x = static_cast<double>(w) / cols;
  const double step_y = static_cast<double>(h) / rows;
  std::vector<double> small(static_cast<std::size_t>(cols * rows));
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < cols; ++c) {
      double sum = 0;
      int n = 0;
      for (int y = static_cast<int>(r * step_y); y < static_cast<int>((r + 1) * step_y); ++y) {
        for (int x = static_cast<int>(c * step_x); x < static_cast<int>((c + 1) * step_x); ++x, ++n)
          sum += samples[static_cast<std::size_t>(y * w + x)];
      }
      small[static_cast<std::size_t>(r * cols + c)] = n > 0 ? sum / n : 0;
    }
  }
  for (int y = 0; y < h; ++y) {
    const double fy = std::clamp((y + 0.5) / step_y - 0.5, 0.0, rows - 1.0);
    const int r = std::min(static_cast<int>(fy), rows - 2);
    for (int x = 0; x < w; ++x) {
      const double fx = std::clamp((x + 0.5) / step_x - 0.5, 0.0, cols - 1.0);
      const int c = std::min(static_cast<int>(fx), cols - 2);
      const double* s = small.data() + r * cols + c;
      const double top = s[0] + (s[1] - s[0]) * (fx - c);
      const double bottom = s[cols] + (s[cols + 1] - s[cols]) * (fx - c);
      samples[static_cast<std::size_t>(y * w + x)] =
          static_cast<std::uint8_t>(std::lround(top + (bottom - top) * (fy - r)));
    }
  }
}

void upscale(Picture& p, int factor) {
  for (int plane = 0; plane < 3; ++plane)
    upscale_plane(p.plane(plane), p.plane_width(plane), p.plane_height(plane), factor);
}

// The mean square of the luma's second differences: what focus is measured by.
double sharpness(const Picture& p) {
  const auto y = p.plane(0);
  double sum = 0;
  for (int row = 1; row + 1 < p.height; ++row) {
    for (int x = 1; x + 1 < p.width; ++x) {
      const auto i = static_cast<std::size_t>(row * p.width + x);
      const auto w = static_cast<std::size_t>(p.width);
      const int d = 4 * y[i] - y[i - 1] - y[i + 1] - y[i - w] - y[i + w];
      sum += d * d;
    }
  }
  return sum / (static_cast<double>(p.width - 2) * (p.height - 2));
}

Recipe softened(const std::string& form, Strength strength, std::function<void(Picture&)> soften) {
  constexpr double kLengthS = 3;
  return {.kind = "video.blur",
          .form = form,
          .strength = std::move(strength),
          .pictures = true,
          .least_s = 6.5,
          .apply = [soften = std::move(soften)](Made& made, Random& random) -> Result<void> {
            Programme& p = made.programme;
            const Stretch s = choose_pictures(p, kLengthS, 3, 0.5, random);
            double before = 0;
            double after = 0;
            repaint(p, s, [&](Picture& picture, std::size_t n) {
              if (n % 8 == 0) before += sharpness(picture);
              soften(picture);
              if (n % 8 == 0) after += sharpness(picture);
            });
            made.intervals = {interval_of_pictures(p, s)};
            // A soft picture hardly loses anything: nobody need see that.
            constexpr double kVisible = 0.25;
            if (after > kVisible * before) made.role = Role::kCurve;
            return {};
          }};
}

}  // namespace

std::vector<Recipe> blur_recipes() {
  std::vector<Recipe> recipes;
  for (const double sigma : {0.7, 1.0, 1.5, 2.5, 4.0}) {
    recipes.push_back(softened("gaussian", {"radius (1/720 of the height)", sigma, ""},
                               [sigma](Picture& p) { blur(p, std::max(0.5, sigma * p.height / 720)); }));
  }
  for (const int factor : {2, 3, 4}) {
    recipes.push_back(softened("upscaled", {"factor", static_cast<double>(factor), ""},
                               [factor](Picture& p) { upscale(p, factor); }));
  }
  return recipes;
}

}  // namespace monolens::eval

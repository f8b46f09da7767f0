#include "features/face_finder.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "features/face_cascade.h"

namespace monolens {
namespace {

using cascade::kWindow;

constexpr double kLargest = 0.9;    // of the picture's height
constexpr double kSmallest = 28;    // pixels: a smaller mouth can't be read
constexpr double kStep = 1.15;      // between the levels of the pyramid
constexpr int kStride = 2;          // between windows
constexpr int kAgreeing = 3;        // windows
constexpr double kSameFace = 0.25;  // of the size: farther apart are two

}  // namespace

Face FaceFinder::find(const SmallPicture& picture) {
  hits_.clear();
  if (picture.width < kSmallest) return {};
  double window = kSmallest;
  while (window <= kLargest * picture.height) {
    try_windows(picture, window);
    window *= kStep;
  }
  Face best;
  for (const Hit& h : hits_) {
    const double size = h.sum.size / h.windows;
    if (h.windows < kAgreeing || size <= best.size) continue;
    best = {h.sum.x / h.windows, h.sum.y / h.windows, size};
  }
  return best;
}

void FaceFinder::try_windows(const SmallPicture& picture, double size) {
  const double scale = size / kWindow;
  shrink(picture, scale);
  integrate();
  for (int y = 0; y + kWindow <= level_.height; y += kStride) {
    for (int x = 0; x + kWindow <= level_.width; x += kStride) {
      if (is_face(x, y)) merge({(x + kWindow / 2.0) * scale, (y + kWindow / 2.0) * scale, size});
    }
  }
}

// Bilinear, as the cascade was trained for.
void FaceFinder::shrink(const SmallPicture& picture, double scale) {
  level_.width = static_cast<int>(picture.width / scale);
  level_.height = static_cast<int>(picture.height / scale);
  level_.samples.resize(static_cast<std::size_t>(level_.width) * static_cast<std::size_t>(level_.height));
  std::uint8_t* out = level_.samples.data();
  for (int y = 0; y < level_.height; ++y) {
    const double fy = std::min((y + 0.5) * scale - 0.5, picture.height - 1.001);
    const int top = static_cast<int>(fy);
    const int below = static_cast<int>((fy - top) * 256);
    for (int x = 0; x < level_.width; ++x) {
      const double fx = std::min((x + 0.5) * scale - 0.5, picture.width - 1.001);
      const int left = static_cast<int>(fx);
      const int right = static_cast<int>((fx - left) * 256);
      const int upper = picture.at(left, top) * (256 - right) + picture.at(left + 1, top) * right;
      const int lower = picture.at(left, top + 1) * (256 - right) + picture.at(left + 1, top + 1) * right;
      *out++ = static_cast<std::uint8_t>((upper * (256 - below) + lower * below + (1 << 15)) >> 16);
    }
  }
}

void FaceFinder::integrate() {
  const auto stride = static_cast<std::size_t>(level_.width) + 1;
  integral_.assign(stride * (static_cast<std::size_t>(level_.height) + 1), 0);
  for (int y = 0; y < level_.height; ++y) {
    std::uint32_t row = 0;
    std::uint32_t* above = integral_.data() + static_cast<std::size_t>(y) * stride;
    for (int x = 0; x < level_.width; ++x) {
      row += level_.at(x, y);
      above[stride + static_cast<std::size_t>(x) + 1] = above[static_cast<std::size_t>(x) + 1] + row;
    }
  }
}

bool FaceFinder::is_face(int x, int y) const {
  const auto stride = static_cast<std::ptrdiff_t>(level_.width) + 1;
  const std::uint32_t* window = integral_.data() + y * stride + x;
  int tree = 0;
  for (int stage = 0; stage < cascade::kStages; ++stage) {
    double sum = 0;
    for (int i = 0; i < cascade::kCounts[stage]; ++i, ++tree) {
      const cascade::Node& node = cascade::kNodes[tree];
      const cascade::Rect& r = cascade::kRects[node.feature];
      const std::ptrdiff_t down = r.height * stride;
      const std::uint32_t* corner = window + r.y * stride + r.x;
      const auto block = [&](int column, int row) {
        const std::uint32_t* p = corner + row * down + column * r.width;
        return p[0] - p[r.width] - p[down] + p[down + r.width];
      };
      const std::uint32_t centre = block(1, 1);
      // Clockwise from the top left, the most significant bit first.
      constexpr int kColumn[8] = {0, 1, 2, 2, 2, 1, 0, 0};
      constexpr int kRow[8] = {0, 0, 0, 1, 2, 2, 2, 1};
      unsigned pattern = 0;
      for (int k = 0; k < 8; ++k) pattern = pattern << 1 | (block(kColumn[k], kRow[k]) >= centre ? 1U : 0U);
      const auto bits = static_cast<unsigned>(node.subset[pattern >> 5]);
      sum += cascade::kLeaves[tree][(bits >> (pattern & 31) & 1) != 0 ? 0 : 1];
    }
    if (sum < cascade::kThresholds[stage]) return false;
  }
  return true;
}

void FaceFinder::merge(const Face& face) {
  for (Hit& h : hits_) {
    const double reach = kSameFace * face.size;
    const double size = h.sum.size / h.windows;
    if (std::abs(h.sum.x / h.windows - face.x) > reach || std::abs(h.sum.y / h.windows - face.y) > reach ||
        std::abs(size - face.size) > 2 * reach)
      continue;
    h.sum.x += face.x;
    h.sum.y += face.y;
    h.sum.size += face.size;
    ++h.windows;
    return;
  }
  hits_.push_back({face, 1});
}

}  // namespace monolens

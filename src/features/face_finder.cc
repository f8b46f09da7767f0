#include "features/face_finder.h"

#include <algorithm>
#include <array>
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

// Which of the eight blocks around the middle one are as bright or brighter: clockwise from the top left, the
// most significant bit first. `corner` is the top left of 3×3 blocks in the integral picture.
unsigned binary_pattern(const std::uint32_t* corner, std::ptrdiff_t right, std::ptrdiff_t down) {
  const auto blocks = [&](const std::uint32_t* top) {
    const std::uint32_t* bottom = top + down;
    std::array<std::uint32_t, 4> columns;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(i) * right;
      columns[i] = bottom[at] - top[at];
    }
    return std::array{columns[1] - columns[0], columns[2] - columns[1], columns[3] - columns[2]};
  };
  const auto above = blocks(corner);
  const auto level = blocks(corner + down);
  const auto below = blocks(corner + 2 * down);
  const std::array around = {above[0], above[1], above[2], level[2], below[2], below[1], below[0], level[0]};
  unsigned pattern = 0;
  for (const std::uint32_t block : around) pattern = pattern << 1 | (block >= level[1] ? 1U : 0U);
  return pattern;
}

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
      const int passed = stages_passed(x, y);
      if (passed == cascade::kStages) {
        merge({(x + kWindow / 2.0) * scale, (y + kWindow / 2.0) * scale, size});
      } else if (passed == 0) {
        x += kStride;  // the next is all but alike, as OpenCV's own detector has it
      }
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

int FaceFinder::stages_passed(int x, int y) const {
  const auto stride = static_cast<std::ptrdiff_t>(level_.width) + 1;
  const std::uint32_t* window = integral_.data() + y * stride + x;
  int tree = 0;
  for (int stage = 0; stage < cascade::kStages; ++stage) {
    double sum = 0;
    for (int i = 0; i < cascade::kCounts[stage]; ++i, ++tree) {
      const cascade::Node& node = cascade::kNodes[tree];
      const cascade::Rect& r = cascade::kRects[node.feature];
      const unsigned pattern = binary_pattern(window + r.y * stride + r.x, r.width, r.height * stride);
      const auto bits = static_cast<unsigned>(node.subset[pattern >> 5]);
      sum += cascade::kLeaves[tree][(bits >> (pattern & 31) & 1) != 0 ? 0 : 1];
    }
    if (sum < cascade::kThresholds[stage]) return stage;
  }
  return cascade::kStages;
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

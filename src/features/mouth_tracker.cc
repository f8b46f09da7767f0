#include "features/mouth_tracker.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace monolens {
namespace {

constexpr int kAcross = 320;
constexpr int kMostDown = 640;
constexpr auto kLookInterval = MediaDuration::milliseconds(500);
constexpr int kMostMisses = 3;  // looks without the face before it is given up

// Boxes in shares of the face's size, from its centre.
constexpr double kUpperY = -0.10;
constexpr double kUpperWidth = 0.60;
constexpr double kUpperHeight = 0.38;
constexpr double kMouthY = 0.27;
constexpr double kMouthWidth = 0.50;
constexpr double kMouthHeight = 0.34;

constexpr double kOtherFace = 0.3;     // of the size: a find farther from the followed face is another one
constexpr int kReach = 3;              // small pixels that a face may move in a picture
constexpr double kLargestError = 400;  // mean squared difference of the best match
constexpr float kRenewal = 0.03F;      // of the template in a picture

// Two rows of each `factor` are enough.
template <class Sample>
void average(const Plane& plane, int factor, int shift, int left, int top, int right, int bottom,
             SmallPicture& out) {
  const int step = (factor + 1) / 2;
  const auto n = static_cast<std::uint32_t>(factor * ((factor + step - 1) / step));
  for (int y = top; y < bottom; ++y) {
    for (int x = left; x < right; ++x) {
      std::uint32_t sum = 0;
      for (int dy = 0; dy < factor; dy += step) {
        const auto* row =
            reinterpret_cast<const Sample*>(plane.data + (y * factor + dy) * plane.stride) + x * factor;
        for (int dx = 0; dx < factor; ++dx) sum += row[dx];
      }
      out.samples[static_cast<std::size_t>(y) * static_cast<std::size_t>(out.width) +
                  static_cast<std::size_t>(x)] = static_cast<std::uint8_t>((sum / n) >> shift);
    }
  }
}

// Where a parabola through three neighbouring errors has its minimum, from the middle one.
double between(double before, double here, double after) {
  const double curve = before - 2 * here + after;
  return curve > 0 ? 0.5 * (before - after) / curve : 0;
}

// Of two boxes, the sum of squares.
template <class Box>
double difference(const Box& a, const Box& b) {
  float sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const float d = a[i] - b[i];
    sum += d * d;
  }
  return static_cast<double>(sum);
}

}  // namespace

std::optional<Mouth> MouthTracker::measure(const Frame& frame) {
  if (frame.format.width != width_ || frame.format.height != height_) {
    width_ = frame.format.width;
    height_ = frame.format.height;
    factor_ = std::max({1, (width_ + kAcross / 2) / kAcross, (height_ + kMostDown / 2) / kMostDown});
    small_.width = width_ / factor_;
    small_.height = height_ / factor_;
    small_.samples.assign(static_cast<std::size_t>(small_.width) * static_cast<std::size_t>(small_.height),
                          0);
    following_ = false;
    next_look_ = frame.time;
  }
  if (small_.width < 32 || small_.height < 32) return std::nullopt;
  if (frame.time >= next_look_) {
    next_look_ = frame.time + kLookInterval;
    look_for_face(frame);
  }
  if (!following_ || !follow(frame)) return std::nullopt;
  return read();
}

void MouthTracker::reduce(const Frame& frame, int left, int top, int right, int bottom) {
  left = std::clamp(left, 0, small_.width);
  right = std::clamp(right, left, small_.width);
  top = std::clamp(top, 0, small_.height);
  bottom = std::clamp(bottom, top, small_.height);
  const int shift = frame.format.bit_depth - 8;
  if (shift == 0) {
    average<std::uint8_t>(frame.planes[0], factor_, shift, left, top, right, bottom, small_);
  } else {
    average<std::uint16_t>(frame.planes[0], factor_, shift, left, top, right, bottom, small_);
  }
}

void MouthTracker::look_for_face(const Frame& frame) {
  reduce(frame, 0, 0, small_.width, small_.height);
  const Face found = finder_.find(small_);
  if (found.size == 0) {
    if (++misses_ >= kMostMisses) following_ = false;
    return;
  }
  misses_ = 0;
  const double reach = kOtherFace * found.size;
  if (following_ && std::abs(found.x - face_.x) < reach && std::abs(found.y - face_.y) < reach &&
      std::abs(found.size - face_.size) < reach)
    return;
  following_ = true;
  has_template_ = false;
  face_ = found;
  ++faces_;
}

bool MouthTracker::follow(const Frame& frame) {
  const auto at = [&](double centre, double share, int margin) {
    return static_cast<int>(std::floor(centre + share * face_.size)) + margin;
  };
  constexpr int kMargin = kReach + 2;
  reduce(frame, at(face_.x, -kUpperWidth / 2, -kMargin), at(face_.y, kUpperY - kUpperHeight / 2, -kMargin),
         at(face_.x, kUpperWidth / 2, kMargin), at(face_.y, kMouthY + kMouthHeight / 2, kMargin));
  if (!has_template_) {
    template_ = upper_face(0, 0);
    has_template_ = true;
    return true;
  }
  const Move move = find_move();
  if (move.error > kLargestError * kColumns * kRows) {
    following_ = false;  // a cut, or the face has gone
    next_look_ = frame.time;
    return false;
  }
  face_.x = std::clamp(face_.x + move.x, 0.0, static_cast<double>(small_.width));
  face_.y = std::clamp(face_.y + move.y, 0.0, static_cast<double>(small_.height));
  const Box now = upper_face(0, 0);
  for (std::size_t i = 0; i < now.size(); ++i) template_[i] += kRenewal * (now[i] - template_[i]);
  return true;
}

MouthTracker::Box MouthTracker::upper_face(double dx, double dy) const {
  return sample(face_.x + dx, face_.y + kUpperY * face_.size + dy, kUpperWidth * face_.size,
                kUpperHeight * face_.size);
}

// To where the upper face is most like the template, found to a part of a pixel.
MouthTracker::Move MouthTracker::find_move() const {
  constexpr int kPlaces = 2 * kReach + 1;
  std::array<std::array<double, kPlaces>, kPlaces> errors{};
  const auto error = [&](int x, int y) -> double& {
    return errors[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
  };
  int best_x = 0;
  int best_y = 0;
  for (int y = 0; y < kPlaces; ++y) {
    for (int x = 0; x < kPlaces; ++x) {
      error(x, y) = difference(upper_face(x - kReach, y - kReach), template_);
      if (error(x, y) < error(best_x, best_y)) {
        best_x = x;
        best_y = y;
      }
    }
  }
  const double least = error(best_x, best_y);
  Move move{.x = 1.0 * (best_x - kReach), .y = 1.0 * (best_y - kReach), .error = least};
  if (best_x > 0 && best_x + 1 < kPlaces)
    move.x += between(error(best_x - 1, best_y), least, error(best_x + 1, best_y));
  if (best_y > 0 && best_y + 1 < kPlaces)
    move.y += between(error(best_x, best_y - 1), least, error(best_x, best_y + 1));
  return move;
}

// Bilinear; beyond the picture its edge goes on.
MouthTracker::Box MouthTracker::sample(double x, double y, double width, double height) const {
  Box box;
  std::array<int, kColumns> left{};
  std::array<float, kColumns> right_share{};
  for (int column = 0; column < kColumns; ++column) {
    const auto c = static_cast<std::size_t>(column);
    const double at = std::clamp(x + ((column + 0.5) / kColumns - 0.5) * width, 0.0, small_.width - 1.001);
    left[c] = static_cast<int>(at);
    right_share[c] = static_cast<float>(at - left[c]);
  }
  float* out = box.data();
  for (int row = 0; row < kRows; ++row) {
    const double at = std::clamp(y + ((row + 0.5) / kRows - 0.5) * height, 0.0, small_.height - 1.001);
    const int top = static_cast<int>(at);
    const auto below = static_cast<float>(at - top);
    const std::uint8_t* upper = small_.samples.data() + static_cast<std::ptrdiff_t>(top) * small_.width;
    const std::uint8_t* lower = upper + small_.width;
    for (std::size_t c = 0; c < kColumns; ++c) {
      const int l = left[c];
      const float a =
          static_cast<float>(upper[l]) + right_share[c] * static_cast<float>(upper[l + 1] - upper[l]);
      const float b =
          static_cast<float>(lower[l]) + right_share[c] * static_cast<float>(lower[l + 1] - lower[l]);
      *out++ = a + below * (b - a);
    }
  }
  return box;
}

Mouth MouthTracker::read() const {
  const Box box =
      sample(face_.x, face_.y + kMouthY * face_.size, kMouthWidth * face_.size, kMouthHeight * face_.size);
  double mean = 0;
  double level = 1;
  for (std::size_t i = 0; i < box.size(); ++i) {
    mean += static_cast<double>(box[i]);
    level += static_cast<double>(template_[i]);
  }
  const auto n = static_cast<double>(box.size());
  mean /= n;
  level /= n;
  double dark = 0;
  double squares = 0;
  for (const float s : box) {
    const double d = static_cast<double>(s) - mean;
    dark += std::max(0.0, -d);
    squares += d * d;
  }
  constexpr std::size_t kFirst = kColumns / 4;
  constexpr std::size_t kEnd = kColumns - kFirst;
  double edges = 0;
  for (std::size_t below = kColumns; below < box.size(); below += kColumns) {
    for (std::size_t column = kFirst; column < kEnd; ++column)
      edges += std::abs(static_cast<double>(box[below + column] - box[below - kColumns + column]));
  }
  constexpr double kSteps = (kRows - 1) * (kEnd - kFirst);
  return {.face = faces_,
          .edges = edges / kSteps / level,
          .dark = dark / n / level,
          .spread = std::sqrt(squares / n) / level};
}

}  // namespace monolens

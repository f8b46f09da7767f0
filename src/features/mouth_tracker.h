// MouthTracker: how far the mouth of a speaking face is open, picture by picture.
//
// A face is looked for twice a second, and at once where one was lost, in the luma plane averaged down to
// about 320 pixels across and 640 down at most. From one find to the next its upper half is followed by
// matching, in that small picture around the face alone. The measure is taken in a box of half the face's
// width below the nose.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "base/time.h"
#include "features/face_finder.h"
#include "media/frame.h"

namespace monolens {

// An open mouth is dark between light edges. All against the mean level of the upper face.
struct Mouth {
  int face = 0;       // changes when another face, or the same one after an absence, is followed
  double edges = 0;   // mean vertical gradient
  double dark = 0;    // mean depth below the box's mean
  double spread = 0;  // standard deviation
};

class MouthTracker {
 public:
  // Nothing where no face is followed. Allocates when the picture's size changes or a larger face is
  // followed.
  std::optional<Mouth> measure(const Frame& frame);

 private:
  static constexpr int kColumns = 24;  // of samples in a box
  static constexpr int kRows = 16;
  using Box = std::array<float, kColumns * kRows>;

  struct Move {
    double x = 0;
    double y = 0;
    double error = 0;  // sum of squared differences
  };

  void reduce(const Frame& frame, int left, int top, int right, int bottom);
  void look_for_face(const Frame& frame);
  bool follow(const Frame& frame);
  Box upper_face(double dx, double dy) const;
  Move find_move() const;
  Box sample(double x, double y, double width, double height) const;
  Mouth read() const;

  int factor_ = 1;  // samples of the plane across one of the small picture
  int width_ = 0;
  int height_ = 0;
  SmallPicture small_;  // up to date where it was reduced last
  FaceFinder finder_;
  MediaTime next_look_;
  int misses_ = 0;
  int faces_ = 0;
  bool following_ = false;
  bool has_template_ = false;
  Face face_;
  Box template_{};  // the upper face
};

}  // namespace monolens

// The tables of OpenCV's lbpcascade_frontalface.xml, made when Monolens is built. Stages of trees of one
// node: Zhang et al., Face Detection Based on Multi-Block LBP Representation (2007).
#pragma once

namespace monolens::cascade {

inline constexpr int kWindow = 24;  // pixels, both ways
inline constexpr int kStages = 20;
inline constexpr int kTrees = 139;
inline constexpr int kFeatures = 136;

struct Rect {
  int x, y, width, height;  // of the top left of 3×3 blocks alike
};

struct Node {
  int left, right;  // always leaves
  int feature;      // in kRects
  int subset[8];    // 256 bits: the patterns of the left leaf
};

extern const int kCounts[kStages];  // of trees
extern const double kThresholds[kStages];
extern const Node kNodes[kTrees];
extern const double kLeaves[kTrees][2];
extern const Rect kRects[kFeatures];

}  // namespace monolens::cascade

// FaceFinder: upright, frontal faces in a small grey picture.
//
// An evaluator of OpenCV's LBP cascade over a pyramid of pictures. Allocates when the picture's size changes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace monolens {

// A picture of 8 bits a sample, without padding.
struct SmallPicture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> samples;

  std::uint8_t at(int x, int y) const {
    return samples[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                   static_cast<std::size_t>(x)];
  }
};

// A square, in the picture's pixels.
struct Face {
  double x = 0;  // of its centre
  double y = 0;
  double size = 0;
};

class FaceFinder {
 public:
  // The largest face; size 0 if there is none. Several overlapping windows must agree on it.
  Face find(const SmallPicture& picture);

 private:
  struct Hit {
    Face sum;
    int windows = 0;
  };

  void try_windows(const SmallPicture& picture, double size);
  void shrink(const SmallPicture& picture, double scale);
  void integrate();
  int stages_passed(int x, int y) const;
  void merge(const Face& face);

  SmallPicture level_;
  std::vector<std::uint32_t> integral_;  // (width + 1) × (height + 1)
  std::vector<Hit> hits_;
};

}  // namespace monolens

// Quality: PSNR and SSIM of luma over pairs of pictures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "media/frame.h"

namespace monolens {

class QualityMeter {
 public:
  // The luma of a reference and of a test picture of one size. Bit depths and ranges may differ: both are
  // brought to the code values of 8 bits, and to the limited range if one has it.
  // REQUIRES: width and height alike.
  void add(const Plane& reference, const PictureFormat& reference_format, const Plane& test,
           const PictureFormat& test_format);

  std::uint64_t pictures() const { return pictures_; }

  // 10·log10(255² / mean squared difference of all samples), dB; infinite if there is none.
  // REQUIRES: pictures() > 0.
  double psnr() const;

  // Mean structural similarity, Wang et al. 2004, eq. 13, with K₁ = 0.01, K₂ = 0.03, over windows of 8×8
  // samples four apart; nullopt if no picture has room for a window.
  std::optional<double> ssim() const;

 private:
  // Of a block of 4×4 samples.
  struct Sums {
    float a = 0;
    float b = 0;
    float squares = 0;  // of both
    float product = 0;
  };

  void sum_blocks(int width);
  double window(std::size_t column) const;

  std::uint64_t pictures_ = 0;
  double squared_ = 0;  // sum over pictures of the mean squared difference
  double ssim_ = 0;     // sum over pictures that have one
  std::uint64_t with_ssim_ = 0;
  std::vector<float> a_;  // four rows of samples
  std::vector<float> b_;
  std::vector<Sums> above_;
  std::vector<Sums> here_;
};

}  // namespace monolens

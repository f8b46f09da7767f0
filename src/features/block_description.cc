#include "features/block_description.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace monolens {
namespace {

using kernels::BlockSeams;
using kernels::Cell;
using kernels::kBlockInputs;
using kernels::kCellSize;

// log2(1 + x), straight between powers of two: off by 0.09 at most, the same on every machine, and cheap.
float level(float x) {
  const auto bits = static_cast<float>(std::bit_cast<std::int32_t>(1 + x));
  return bits * (1.0F / (1 << 23)) - 127;
}

float level(std::int32_t sum, int samples) {
  return level(static_cast<float>(std::abs(sum)) / static_cast<float>(samples));
}

template <class Pixel>
float mean_of(const Plane& plane, int left, int top, int width, int height, float scale) {
  std::uint32_t sum = 0;
  int rows = 0;
  for (int y = top; y < top + height; y += 2, ++rows) {
    const auto* row = reinterpret_cast<const Pixel*>(plane.data + y * plane.stride) + left;
    for (int x = 0; x < width; ++x) sum += row[x];
  }
  return static_cast<float>(sum) * scale / static_cast<float>(rows * width);
}

// The same of eight 8-bit samples a row, with the rows' samples added side by side in one word.
float mean_of_eight(const Plane& plane, int left, int top, int height) {
  constexpr std::uint64_t kEven = 0x00FF00FF00FF00FFU;
  std::uint64_t sums = 0;
  int rows = 0;
  for (int y = top; y < top + height; y += 2, ++rows) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, plane.data + y * plane.stride + left, sizeof eight);
    sums += (eight & kEven) + ((eight >> 8) & kEven);
  }
  const auto sum = static_cast<std::uint32_t>((sums * 0x0001000100010001U) >> 48);
  return static_cast<float>(sum) / static_cast<float>(rows * 8);
}

// Means of the samples that a block covers in a chroma plane, every second row; 8-bit levels.
void mean_blocks(const Plane& plane, const PictureFormat& format, int columns, int rows,
                 std::vector<float>& means) {
  const int width = std::max(1, kCellSize * plane.width / format.width);
  const int height = std::max(1, kCellSize * plane.height / format.height);
  const auto scale = static_cast<float>(std::ldexp(1.0, 8 - format.bit_depth));
  for (int row = 0, i = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column, ++i) {
      const int left = std::min(column * width, plane.width - width);
      const int top = std::min(row * height, plane.height - height);
      float& mean = means[static_cast<std::size_t>(i)];
      if (format.bit_depth > 8) {
        mean = mean_of<std::uint16_t>(plane, left, top, width, height, scale);
      } else if (width == 8 && height <= 16) {
        mean = mean_of_eight(plane, left, top, height);
      } else {
        mean = mean_of<std::uint8_t>(plane, left, top, width, height, scale);
      }
    }
  }
}

void measure_seams(const Frame& frame, std::vector<BlockSeams>& seams) {
  const Plane& p = frame.planes[0];
  const int shift = frame.format.bit_depth - 8;
  if (shift == 0) {
    kernels::measure_seams({p.data, p.stride, p.width, p.height}, shift, seams.data());
  } else {
    const auto* words = reinterpret_cast<const std::uint16_t*>(p.data);
    kernels::measure_seams({words, p.stride, p.width, p.height}, shift, seams.data());
  }
}

}  // namespace

void BlockDescription::reformat(const PictureFormat& format) {
  columns_ = kernels::whole_blocks(format.width);
  rows_ = kernels::whole_blocks(format.height);
  const std::size_t blocks = static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_);
  seams_.resize(blocks);
  seams_before_.resize(blocks);
  cb_means_.assign(blocks, 128);
  cr_means_.assign(blocks, 128);
  inputs_.resize(blocks * kBlockInputs);
}

const std::vector<float>& BlockDescription::describe(const Frame& frame, const PlaneFeatures& luma,
                                                     const Frame& before, std::span<const Cell> luma_before) {
  measure_seams(frame, seams_);
  measure_seams(before, seams_before_);
  for (int row = 0; row < rows_; ++row) {
    for (int column = 0; column < columns_; ++column) describe_block(column, row, luma, luma_before);
  }
  describe_colour(frame);
  return inputs_;
}

void BlockDescription::describe_block(int column, int row, const PlaneFeatures& luma,
                                      std::span<const Cell> luma_before) {
  const auto i = static_cast<std::size_t>(row * columns_ + column);
  const BlockSeams& s = seams_[i];
  const BlockSeams& b = seams_before_[i];
  const Cell& cell = luma.cell(column, row);
  const Cell& previous = luma_before[static_cast<std::size_t>(row * luma.columns + column)];
  const auto scale = static_cast<float>(luma.scale / (kCellSize * kCellSize));
  const float brightened = std::abs(static_cast<float>(cell.sum) - static_cast<float>(previous.sum)) * scale;
  float* out = inputs_.data() + i * kBlockInputs;
  out[0] = level(s.left_abs, kernels::kSeamRows);
  out[1] = level(s.top_abs, kCellSize);
  out[2] = level(s.left_sum, kernels::kSeamRows);
  out[3] = level(s.top_sum, kCellSize);
  out[4] = level(s.middle_x_abs, kernels::kSeamRows);
  out[5] = level(s.middle_y_abs, kCellSize);
  out[6] = level(s.middle_x_sum, kernels::kSeamRows);
  out[7] = level(s.middle_y_sum, kCellSize);
  out[8] = level(s.inner_x_abs, kernels::kInnerX * kernels::kSeamRows);
  out[9] = level(s.inner_y_abs, kernels::kInnerY * kCellSize);
  out[10] = level(2 * s.gradient_x, (kCellSize - 1) * kernels::kSeamRows);
  out[11] = level(2 * s.gradient_y, kernels::kGradientY * kCellSize);
  out[12] = level(static_cast<float>(cell.sad) * scale * 4);
  out[13] = level(brightened * 4);
  out[14] = level(static_cast<float>(luma.cell_range(column, row)));
  out[15] = level(s.left_sum - b.left_sum, kernels::kSeamRows);
  out[16] = level(s.top_sum - b.top_sum, kCellSize);
  out[17] = level(b.left_abs, kernels::kSeamRows);
  out[18] = level(b.top_abs, kCellSize);
  out[19] = level(4 * stands_out(column, row, luma));
}

// How far a block's mean is from that of its four neighbours, 8-bit levels.
float BlockDescription::stands_out(int column, int row, const PlaneFeatures& luma) const {
  std::uint32_t around = luma.cell(std::max(0, column - 1), row).sum;
  around += luma.cell(std::min(columns_ - 1, column + 1), row).sum;
  around += luma.cell(column, std::max(0, row - 1)).sum;
  around += luma.cell(column, std::min(rows_ - 1, row + 1)).sum;
  const auto difference = static_cast<float>(luma.cell(column, row).sum) - static_cast<float>(around) / 4;
  return std::abs(difference) * static_cast<float>(luma.scale) / (kCellSize * kCellSize);
}

void BlockDescription::describe_colour(const Frame& frame) {
  if (frame.format.planes == 3) {
    mean_blocks(frame.planes[1], frame.format, columns_, rows_, cb_means_);
    mean_blocks(frame.planes[2], frame.format, columns_, rows_, cr_means_);
  }
  float* out = inputs_.data();
  for (int row = 0; row < rows_; ++row) {
    for (int column = 0; column < columns_; ++column, out += kBlockInputs) {
      const auto i = static_cast<std::size_t>(row * columns_ + column);
      const auto left = column > 0 ? i - 1 : i;
      const auto above = row > 0 ? i - static_cast<std::size_t>(columns_) : i;
      const auto step = [&](std::size_t to) {
        return std::abs(cb_means_[i] - cb_means_[to]) + std::abs(cr_means_[i] - cr_means_[to]);
      };
      out[20] = level(2 * step(left));
      out[21] = level(2 * step(above));
      out[22] = level(cb_means_[i] + cr_means_[i] < 256 ? 256 - cb_means_[i] - cr_means_[i] : 0);
      out[23] = level(std::abs(cb_means_[i] - 128) + std::abs(cr_means_[i] - 128));
    }
  }
}

}  // namespace monolens

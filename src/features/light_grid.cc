#include "features/light_grid.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "features/video_features.h"

namespace monolens {
namespace {

constexpr int kMostColumns = 64;
constexpr int kChromaRows = 2;
constexpr float kRedScale = 320;
constexpr float kSaturated = 0.8F;

// sRGB's transfer function (IEC 61966-2-1) in steps that stay below a hundredth of the smallest change that
// counts as a flash.
constexpr int kSteps = 2048;
const std::array<float, kSteps + 1> kLinear = [] {
  std::array<float, kSteps + 1> table{};
  for (int i = 0; i <= kSteps; ++i) {
    const double v = static_cast<double>(i) / kSteps;
    table[static_cast<std::size_t>(i)] =
        static_cast<float>(v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4));
  }
  return table;
}();

float linear(float v) { return kLinear[static_cast<std::size_t>(std::clamp(v, 0.0F, 1.0F) * kSteps + 0.5F)]; }

// From code values to R, G, B.
class Matrix {
 public:
  explicit Matrix(const PictureFormat& f) {
    const auto unit = static_cast<float>(1 << (f.bit_depth - 8));
    const auto top = static_cast<float>((1 << f.bit_depth) - 1);
    black_ = f.full_range ? 0 : 16 * unit;
    luma_scale_ = 1 / (f.full_range ? top : 219 * unit);
    grey_ = 128 * unit;
    const float chroma_scale = 1 / (f.full_range ? top : 224 * unit);
    const float kr = f.rgb_matrix_709 ? 0.2126F : 0.299F;  // ITU-R BT.709, BT.601
    const float kb = f.rgb_matrix_709 ? 0.0722F : 0.114F;
    const float kg = 1 - kr - kb;
    red_ = 2 * (1 - kr) * chroma_scale;
    blue_ = 2 * (1 - kb) * chroma_scale;
    green_from_red_ = -kr / kg * red_;
    green_from_blue_ = -kb / kg * blue_;
  }

  LightCell light(float y, float cb, float cr) const {
    y = (y - black_) * luma_scale_;
    cb -= grey_;
    cr -= grey_;
    return light_of(y + red_ * cr, y + green_from_red_ * cr + green_from_blue_ * cb, y + blue_ * cb);
  }
  float grey() const { return grey_; }

 private:
  float black_;
  float luma_scale_;
  float grey_;
  float red_;
  float blue_;
  float green_from_red_;
  float green_from_blue_;
};

template <class Pixel>
void add_row(const std::uint8_t* row, const std::vector<std::array<int, 4>>& columns,
             std::vector<float>& sums) {
  const auto* pixels = reinterpret_cast<const Pixel*>(row);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto& x = columns[c];
    sums[c] += static_cast<float>(pixels[x[0]] + pixels[x[1]] + pixels[x[2]] + pixels[x[3]]);
  }
}

}  // namespace

LightCell light_of(float r, float g, float b) {
  r = linear(r);
  g = linear(g);
  b = linear(b);
  LightCell cell;
  cell.luminance = 0.2126F * r + 0.7152F * g + 0.0722F * b;
  cell.red = std::max(0.0F, r - g - b) * kRedScale;
  cell.saturated = cell.red > 0 && r >= kSaturated * (r + g + b);
  return cell;
}

void LightMeter::reformat(const PictureFormat& format, const PlaneFeatures& luma) {
  format_ = format;
  step_ = (std::max(luma.columns, luma.rows) + kMostColumns - 1) / kMostColumns;
  grid_.columns = (luma.columns + step_ - 1) / step_;
  grid_.rows = (luma.rows + step_ - 1) / step_;
  const auto columns = static_cast<std::size_t>(grid_.columns);
  cells_.assign(columns * static_cast<std::size_t>(grid_.rows), {});
  grid_.cells = cells_;
  y_.resize(columns);
  cb_.resize(columns);
  cr_.resize(columns);
  chroma_x_.resize(columns);
  const int size = step_ * kernels::kCellSize;
  for (std::size_t c = 0; c < columns; ++c) {
    const int left = static_cast<int>(c) * size;
    const int width = std::min(size, format.width - left);
    for (int i = 0; i < kChromaColumns; ++i) {
      const int x = left + width * (2 * i + 1) / (2 * kChromaColumns);
      chroma_x_[c][static_cast<std::size_t>(i)] = x * format.chroma_width / format.width;
    }
  }
}

void LightMeter::add_luma(const PlaneFeatures& luma, int row) {
  std::fill(y_.begin(), y_.end(), 0.0F);
  const int last = std::min((row + 1) * step_, luma.rows);
  for (int r = row * step_; r < last; ++r) {
    const kernels::Cell* cell = &luma.cell(0, r);
    const kernels::Cell* end = cell + luma.columns;
    for (float& sum : y_) {
      const kernels::Cell* next = cell + std::min<std::ptrdiff_t>(step_, end - cell);
      for (; cell != next; ++cell) sum += static_cast<float>(cell->sum);
    }
  }
}

void LightMeter::add_chroma(const Frame& frame, int row) {
  std::fill(cb_.begin(), cb_.end(), 0.0F);
  std::fill(cr_.begin(), cr_.end(), 0.0F);
  const int size = step_ * kernels::kCellSize;
  const int height = std::min(size, format_.height - row * size);
  const auto add = format_.bit_depth == 8 ? add_row<std::uint8_t> : add_row<std::uint16_t>;
  for (int i = 0; i < kChromaRows; ++i) {
    const int y =
        (row * size + height * (2 * i + 1) / (2 * kChromaRows)) * format_.chroma_height / format_.height;
    add(frame.planes[1].data + y * frame.planes[1].stride, chroma_x_, cb_);
    add(frame.planes[2].data + y * frame.planes[2].stride, chroma_x_, cr_);
  }
}

LightGrid LightMeter::measure(const Frame& frame, const PlaneFeatures& luma) {
  if (frame.format != format_) reformat(frame.format, luma);
  const Matrix matrix(format_);
  const bool colour = format_.planes == 3;
  if (!colour) {
    std::fill(cb_.begin(), cb_.end(), matrix.grey());
    std::fill(cr_.begin(), cr_.end(), matrix.grey());
  }
  const float chroma_weight = colour ? 1.0F / (kChromaColumns * kChromaRows) : 1;
  const auto area = static_cast<float>(format_.width) * static_cast<float>(format_.height);
  const int size = step_ * kernels::kCellSize;
  LightCell* cell = cells_.data();
  for (int r = 0; r < grid_.rows; ++r) {
    add_luma(luma, r);
    if (colour) add_chroma(frame, r);
    const int height = std::min(size, format_.height - r * size);
    for (int c = 0; c < grid_.columns; ++c) {
      const auto i = static_cast<std::size_t>(c);
      const auto samples = static_cast<float>(std::min(size, format_.width - c * size) * height);
      *cell = matrix.light(y_[i] / samples, cb_[i] * chroma_weight, cr_[i] * chroma_weight);
      (cell++)->share = samples / area;
    }
  }
  return grid_;
}

}  // namespace monolens

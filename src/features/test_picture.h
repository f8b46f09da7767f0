// For tests: a picture painted by hand, as a Frame over plain memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "media/frame.h"

namespace monolens {

struct PictureShape {
  int width = 64;
  int height = 48;
  int bit_depth = 8;
  int planes = 3;
  int shift_x = 1;  // chroma planes are narrower by so many powers of two…
  int shift_y = 1;  // …and lower
  bool full_range = false;
  bool matrix_709 = false;
};

class TestPicture {
 public:
  explicit TestPicture(const PictureShape& shape) : format_(format_of(shape)) {
    for (int p = 0; p < shape.planes; ++p) {
      planes_.emplace_back(static_cast<std::size_t>(width(p)) * static_cast<std::size_t>(height(p)));
    }
  }

  int width(int plane) const { return plane == 0 ? format_.width : format_.chroma_width; }
  int height(int plane) const { return plane == 0 ? format_.height : format_.chroma_height; }

  // value(x, y) is a code value of the plane's own bit depth.
  template <class Value>
  TestPicture& paint(int plane, Value value) {
    for (int y = 0; y < height(plane); ++y) {
      for (int x = 0; x < width(plane); ++x) {
        planes_[static_cast<std::size_t>(plane)][static_cast<std::size_t>(y * width(plane) + x)] =
            static_cast<std::uint16_t>(value(x, y));
      }
    }
    return *this;
  }

  // One colour, in 8-bit code values.
  TestPicture& fill(int y, int cb = 128, int cr = 128) {
    const int values[] = {y, cb, cr};
    for (int p = 0; p < std::min(format_.planes, 3); ++p) {
      const int code = values[p] << (format_.bit_depth - 8);
      paint(p, [code](int, int) { return code; });
    }
    return *this;
  }

  // The picture as it is now; painting on does not change it. Rows are padded.
  Frame frame(MediaTime time = {}) const {
    constexpr std::size_t kPadding = 6;
    const std::size_t bytes = format_.bit_depth > 8 ? 2 : 1;
    auto memory = std::make_shared<std::vector<std::vector<std::uint8_t>>>();
    Frame frame;
    frame.time = time;
    frame.duration = MediaDuration::milliseconds(40);
    frame.format = format_;
    for (int p = 0; p < format_.planes; ++p) {
      const std::size_t row_bytes = static_cast<std::size_t>(width(p)) * bytes + kPadding;
      auto& plane = memory->emplace_back(row_bytes * static_cast<std::size_t>(height(p)), std::uint8_t{0xA5});
      const auto& samples = planes_[static_cast<std::size_t>(p)];
      for (std::size_t i = 0; i < samples.size(); ++i) {
        const std::size_t x = i % static_cast<std::size_t>(width(p));
        std::uint8_t* at = plane.data() + i / static_cast<std::size_t>(width(p)) * row_bytes + x * bytes;
        if (bytes == 2) {
          std::memcpy(at, &samples[i], 2);
        } else {
          *at = static_cast<std::uint8_t>(samples[i]);
        }
      }
    }
    for (int p = 0; p < format_.planes; ++p) {
      const auto& plane = (*memory)[static_cast<std::size_t>(p)];
      frame.planes[static_cast<std::size_t>(p)] = {
          plane.data(), static_cast<std::ptrdiff_t>(plane.size() / static_cast<std::size_t>(height(p))),
          width(p), height(p)};
    }
    frame.buffer = {memory, reinterpret_cast<const AVFrame*>(memory.get())};
    return frame;
  }

 private:
  static PictureFormat format_of(const PictureShape& shape) {
    const bool colour = shape.planes == 3;
    const auto halved = [](int size, int times) { return (size + (1 << times) - 1) >> times; };
    return {.width = shape.width,
            .height = shape.height,
            .bit_depth = shape.bit_depth,
            .planes = shape.planes,
            .chroma_width = colour ? halved(shape.width, shape.shift_x) : 0,
            .chroma_height = colour ? halved(shape.height, shape.shift_y) : 0,
            .full_range = shape.full_range,
            .rgb_matrix_709 = shape.matrix_709};
  }

  PictureFormat format_;
  std::vector<std::vector<std::uint16_t>> planes_;
};

}  // namespace monolens

// Frame: one decoded picture, immutable, over the decoder's own buffer.
//
// Copying a Frame copies a reference, never pixels; the pixels live until the last copy is gone. Planes are
// planar Y, Cb, Cr (or Y alone), 8 bits a sample, or 9 to 16 bits in native-endian 16-bit words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/time.h"

struct AVFrame;

namespace monolens {

struct Plane {
  const std::uint8_t* data = nullptr;
  std::ptrdiff_t stride = 0;  // bytes; negative when the picture is stored bottom up
  int width = 0;              // samples
  int height = 0;
};

struct PictureFormat {
  int width = 0;
  int height = 0;
  int bit_depth = 8;     // 8 to 16
  int planes = 3;        // 1 (luma only) or 3
  int chroma_width = 0;  // samples of each chroma plane; 0 without
  int chroma_height = 0;
  bool full_range = false;      // luma 0–255 rather than 16–235 (at 8 bits)
  bool rgb_matrix_709 = false;  // BT.709 (or unknown and HD) rather than BT.601

  bool operator==(const PictureFormat&) const = default;
};

struct Frame {
  MediaTime time;
  MediaDuration duration;  // how long it is shown; 0 = unknown
  PictureFormat format;
  std::array<Plane, 3> planes;
  bool key = false;
  bool interlaced = false;
  bool top_field_first = false;           // of an interlaced picture
  bool suspect = false;                   // damage was told of this picture, or of one that it may refer to
  std::int32_t coded_bytes = 0;           // of the packet that it was decoded from; 0 = unknown
  std::shared_ptr<const AVFrame> buffer;  // keeps the planes alive
};

}  // namespace monolens

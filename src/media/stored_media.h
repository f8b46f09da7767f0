// Pictures and sound as bytes that another process makes the same Frame and AudioBlock of.
//
// Raw samples come back as they were, bit for bit, and so does PNG, which holds the raw bytes as one grey
// picture as wide as a row of luma: it codes no YCbCr, and RGB would round. JPEG codes the samples as they
// are, without a conversion of range or of colour, so that it is the coding's loss alone that moves a value.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "media/audio_block.h"
#include "media/frame.h"

namespace monolens {

enum class PictureCoding { kRaw, kPng, kJpeg };

std::string_view name(PictureCoding coding);                         // "raw", "png", "jpeg"
std::optional<PictureCoding> picture_coding(std::string_view name);  // nullopt if it is none of these

// What a receiver has to know beside the bytes, as one word: "yuv420p:1280x720:1:1".
std::string picture_shape(const Frame& frame);

// One thread at a time.
class PicturePacker {
 public:
  explicit PicturePacker(PictureCoding coding);
  ~PicturePacker();
  PicturePacker(const PicturePacker&) = delete;
  PicturePacker& operator=(const PicturePacker&) = delete;

  // Appends the picture's bytes. kUsage for JPEG of what is not planar 8-bit YCbCr.
  Result<void> pack(const Frame& frame, std::string& bytes);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// One thread at a time.
class PictureUnpacker {
 public:
  explicit PictureUnpacker(PictureCoding coding);
  ~PictureUnpacker();
  PictureUnpacker(const PictureUnpacker&) = delete;
  PictureUnpacker& operator=(const PictureUnpacker&) = delete;

  // The frame without its time and marks. kInternal if the bytes are none of that shape.
  Result<Frame> unpack(std::string_view shape, std::string_view bytes);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Appends the samples of one channel after the other, as 32-bit floats of this machine's byte order.
void pack_sound(const AudioBlock& block, std::string& bytes);

// The block without its time. kInternal if the bytes are not of that size.
Result<AudioBlock> unpack_sound(int sample_rate, int channels, int samples, std::string_view bytes);

}  // namespace monolens

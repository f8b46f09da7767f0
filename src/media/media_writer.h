// MediaWriter: pictures and sound as the bytes of an encoded file, the same bytes each time.
//
// Encodes on the calling thread with one thread and keeps the packets in memory until finish(), so it is for
// short media. Sound that an encoder delays (AAC) keeps its timestamps: a sample and the picture given for
// the same time are presented together.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/frame.h"

namespace monolens {

struct VideoCoding {
  std::string codec = "libx264";  // FFmpeg's name of an encoder that takes planar 8-bit 4:2:0
  int width = 0;                  // even
  int height = 0;
  int rate_num = 25;  // pictures a second
  int rate_den = 1;
  int gop = 50;                                  // pictures from one key frame to the next
  bool interlaced = false;                       // flagged as such, top field first
  std::map<std::string, std::string> options{};  // the encoder's own: "crf", "preset", …
};

struct AudioCoding {
  std::string codec = "aac";
  int sample_rate = 48000;
  int channels = 2;
  int bit_rate = 0;  // bits a second; 0 = the encoder's choice
};

class MediaWriter {
 public:
  // `container` is FFmpeg's name: "mpegts", "mp4", "matroska".
  static Result<std::unique_ptr<MediaWriter>> create(const std::string& container,
                                                     const std::optional<VideoCoding>& video,
                                                     const std::optional<AudioCoding>& audio);
  ~MediaWriter();
  MediaWriter(const MediaWriter&) = delete;
  MediaWriter& operator=(const MediaWriter&) = delete;

  // `tick` counts intervals of the rate. REQUIRES: ticks increase; three planes of the coding's size.
  Result<void> add_picture(const std::array<Plane, 3>& planes, std::int64_t tick);

  // All sound at once: a pointer to `samples` values for each channel. The frame that begins with sample n is
  // presented at sample_time(n), in samples; increasing.
  Result<void> add_sound(std::span<const float* const> channels, std::int64_t samples,
                         const std::function<std::int64_t(std::int64_t)>& sample_time);

  // The file. Call it once.
  Result<std::vector<std::byte>> finish();

 private:
  class Impl;
  explicit MediaWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace monolens

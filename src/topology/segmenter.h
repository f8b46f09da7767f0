// Segmenter: the media conversion of one stream: decodes it and cuts it into seconds, whose pictures and
// sound it gives away to be stored.
//
// It uses the monolith's Source and MediaConverter. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "media/media_converter.h"
#include "media/source.h"
#include "media/stored_media.h"
#include "topology/segment.h"

namespace monolens::topology {

struct SegmenterOptions {
  int stream = 0;
  PictureCoding coding = PictureCoding::kRaw;
  bool object_a_frame = false;     // rather than one a second
  std::optional<double> sample{};  // pictures a second that are kept; unset = all
  std::string prefix{};            // of the objects' keys
  ConverterOptions converter{};
};

class Segmenter {
 public:
  // Takes an object to the store; may return before it is there.
  using Put = std::function<Result<void>(const std::string& key, std::string bytes)>;

  static Result<std::unique_ptr<Segmenter>> open(SourceOptions source, SegmenterOptions options, Put put);
  ~Segmenter();
  Segmenter(const Segmenter&) = delete;
  Segmenter& operator=(const Segmenter&) = delete;

  // The next second; nullopt after the last one.
  Result<std::optional<Segment>> next();

  const InputInfo& input() const;
  std::uint64_t pictures() const;       // decoded
  std::uint64_t audio_samples() const;  // a channel, of the first audio track
  double encode_cpu_s() const;          // making bytes of pictures and sound, by the calling thread
  double decode_cpu_s() const;          // all else of next()

 private:
  class Impl;
  explicit Segmenter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace monolens::topology

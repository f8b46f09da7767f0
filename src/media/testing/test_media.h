// TestMedia: small media made in the test's own process, through libavcodec's and libavformat's encoders.
//
//     TestMedia media("mpegts");
//     media.add({.frames = 50, .paint = [](AVFrame& f, int n) { fill(f, n < 25 ? 16 : 128); }});
//     media.add(TestAudio{.seconds = 2, .sample = [](double t, int) { return 0.1 * std::sin(2764.6 * t); }});
//     const Bytes bytes = media.bytes();
//
// Anything that goes wrong ends the test by an exception.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "media/av.h"
#include "media/byte_stream.h"
#include "media/source.h"

namespace monolens {

using Bytes = std::vector<std::byte>;

struct TestVideo {
  std::string codec = "mpeg2video";
  AVPixelFormat format = AV_PIX_FMT_YUV420P;
  int width = 64;
  int height = 48;
  int fps = 25;
  int frames = 25;
  int gop = 12;
  int b_frames = 0;
  AVColorRange range = AVCOL_RANGE_UNSPECIFIED;
  int rotation = 0;  // degrees clockwise
  int program = 0;   // 0 = the container's own
  bool attached_picture = false;
  double start_s = 0;
  std::function<void(AVFrame&, int n)> paint{};  // by default a gradient that moves
};

struct TestAudio {
  std::string codec = "mp2";
  AVSampleFormat format = AV_SAMPLE_FMT_S16;
  int sample_rate = 48000;
  int channels = 2;
  double seconds = 1;
  int program = 0;
  std::string language{};
  double start_s = 0;
  std::function<double(double t, int channel)> sample{};  // full scale at 1; by default 440 Hz at −20 dBFS
};

class TestMedia {
 public:
  // `container` is a muxer of libavformat, `options` are its own.
  explicit TestMedia(std::string container, std::map<std::string, std::string> options = {});
  ~TestMedia();
  TestMedia(const TestMedia&) = delete;
  TestMedia& operator=(const TestMedia&) = delete;

  TestMedia& add(const TestVideo& video);
  TestMedia& add(const TestAudio& audio);

  // The container's bytes. Call it once.
  Bytes bytes();

 private:
  struct Track;
  Track& add_track(const std::string& codec, int program);
  void open(Track& track);

  AVFormatContext* format_ = nullptr;
  AVDictionary* options_ = nullptr;
  std::vector<std::unique_ptr<Track>> tracks_;
};

// Fills planes with one value, in the format's own words.
void fill(AVFrame& frame, int luma, int cb = -1, int cr = -1);

// A source over bytes in memory, which must outlive it.
Result<std::unique_ptr<Source>> open_source(const Bytes& bytes, std::optional<int> program = {});

}  // namespace monolens

// corruption_describe CLEAN BROKEN SHOWN STEP > FILE: the examples that the corruption network learns from.
//
// Decodes three forms of one programme: as it was, as a loss left it, and as it is shown to the network
// (BROKEN itself, or an encode of what BROKEN decodes to). Writes for every STEPth picture, native-endian:
//     int32 columns, int32 rows, int32 suspect, float64 seconds
//     float32[rows × columns × kBlockInputs] what the network is told of SHOWN
//     uint8[rows × columns] mean absolute luma difference of BROKEN from CLEAN, 8-bit levels
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <vector>

#include "features/block_description.h"
#include "features/video_extractor.h"
#include "media/media_converter.h"

namespace monolens {
namespace {

class Pictures final : public MediaSink {
 public:
  explicit Pictures(std::function<void(const Frame&)> take) : take_(std::move(take)) {}
  void on_frame(int track, const Frame& frame) override {
    if (track == 0) take_(frame);
  }
  void on_audio(int, const AudioBlock&) override {}
  void on_event(const StreamEvent&) override {}

 private:
  std::function<void(const Frame&)> take_;
};

void decode(const char* path, std::function<void(const Frame&)> take) {
  auto source = Source::open({.url = path});
  if (!source) std::exit(1);
  auto converter = MediaConverter::open(**source, {});
  if (!converter) std::exit(1);
  Pictures pictures(std::move(take));
  Packet packet;
  while ((*source)->read(packet) == ReadStatus::kPacket) (*converter)->convert(packet, pictures);
  (*converter)->flush(pictures);
}

std::vector<Frame> decode_all(const char* path) {
  std::vector<Frame> frames;
  decode(path, [&](const Frame& f) { frames.push_back(f); });
  return frames;
}

const Frame* at(const std::vector<Frame>& frames, MediaTime time) {
  constexpr auto kNear = MediaDuration::milliseconds(12);
  const auto found = std::lower_bound(frames.begin(), frames.end(), time - kNear,
                                      [](const Frame& f, MediaTime t) { return f.time < t; });
  return found != frames.end() && found->time - time <= kNear ? &*found : nullptr;
}

std::vector<std::uint8_t> differences(const Frame& a, const Frame& b, int columns, int rows) {
  std::vector<std::uint8_t> means;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      int sum = 0;
      for (int y = row * 16; y < row * 16 + 16; ++y) {
        const std::uint8_t* p = a.planes[0].data + y * a.planes[0].stride + column * 16;
        const std::uint8_t* q = b.planes[0].data + y * b.planes[0].stride + column * 16;
        for (int x = 0; x < 16; ++x) sum += std::abs(p[x] - q[x]);
      }
      means.push_back(static_cast<std::uint8_t>(sum / 256));
    }
  }
  return means;
}

template <class T>
void write(const T* data, std::size_t count) {
  if (std::fwrite(data, sizeof(T), count, stdout) != count) std::exit(1);
}

void describe(const char* const* paths, int step) {
  const std::vector<Frame> clean = decode_all(paths[0]);
  const std::vector<Frame> broken = decode_all(paths[1]);
  FeatureOptions options;
  options.luma = options.stillness = true;
  VideoExtractor extractor(options);
  BlockDescription description;
  Frame before;
  std::vector<kernels::Cell> luma_before;
  int index = 0;
  decode(paths[2], [&](const Frame& shown) {
    const VideoFeatures& features = extractor.measure(shown);
    if (!before.buffer) {
      description.reformat(shown.format);
      before = shown;
      luma_before.assign(features.luma.cells.begin(), features.luma.cells.end());
    }
    const Frame* good = at(clean, shown.time);
    const Frame* bad = at(broken, shown.time);
    if (index++ % step == 0 && good != nullptr && bad != nullptr && good->format == bad->format) {
      const int columns = description.columns();
      const int rows = description.rows();
      const std::int32_t header[] = {columns, rows, bad->suspect};
      const double seconds = shown.time.seconds();
      const auto& inputs = description.describe(shown, features.luma, before, luma_before);
      const auto labels = differences(*good, *bad, columns, rows);
      write(header, 3);
      write(&seconds, 1);
      write(inputs.data(), inputs.size());
      write(labels.data(), labels.size());
    }
    if (!features.still) before = shown;
    luma_before.assign(features.luma.cells.begin(), features.luma.cells.end());
  });
}

}  // namespace
}  // namespace monolens

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  monolens::describe(argv + 1, std::max(1, std::atoi(argv[4])));
}

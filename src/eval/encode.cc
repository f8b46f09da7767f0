#include "eval/encode.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace monolens::eval {
namespace {

constexpr double kKeyFrameIntervalS = 2;
constexpr int kBitRatePerChannel = 96000;

void fit(VideoCoding& coding, const Programme& p) {
  coding.width = p.pictures.front()->width;
  coding.height = p.pictures.front()->height;
  coding.rate_num = p.rate_num;
  coding.rate_den = p.rate_den;
}

Result<void> add_pictures(MediaWriter& writer, const Programme& p) {
  for (std::size_t i = 0; i < p.pictures.size(); ++i) {
    auto added = writer.add_picture(p.pictures[i]->planes(), p.ticks[i]);
    if (!added) return added;
  }
  return {};
}

}  // namespace

VideoCoding plain_h264(const Programme& programme) {
  VideoCoding coding;
  fit(coding, programme);
  coding.gop = std::max(1, static_cast<int>(std::lround(kKeyFrameIntervalS / programme.interval())));
  coding.options = {{"preset", "veryfast"}, {"crf", "20"}, {"x264-params", "scenecut=0:open-gop=0"}};
  return coding;
}

Result<std::vector<std::byte>> encode(const Programme& programme, const Carrier& carrier) {
  std::optional<VideoCoding> video;
  std::optional<AudioCoding> audio;
  if (programme.has_pictures()) {
    video = plain_h264(programme);
    video->interlaced = carrier.interlaced;
  }
  if (programme.has_sound()) {
    const auto channels = static_cast<int>(programme.channels.size());
    audio = AudioCoding{.codec = carrier.audio_codec,
                        .sample_rate = programme.sample_rate,
                        .channels = channels,
                        .bit_rate = carrier.audio_codec == "aac" ? kBitRatePerChannel * channels : 0};
  }
  auto writer = MediaWriter::create(carrier.container, video, audio);
  if (!writer) return writer.error();
  if (video) {
    auto added = add_pictures(**writer, programme);
    if (!added) return added.error();
  }
  if (audio) {
    std::vector<const float*> channels;
    for (const auto& c : programme.channels) channels.push_back(c.data());
    const auto same = [](std::int64_t n) { return n; };
    auto added = (*writer)->add_sound(channels, static_cast<std::int64_t>(programme.channels.front().size()),
                                      carrier.sample_time ? carrier.sample_time : same);
    if (!added) return added.error();
  }
  return (*writer)->finish();
}

Result<std::vector<std::byte>> encode_pictures(const Programme& programme, VideoCoding coding) {
  fit(coding, programme);
  auto writer = MediaWriter::create("mpegts", coding, {});
  if (!writer) return writer.error();
  auto added = add_pictures(**writer, programme);
  if (!added) return added.error();
  return (*writer)->finish();
}

}  // namespace monolens::eval

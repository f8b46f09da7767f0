#include "eval/programme_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "media/byte_stream.h"
#include "media/conform.h"
#include "media/media_converter.h"
#include "media/source.h"

namespace monolens::eval {
namespace {

constexpr double kSlowest = 8;  // pictures a second
constexpr double kFastest = 60.5;
constexpr double kSilentDb = -60;
constexpr std::size_t kMostChannels = 2;
constexpr int kLowestSampleRate = 32000;  // Hz
constexpr int kSampleRate = 48000;

const TrackInfo* first_of(const InputInfo& info, TrackType type) {
  const auto found = std::ranges::find_if(info.tracks, [type](const TrackInfo& t) { return t.type == type; });
  return found == info.tracks.end() ? nullptr : &*found;
}

// The usual rates exactly, others to a thousandth.
std::pair<int, int> rational_rate(double fps) {
  for (const int base : {24, 30, 60, 48, 120}) {
    if (std::abs(fps - base * 1000.0 / 1001) < 0.005) return {base * 1000, 1001};
  }
  if (std::abs(fps - std::round(fps)) < 0.02) return {static_cast<int>(std::lround(fps)), 1};
  return {static_cast<int>(std::lround(fps * 1000)), 1000};
}

constexpr double kJoined = 0.02;  // s

class Reader final : public MediaSink {
 public:
  Reader(const InputInfo& info, const ReadOptions& options) : options_(options) {
    const TrackInfo* video = first_of(info, TrackType::kVideo);
    if (video != nullptr && video->fps >= kSlowest && video->fps <= kFastest) {
      std::tie(out_.rate_num, out_.rate_den) = rational_rate(video->fps);
      wants_pictures_ = true;
    }
    for (std::size_t i = 0; i < info.tracks.size() && sound_track_ < 0; ++i) {
      if (info.tracks[i].type == TrackType::kAudio) sound_track_ = static_cast<int>(i);
    }
  }

  void on_frame(int /*track*/, const Frame& frame) override;
  void on_audio(int track, const AudioBlock& block) override;
  void on_event(const StreamEvent& /*event*/) override {}

  bool done(MediaTime front) const { return front.seconds() > options_.start_s + options_.length_s + 1; }
  Programme finish();

 private:
  bool full() const {
    return !out_.pictures.empty() &&
           (out_.pictures.size() + 1) * out_.pictures.front()->samples.size() > options_.most_bytes;
  }

  ReadOptions options_;
  Programme out_;
  bool wants_pictures_ = false;
  int sound_track_ = -1;
  std::optional<long long> sound_end_;  // of the last block, samples from the stretch's start
  std::unique_ptr<PictureScaler> scaler_;
  PicturePtr shown_;
  int width_ = 0;
  int height_ = 0;
};

void Reader::on_frame(int /*track*/, const Frame& frame) {
  if (!wants_pictures_ || full()) return;
  const double s = frame.time.seconds() - options_.start_s;
  const auto tick = static_cast<std::int64_t>(std::llround(s / out_.interval()));
  if (tick < 0 || s >= options_.length_s) return;
  if (!scaler_) {
    height_ = std::min(frame.format.height, options_.most_height) & ~3;  // both fields' chroma is whole
    width_ = static_cast<int>(
                 std::lround(static_cast<double>(frame.format.width) * height_ / frame.format.height)) &
             ~1;
    scaler_ = std::make_unique<PictureScaler>(width_, height_);
  }
  Picture picture{.width = width_, .height = height_, .samples = {}};
  if (!scaler_->scale(frame, picture.samples)) return;
  const PicturePtr now = std::make_shared<const Picture>(std::move(picture));
  if (!shown_) shown_ = now;  // until the first picture comes, it
  while (static_cast<std::int64_t>(out_.pictures.size()) < tick && !full()) out_.pictures.push_back(shown_);
  if (static_cast<std::int64_t>(out_.pictures.size()) == tick) out_.pictures.push_back(now);
  shown_ = now;
}

void Reader::on_audio(int track, const AudioBlock& block) {
  if (track != sound_track_) return;
  if (out_.channels.empty()) {
    out_.sample_rate = block.sample_rate;
    out_.channels.resize(std::min<std::size_t>(kMostChannels, static_cast<std::size_t>(block.channels)));
  }
  if (block.sample_rate != out_.sample_rate ||
      static_cast<std::size_t>(block.channels) < out_.channels.size()) {
    return;
  }
  auto at = std::llround((block.time.seconds() - options_.start_s) * out_.sample_rate);
  // Containers round their times, to a millisecond some of them: blocks that follow one another stay joined.
  if (sound_end_ && static_cast<double>(std::abs(at - *sound_end_)) < kJoined * out_.sample_rate)
    at = *sound_end_;
  sound_end_ = at + block.samples;
  const auto most = std::llround(options_.length_s * out_.sample_rate);
  for (std::size_t c = 0; c < out_.channels.size(); ++c) {
    auto& to = out_.channels[c];
    for (int i = 0; i < block.samples; ++i) {
      const long long n = at + i;
      if (n < 0 || n >= most) continue;
      if (static_cast<std::size_t>(n) >= to.size()) to.resize(static_cast<std::size_t>(n) + 1);
      const float v = block.channel[c][i];
      to[static_cast<std::size_t>(n)] = std::isfinite(v) ? v : 0.0F;
    }
  }
}

Programme Reader::finish() {
  for (std::size_t i = 0; i < out_.pictures.size(); ++i) out_.ticks.push_back(static_cast<std::int64_t>(i));
  if (out_.has_sound()) {
    std::size_t shortest = out_.channels.front().size();
    for (const auto& c : out_.channels) shortest = std::min(shortest, c.size());
    for (auto& c : out_.channels) c.resize(shortest);
    if (out_.sample_rate < kLowestSampleRate) {
      out_.channels = resample(out_.channels, out_.sample_rate, kSampleRate);
      out_.sample_rate = kSampleRate;
    }
    if (!out_.has_sound() || to_db(peak(out_, 0, out_.channels.front().size())) < kSilentDb)
      out_.channels.clear();
  }
  // Both tracks end together, so that nothing is missing at the end.
  if (out_.has_pictures() && out_.has_sound()) {
    const double end = out_.seconds();
    out_.pictures.resize(
        std::min(out_.pictures.size(), static_cast<std::size_t>(end / out_.interval() + 0.5)));
    out_.ticks.resize(out_.pictures.size());
    for (auto& c : out_.channels) c.resize(std::min(c.size(), out_.sample_at(end)));
  }
  return std::move(out_);
}

Result<void> convert_all(Source& source, MediaSink& sink, const std::function<bool(MediaTime)>& enough) {
  auto converter = MediaConverter::open(source, {});
  if (!converter) return converter.error();
  Packet packet;
  for (;;) {
    const ReadStatus status = source.read(packet);
    (*converter)->convert(packet, sink);
    if (status != ReadStatus::kPacket || enough((*converter)->front())) break;
  }
  (*converter)->flush(sink);
  return {};
}

// Decoded pictures by their times.
class Pictures final : public MediaSink {
 public:
  explicit Pictures(Programme& out) : out_(out) {}

  void on_frame(int /*track*/, const Frame& frame) override {
    if (out_.pictures.empty()) start_ = frame.time;
    Picture picture{.width = frame.format.width, .height = frame.format.height, .samples = {}};
    for (const Plane& plane : frame.planes) {
      for (int y = 0; y < plane.height; ++y) {
        const std::uint8_t* row = plane.data + y * plane.stride;
        picture.samples.insert(picture.samples.end(), row, row + plane.width);
      }
    }
    out_.ticks.push_back(std::llround((frame.time - start_).seconds() / out_.interval()));
    out_.pictures.push_back(std::make_shared<const Picture>(std::move(picture)));
  }
  void on_audio(int /*track*/, const AudioBlock& /*block*/) override {}
  void on_event(const StreamEvent& /*event*/) override {}

 private:
  Programme& out_;
  MediaTime start_;
};

}  // namespace

Result<Programme> read_programme(const std::string& path, const ReadOptions& options) {
  auto source = Source::open({.url = path});
  if (!source) return source.error();
  Reader reader((*source)->info(), options);
  auto converted = convert_all(**source, reader, [&](MediaTime front) { return reader.done(front); });
  if (!converted) return converted.error();
  Programme programme = reader.finish();
  programme.clip = path;
  return programme;
}

Result<Programme> read_pictures(std::span<const std::byte> bytes) {
  auto source = Source::open({.url = "memory", .bytes = memory_stream(bytes)});
  if (!source) return source.error();
  const TrackInfo* video = first_of((*source)->info(), TrackType::kVideo);
  if (video == nullptr || video->fps <= 0) return Error{ErrorCode::kNotMedia, "no pictures in the bytes"};
  Programme programme;
  std::tie(programme.rate_num, programme.rate_den) = rational_rate(video->fps);
  Pictures pictures(programme);
  auto converted = convert_all(**source, pictures, [](MediaTime) { return false; });
  if (!converted) return converted.error();
  return programme;
}

}  // namespace monolens::eval

#include "monitor/clip_recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "media/testing/test_media.h"
#include "monitor/monitor.h"

namespace monolens {
namespace {

using testing::IsEmpty;

constexpr auto kSecond = MediaDuration::milliseconds(1000);

struct Stream {
  std::string container = "mpegts";
  std::string video = "libx264";
  AVPixelFormat pixel_format = AV_PIX_FMT_YUV420P;
  std::string audio = "aac";
  AVSampleFormat sample_format = AV_SAMPLE_FMT_FLTP;
  int gop = 25;
  int seconds = 20;
};

// Each second has a level of its own, so that a clip tells where it was taken.
Bytes make(const Stream& s) {
  const auto paint = [](AVFrame& frame, int n) { fill(frame, 30 + n / 25 * 10); };
  return TestMedia(s.container)
      .add(TestVideo{.codec = s.video,
                     .format = s.pixel_format,
                     .frames = s.seconds * 25,
                     .gop = s.gop,
                     .b_frames = 2,
                     .paint = paint})
      .add(TestAudio{.codec = s.audio, .format = s.sample_format, .seconds = 1.0 * s.seconds})
      .bytes();
}

// Wants an incident as soon as a picture of second `at` has come.
struct Wish {
  int at;
  std::string incident;
};

std::vector<Clip> record(const Bytes& bytes, std::vector<Wish> wishes, ClipLimits limits = {}) {
  auto source = open_source(bytes);
  if (!source) throw std::runtime_error(source.error().message);
  ClipRecorder recorder(**source, limits);
  const ClipWriter clock(**source);
  std::optional<MediaDuration> first;
  std::vector<Clip> clips;
  Packet packet;
  while ((*source)->read(packet) == ReadStatus::kPacket) {
    const auto time = clock.decode_time(*packet.data, packet.track);
    recorder.add(packet);
    if (!first) first = time;
    while (!wishes.empty() && time && *time - *first >= kSecond * wishes.front().at) {
      recorder.want(wishes.front().incident);
      wishes.erase(wishes.begin());
    }
    for (Clip& clip : recorder.take()) clips.push_back(std::move(clip));
  }
  recorder.finish();
  for (Clip& clip : recorder.take()) clips.push_back(std::move(clip));
  return clips;
}

MonitorResult check(const Clip& clip) {
  const auto* begin = reinterpret_cast<const std::byte*>(clip.mp4.data());
  const Bytes bytes(begin, begin + clip.mp4.size());
  DetectorSet set;
  if (!set.choose("black,decode_error,gap,missing")) throw std::runtime_error("no such detector");
  MonitorOptions options;
  options.source.url = "clip";
  options.source.bytes = memory_stream(bytes);
  options.detectors = set.chosen();
  auto monitor = Monitor::open(std::move(options));
  if (!monitor) throw std::runtime_error(monitor.error().message);
  auto result = (*monitor)->run({}, {});
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

TEST(ClipRecorder, KeepsTheSecondsAroundAnIncident) {
  const auto clips = record(make({}), {{10, "x"}});
  ASSERT_EQ(clips.size(), 1U);
  EXPECT_EQ(clips[0].incidents, std::vector<std::string>{"x"});
  const MonitorResult clip = check(clips[0]);
  EXPECT_THAT(clip.incidents, IsEmpty()) << "it can be decoded from its first picture on";
  ASSERT_EQ(clip.input.tracks.size(), 2U);
  EXPECT_EQ(clip.input.tracks[0].codec, "h264");
  EXPECT_EQ(clip.input.tracks[1].codec, "aac");
  // From the key frame before second 6 to second 13.
  EXPECT_GE(clip.video_frames, 7U * 25);
  EXPECT_LE(clip.video_frames, 8U * 25 + 4);
  const auto luma = clip.curves.luma.points(Curve{}.step());
  ASSERT_FALSE(luma.empty());
  EXPECT_NEAR(luma.front(), 30 + 10 * 5, 11);
  EXPECT_NEAR(luma.back(), 30 + 10 * 13, 11);
}

TEST(ClipRecorder, SharesAClipBetweenIncidentsThatItShows) {
  const auto clips = record(make({}), {{5, "a"}, {6, "b"}, {12, "c"}});
  ASSERT_EQ(clips.size(), 2U);
  EXPECT_EQ(clips[0].incidents, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(clips[1].incidents, std::vector<std::string>{"c"});
}

TEST(ClipRecorder, EndsWithTheStream) {
  const auto clips = record(make({.seconds = 6}), {{5, "x"}});
  ASSERT_EQ(clips.size(), 1U);
  const MonitorResult clip = check(clips[0]);
  EXPECT_THAT(clip.incidents, IsEmpty());
  EXPECT_GE(clip.video_frames, 5U * 25 - 4);
}

TEST(ClipRecorder, EndsWhereTheTimestampsJump) {
  const Bytes before = make({.seconds = 8});
  Bytes both = before;
  both.insert(both.end(), before.begin(), before.end());
  const auto clips = record(both, {{6, "x"}});
  ASSERT_EQ(clips.size(), 1U);
  const MonitorResult clip = check(clips[0]);
  EXPECT_THAT(clip.incidents, IsEmpty());
  EXPECT_LE(clip.video_frames, 7U * 25);
}

TEST(ClipRecorder, HoldsNoMoreBytesThanItMay) {
  const Bytes bytes = make({});
  const auto whole = record(bytes, {{10, "x"}});
  ASSERT_EQ(whole.size(), 1U);
  const std::size_t limit = whole[0].mp4.size() / 2;
  const auto clips = record(bytes, {{10, "x"}}, {.bytes = limit});
  ASSERT_EQ(clips.size(), 1U);
  EXPECT_LT(clips[0].mp4.size(), limit + 8'192) << "besides what MP4 adds";
  EXPECT_GT(clips[0].mp4.size(), limit / 4);
  EXPECT_THAT(check(clips[0]).incidents, IsEmpty());
}

TEST(ClipRecorder, TellsNothingWithoutAWish) { EXPECT_THAT(record(make({.seconds = 6}), {}), IsEmpty()); }

TEST(ClipRecorder, HasNoClipOfACodecThatMp4CanNotHold) {
  const Stream odd{.container = "matroska",
                   .video = "huffyuv",
                   .pixel_format = AV_PIX_FMT_YUV422P,
                   .audio = "pcm_s16le",
                   .sample_format = AV_SAMPLE_FMT_S16,
                   .seconds = 6};
  EXPECT_THAT(record(make(odd), {{3, "x"}}), IsEmpty());
}

}  // namespace
}  // namespace monolens

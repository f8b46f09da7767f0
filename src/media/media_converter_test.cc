#include "media/media_converter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <mutex>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "media/testing/test_media.h"

namespace monolens {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// The memory that the decoders under test were given to decode into.
class DecoderMemory {
 public:
  static void watch(AVCodecContext& decoder) {
    decoder.get_buffer2 = [](AVCodecContext* c, AVFrame* frame, int flags) {
      const int rc = avcodec_default_get_buffer2(c, frame, flags);
      const std::lock_guard lock(mutex);
      for (const AVBufferRef* b : frame->buf) {
        if (b != nullptr) blocks.insert({b->data, b->size});
      }
      return rc;
    };
  }
  static void clear() {
    const std::lock_guard lock(mutex);
    blocks.clear();
  }
  static bool holds(const std::uint8_t* address) {
    const std::lock_guard lock(mutex);
    return std::any_of(blocks.begin(), blocks.end(),
                       [&](const auto& b) { return address >= b.first && address < b.first + b.second; });
  }

 private:
  static inline std::mutex mutex;
  static inline std::set<std::pair<const std::uint8_t*, std::size_t>> blocks;
};

struct Seen {
  std::vector<Frame> frames;
  std::vector<AudioBlock> blocks;
  std::vector<StreamEvent> events;
};

class Recorder : public MediaSink {
 public:
  void on_frame(int, const Frame& frame) override { seen.frames.push_back(frame); }
  void on_audio(int, const AudioBlock& block) override { seen.blocks.push_back(block); }
  void on_event(const StreamEvent& event) override { seen.events.push_back(event); }

  Seen seen;
};

void run(Source& source, MediaSink& sink, ConverterOptions options = {}) {
  auto converter = MediaConverter::open(source, options);
  if (!converter) throw std::runtime_error(converter.error().message);
  Packet packet;
  ReadStatus status = ReadStatus::kPacket;
  while (status == ReadStatus::kPacket) {
    status = source.read(packet);
    (*converter)->convert(packet, sink);
  }
  (*converter)->flush(sink);
}

void run(const Bytes& bytes, MediaSink& sink, ConverterOptions options = {}) {
  auto source = open_source(bytes);
  if (!source) throw std::runtime_error(source.error().message);
  run(**source, sink, options);
}

Seen convert(const Bytes& bytes, ConverterOptions options = {}) {
  Recorder recorder;
  run(bytes, recorder, options);
  return std::move(recorder.seen);
}

Bytes joined(const Bytes& a, const Bytes& b) {
  Bytes both = a;
  both.insert(both.end(), b.begin(), b.end());
  return both;
}

std::vector<StreamEvent> of_type(const std::vector<StreamEvent>& events, StreamEvent::Type type) {
  std::vector<StreamEvent> found;
  std::copy_if(events.begin(), events.end(), std::back_inserter(found),
               [&](const auto& e) { return e.type == type; });
  return found;
}

}  // namespace
}  // namespace monolens

// The linker puts these before the library's own (see CMakeLists.txt).
extern "C" {
int __real_avcodec_open2(AVCodecContext* c, const AVCodec* codec, AVDictionary** options);   // NOLINT
int __wrap_avcodec_open2(AVCodecContext* c, const AVCodec* codec, AVDictionary** options) {  // NOLINT
  const AVCodec* used = codec != nullptr ? codec : c->codec;
  if (used != nullptr && av_codec_is_decoder(used) != 0) monolens::DecoderMemory::watch(*c);
  return __real_avcodec_open2(c, codec, options);
}
}

namespace monolens {
namespace {

TEST(MediaConverter, ShowsPicturesWhereTheDecoderPutThem) {
  const struct {
    const char* container;
    TestVideo video;
  } rows[] = {
      {"mpegts", {.codec = "mpeg2video", .b_frames = 2}},
      {"mpegts", {.codec = "mpeg2video", .format = AV_PIX_FMT_YUV422P}},
      {"matroska", {.codec = "ffv1", .format = AV_PIX_FMT_YUV420P10}},
      {"matroska", {.codec = "ffv1", .format = AV_PIX_FMT_YUV444P}},
      {"matroska", {.codec = "ffv1", .format = AV_PIX_FMT_GRAY8}},
      {"matroska", {.codec = "mjpeg", .format = AV_PIX_FMT_YUVJ420P}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.video.codec + " " + av_get_pix_fmt_name(row.video.format));
    DecoderMemory::clear();
    const Seen seen = convert(TestMedia(row.container).add(row.video).bytes());
    ASSERT_EQ(seen.frames.size(), static_cast<std::size_t>(row.video.frames));
    for (const Frame& frame : seen.frames) {
      for (int i = 0; i < frame.format.planes; ++i) {
        const Plane& plane = frame.planes[static_cast<std::size_t>(i)];
        EXPECT_EQ(plane.data, frame.buffer->data[i]);
        EXPECT_TRUE(DecoderMemory::holds(plane.data));
        EXPECT_TRUE(DecoderMemory::holds(plane.data + plane.stride * (plane.height - 1)));
      }
    }
  }
}

// Nothing between the bytes and the detectors copies a picture that is not compressed.
TEST(MediaConverter, ShowsRawPicturesWhereTheDemuxerPutThem) {
  const Bytes bytes =
      TestMedia("nut").add(TestVideo{.codec = "rawvideo", .width = 128, .height = 64}).bytes();
  auto source = open_source(bytes);
  ASSERT_TRUE(source) << source.error().message;
  auto converter = MediaConverter::open(**source, {});
  ASSERT_TRUE(converter);
  int frames = 0;
  Packet packet;
  while ((*source)->read(packet) == ReadStatus::kPacket) {
    Recorder recorder;
    (*converter)->convert(packet, recorder);
    for (const Frame& frame : recorder.seen.frames) {
      ++frames;
      EXPECT_GE(frame.planes[0].data, packet.data->data);
      EXPECT_LT(frame.planes[2].data, packet.data->data + packet.data->size);
    }
  }
  EXPECT_EQ(frames, 25);
}

TEST(MediaConverter, ShowsPlanarFloatWhereTheDecoderPutIt) {
  DecoderMemory::clear();
  const Seen seen =
      convert(TestMedia("mpegts").add(TestAudio{.codec = "aac", .format = AV_SAMPLE_FMT_FLTP}).bytes());
  ASSERT_GE(seen.blocks.size(), 40U);
  for (const AudioBlock& block : seen.blocks) {
    for (int c = 0; c < block.channels; ++c) {
      EXPECT_TRUE(DecoderMemory::holds(reinterpret_cast<const std::uint8_t*>(block.channel[c])));
    }
  }
}

TEST(MediaConverter, ConvertsIntegersToPlanarFloat) {
  const Seen seen = convert(TestMedia("wav")
                                .add(TestAudio{.codec = "pcm_s16le",
                                               .seconds = 0.1,
                                               .sample = [](double, int c) { return c == 0 ? 0.5 : -0.25; }})
                                .bytes());
  int samples = 0;
  for (const AudioBlock& block : seen.blocks) {
    samples += block.samples;
    EXPECT_NEAR(block.channel[0][0], 0.5, 1e-4);
    EXPECT_NEAR(block.channel[1][block.samples - 1], -0.25, 1e-4);
  }
  EXPECT_EQ(samples, 4800);
}

TEST(MediaConverter, ConvertsPicturesThatAreNotYCbCr) {
  const Seen seen = convert(TestMedia("matroska")
                                .add(TestVideo{.codec = "ffv1",
                                               .format = AV_PIX_FMT_BGR0,
                                               .frames = 3,
                                               .paint = [](AVFrame& f, int) { fill(f, 255); }})
                                .bytes());
  ASSERT_EQ(seen.frames.size(), 3U);
  EXPECT_EQ(seen.frames[0].format.planes, 3);
  EXPECT_EQ(seen.frames[0].planes[1].width, 32);
  EXPECT_NEAR(seen.frames[0].planes[0].data[0], 235, 1);
}

// Counts the AVFrames behind the pictures of a stream that a sink holds no longer than the last two of.
class HoldingTwo : public MediaSink {
 public:
  void on_frame(int, const Frame& frame) override {
    ++frames;
    buffers.insert(frame.buffer.get());
    held_[frames % 2] = frame;
  }
  void on_audio(int, const AudioBlock& block) override { sounds.insert(block.buffer.get()); }
  void on_event(const StreamEvent&) override {}

  std::size_t frames = 0;
  std::set<const AVFrame*> buffers;
  std::set<const AVFrame*> sounds;

 private:
  Frame held_[2];
};

TEST(MediaConverter, UsesTheSameFewFramesAllAlong) {
  for (const AVPixelFormat format : {AV_PIX_FMT_YUV420P, AV_PIX_FMT_BGR0}) {
    HoldingTwo sink;
    run(TestMedia("matroska")
            .add(TestVideo{.codec = "ffv1", .format = format, .width = 32, .height = 32, .frames = 300})
            .add(TestAudio{.codec = "pcm_s16le", .seconds = 12})
            .bytes(),
        sink);
    EXPECT_EQ(sink.frames, 300U);
    EXPECT_LE(sink.buffers.size(), 4U);
    EXPECT_LE(sink.sounds.size(), 2U);
  }
}

TEST(MediaConverter, PresentsInOrderFromZeroWithoutHoles) {
  const Seen seen = convert(TestMedia("mpegts").add(TestVideo{.frames = 60, .b_frames = 2}).bytes());
  ASSERT_EQ(seen.frames.size(), 60U);
  for (std::size_t i = 0; i < seen.frames.size(); ++i) {
    EXPECT_NEAR(seen.frames[i].time.seconds(), 0.04 * static_cast<double>(i), 1e-4);
    EXPECT_NEAR(seen.frames[i].duration.seconds(), 0.04, 1e-4);
  }
  EXPECT_THAT(seen.events, IsEmpty());
}

TEST(MediaConverter, MarksKeyFrames) {
  const Seen seen = convert(TestMedia("mpegts").add(TestVideo{.frames = 30, .gop = 10}).bytes());
  std::vector<std::size_t> keys;
  for (std::size_t i = 0; i < seen.frames.size(); ++i) {
    if (seen.frames[i].key) keys.push_back(i);
  }
  EXPECT_THAT(keys, ElementsAre(0, 10, 20));
}

TEST(MediaConverter, TellsHowManyBytesEachPictureTook) {
  const Seen seen = convert(TestMedia("mpegts").add(TestVideo{.frames = 30, .gop = 10}).bytes());
  ASSERT_EQ(seen.frames.size(), 30U);
  for (const Frame& f : seen.frames) EXPECT_GT(f.coded_bytes, 0);
  EXPECT_GT(seen.frames[10].coded_bytes, seen.frames[11].coded_bytes) << "a key picture takes more";
}

TEST(MediaConverter, FollowsAChangeOfSizeAndPixelFormatMidway) {
  const TestVideo first{.codec = "mjpeg", .format = AV_PIX_FMT_YUVJ420P, .width = 64, .height = 48};
  const TestVideo second{.codec = "mjpeg", .format = AV_PIX_FMT_YUVJ422P, .width = 96, .height = 80};
  const Seen seen =
      convert(joined(TestMedia("mjpeg").add(first).bytes(), TestMedia("mjpeg").add(second).bytes()));
  ASSERT_EQ(seen.frames.size(), 50U);
  EXPECT_EQ(seen.frames[24].format.width, 64);
  EXPECT_EQ(seen.frames[24].planes[1].height, 24);
  EXPECT_EQ(seen.frames[25].format.width, 96);
  EXPECT_EQ(seen.frames[25].planes[1].height, 80);
}

TEST(MediaConverter, FollowsAChangeOfSampleRateAndChannelsMidway) {
  const TestAudio first{.codec = "aac", .format = AV_SAMPLE_FMT_FLTP, .sample_rate = 48000, .channels = 2};
  const TestAudio second{.codec = "aac", .format = AV_SAMPLE_FMT_FLTP, .sample_rate = 32000, .channels = 1};
  const Seen seen =
      convert(joined(TestMedia("adts").add(first).bytes(), TestMedia("adts").add(second).bytes()));
  ASSERT_FALSE(seen.blocks.empty());
  EXPECT_EQ(std::pair(seen.blocks.front().sample_rate, seen.blocks.front().channels), std::pair(48000, 2));
  EXPECT_EQ(std::pair(seen.blocks.back().sample_rate, seen.blocks.back().channels), std::pair(32000, 1));
  EXPECT_EQ(seen.blocks.back().duration, MediaDuration::milliseconds(32));
}

TEST(MediaConverter, TellsADecodeErrorAtTheDamagedPicture) {
  const Bytes bytes = TestMedia("mpegts").add(TestVideo{.frames = 50, .gop = 10}).bytes();
  auto source = open_source(bytes);
  ASSERT_TRUE(source) << source.error().message;
  auto converter = MediaConverter::open(**source, {});
  ASSERT_TRUE(converter);
  Recorder recorder;
  Packet packet;
  for (int n = 0; (*source)->read(packet) == ReadStatus::kPacket; ++n) {
    if (n == 30) {
      ASSERT_EQ(av_packet_make_writable(packet.data.get()), 0);
      for (int i = 200; i < packet.data->size; ++i) packet.data->data[i] = static_cast<std::uint8_t>(i * 37);
    }
    (*converter)->convert(packet, recorder);
  }
  (*converter)->flush(recorder);

  EXPECT_EQ(recorder.seen.frames.size(), 50U) << "a damaged picture is concealed, not lost";
  const auto errors = of_type(recorder.seen.events, StreamEvent::Type::kDecodeError);
  ASSERT_FALSE(errors.empty());
  for (const StreamEvent& e : errors) {
    EXPECT_NEAR(e.time.seconds(), 30 * 0.04, 0.001);
    EXPECT_EQ(e.track, 0);
    EXPECT_GE(e.count, 1U);
  }
}

TEST(MediaConverter, HandsOnTheDamageOfItsPacketsAtTheirTime) {
  const Bytes bytes = TestMedia("mpegts").add(TestVideo{.frames = 50, .gop = 10}).bytes();
  auto source = open_source(bytes);
  ASSERT_TRUE(source) << source.error().message;
  auto converter = MediaConverter::open(**source, {});
  ASSERT_TRUE(converter);
  Recorder recorder;
  Packet packet;
  for (int n = 0; (*source)->read(packet) == ReadStatus::kPacket; ++n) {
    if (n == 20) packet.transport.push_back({.type = StreamEvent::Type::kContinuity, .count = 3});
    if (n == 25) packet.data->flags |= AV_PKT_FLAG_CORRUPT;
    (*converter)->convert(packet, recorder);
  }
  ASSERT_THAT(recorder.seen.events, SizeIs(2));
  EXPECT_EQ(recorder.seen.events[0].type, StreamEvent::Type::kContinuity);
  EXPECT_EQ(recorder.seen.events[0].count, 3U);
  EXPECT_NEAR(recorder.seen.events[0].time.seconds(), 0.8, 0.001);
  EXPECT_EQ(recorder.seen.events[1].type, StreamEvent::Type::kCorruptPacket);
  EXPECT_NEAR(recorder.seen.events[1].time.seconds(), 1.0, 0.001);
}

TEST(MediaConverter, ReportsNothingOfMediaThatIsSound) {
  const Seen seen =
      convert(TestMedia("mpegts").add(TestVideo{.frames = 50, .b_frames = 2}).add(TestAudio{}).bytes());
  EXPECT_THAT(seen.events, IsEmpty());
}

// A stream that begins between two key frames.
Bytes joined_late() {
  const Bytes bytes = TestMedia("mpegts").add(TestVideo{.frames = 50, .gop = 20}).bytes();
  auto source = open_source(bytes);
  if (!source) throw std::runtime_error(source.error().message);
  Packet packet;
  std::vector<std::int64_t> positions;
  while ((*source)->read(packet) == ReadStatus::kPacket) positions.push_back(packet.data->pos);
  Bytes late(bytes.begin(), bytes.begin() + 3 * 188);  // the tables
  late.insert(late.end(), bytes.begin() + positions[5], bytes.end());
  return late;
}

TEST(MediaConverter, WaitsForTheFirstKeyFrame) {
  const Seen seen = convert(joined_late());
  ASSERT_EQ(seen.frames.size(), 30U);
  EXPECT_TRUE(seen.frames.front().key);
  EXPECT_THAT(of_type(seen.events, StreamEvent::Type::kDecodeError), IsEmpty());
}

TEST(MediaConverter, LeavesOutInEconomyWhatNoOtherPictureRefersTo) {
  const Bytes bytes = TestMedia("mpegts").add(TestVideo{.frames = 60, .gop = 12, .b_frames = 2}).bytes();
  const Seen full = convert(bytes);
  const Seen economy = convert(bytes, {.profile = Profile::kEconomy});
  EXPECT_EQ(full.frames.size(), 60U);
  EXPECT_GE(economy.frames.size(), 18U);
  EXPECT_LE(economy.frames.size(), 26U);
  EXPECT_THAT(economy.events, IsEmpty());
}

TEST(MediaConverter, DecodesKeyFramesAloneWhereThatIsAskedFor) {
  const Bytes bytes = TestMedia("mpegts").add(TestVideo{.frames = 60, .gop = 12}).bytes();
  const Seen seen = convert(bytes, {.profile = Profile::kKeyFrames});
  ASSERT_EQ(seen.frames.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_TRUE(seen.frames[i].key);
    EXPECT_NEAR(seen.frames[i].time.seconds(), 0.48 * static_cast<double>(i), 1e-4);
  }
  EXPECT_THAT(seen.events, IsEmpty());
}

TEST(MediaConverter, GivesTheSamePicturesWithSeveralThreads) {
  const Bytes bytes = TestMedia("matroska").add(TestVideo{.codec = "ffv1", .frames = 20}).bytes();
  const Seen one = convert(bytes);
  const Seen four = convert(bytes, {.threads = 4});
  ASSERT_EQ(one.frames.size(), four.frames.size());
  for (std::size_t i = 0; i < one.frames.size(); ++i) {
    EXPECT_EQ(one.frames[i].time, four.frames[i].time);
    const Plane& a = one.frames[i].planes[0];
    const Plane& b = four.frames[i].planes[0];
    for (int y = 0; y < a.height; ++y) {
      ASSERT_TRUE(std::equal(a.data + y * a.stride, a.data + y * a.stride + a.width, b.data + y * b.stride));
    }
  }
}

TEST(MediaConverter, KeepsAPictureAsLongAsItIsHeld) {
  Recorder recorder;
  run(TestMedia("mpegts")
          .add(TestVideo{.frames = 20, .paint = [](AVFrame& f, int n) { fill(f, 40 + 8 * n); }})
          .bytes(),
      recorder);
  ASSERT_EQ(recorder.seen.frames.size(), 20U);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_NEAR(recorder.seen.frames[i].planes[0].data[0], 40.0 + 8.0 * static_cast<double>(i), 3) << i;
  }
}

}  // namespace
}  // namespace monolens

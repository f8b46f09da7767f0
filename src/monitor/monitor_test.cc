#include "monitor/monitor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <numbers>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "media/testing/test_media.h"

namespace monolens {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

double tone(double t, double hz = 440) { return 0.1 * std::sin(2 * std::numbers::pi * hz * t); }

std::vector<ChosenDetector> choose(std::string_view list) {
  DetectorSet set;
  EXPECT_TRUE(set.choose(list));
  return set.chosen();
}

MonitorOptions options_for(const Bytes& bytes, std::string_view detectors = "all") {
  MonitorOptions options;
  options.source.url = "memory";
  options.source.bytes = memory_stream(bytes);
  options.detectors = choose(detectors);
  return options;
}

MonitorResult must_run(MonitorOptions options, const Monitor::OnEvent& on_event = {},
                       const Monitor::OnProgress& on_progress = {}) {
  auto monitor = Monitor::open(std::move(options));
  if (!monitor) throw std::runtime_error(monitor.error().message);
  auto result = (*monitor)->run(on_event, on_progress);
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

std::vector<std::string> kinds(const MonitorResult& result) {
  std::vector<std::string> kinds;
  for (const Incident& i : result.incidents) kinds.push_back(i.kind);
  return kinds;
}

void paint_motion(AVFrame& frame, int n) {
  for (int y = 0; y < frame.height; ++y) {
    for (int x = 0; x < frame.width; ++x) {
      frame.data[0][y * frame.linesize[0] + x] =
          static_cast<std::uint8_t>(40 + (7 * x + 3 * y + 11 * n) % 160);
    }
  }
  std::fill_n(frame.data[1], frame.linesize[1] * frame.height / 2, std::uint8_t{128});
  std::fill_n(frame.data[2], frame.linesize[2] * frame.height / 2, std::uint8_t{128});
}

// Ten seconds of motion and tone, black and silent from 3 s to 7 s.
Bytes interrupted_programme() {
  return TestMedia("mpegts")
      .add(TestVideo{.frames = 250,
                     .paint =
                         [](AVFrame& f, int n) {
                           if (n >= 75 && n < 175) {
                             fill(f, 16);
                           } else {
                             paint_motion(f, n);
                           }
                         }})
      .add(TestAudio{
          .seconds = 10,
          .sample = [](double t, int c) { return t >= 3 && t < 7 ? 0 : tone(t, c == 0 ? 440 : 550); }})
      .bytes();
}

TEST(Monitor, FindsWhatIsWrongAndSaysWhen) {
  const Bytes bytes = interrupted_programme();
  const MonitorResult result = must_run(options_for(bytes, "black,silence"));
  ASSERT_THAT(kinds(result), testing::UnorderedElementsAre("video.black", "audio.silence"));
  for (const Incident& i : result.incidents) {
    EXPECT_NEAR(i.start.seconds(), 3, 0.06) << i.kind;
    EXPECT_NEAR(i.end.value().seconds(), 7, 0.06) << i.kind;
    EXPECT_EQ(i.track, i.kind == "video.black" ? 0 : 1);
  }
  EXPECT_EQ(result.video_frames, 250U);
  EXPECT_NEAR(static_cast<double>(result.audio_samples), 480'000, 3'000);
  EXPECT_FALSE(result.interrupted);
  EXPECT_EQ(result.trouble, "");
}

TEST(Monitor, FindsNothingInMediaThatIsSound) {
  const Bytes bytes =
      TestMedia("mpegts")
          .add(TestVideo{.frames = 100, .b_frames = 2, .paint = paint_motion})
          .add(TestAudio{.seconds = 4, .sample = [](double t, int c) { return tone(t, c == 0 ? 440 : 550); }})
          .bytes();
  EXPECT_THAT(kinds(must_run(options_for(bytes, "all,-loudness"))), IsEmpty());
}

TEST(Monitor, TellsEventsTheMomentTheyAreKnown) {
  const Bytes bytes = interrupted_programme();
  std::vector<std::pair<IncidentEvent::Type, double>> told;
  must_run(options_for(bytes, "black"), [&](const InputInfo& input, const IncidentEvent& event) {
    EXPECT_EQ(input.url, "memory");
    EXPECT_EQ(event.incident->kind, "video.black");
    told.emplace_back(event.type, event.at.seconds());
  });
  ASSERT_GE(told.size(), 2U);
  EXPECT_EQ(told.front().first, IncidentEvent::Type::kOpen);
  EXPECT_NEAR(told.front().second, 5.0, 0.25) << "2 s after its beginning at 3 s, long before the end";
  EXPECT_EQ(told.back().first, IncidentEvent::Type::kClose);
  EXPECT_GE(told.back().second, 7.0);
  EXPECT_LT(told.back().second, 9.0);
}

TEST(Monitor, KeepsWhatWasAnalysedWhenItIsStopped) {
  const Bytes bytes = interrupted_programme();
  std::atomic<bool> stop = false;
  MonitorOptions options = options_for(bytes, "black");
  options.stop = &stop;
  const MonitorResult result =
      must_run(std::move(options), [&](const InputInfo&, const IncidentEvent& event) {
        if (event.type == IncidentEvent::Type::kOpen) stop = true;
      });
  EXPECT_TRUE(result.interrupted);
  EXPECT_GT(result.video_frames, 100U);
  EXPECT_LT(result.video_frames, 160U);
  ASSERT_THAT(kinds(result), ElementsAre("video.black"));
  EXPECT_NEAR(result.incidents[0].end.value().seconds(), 5.1, 0.3) << "it ends where the analysis does";
}

TEST(Monitor, ReportsItsProgress) {
  class Slow final : public ByteStream {
   public:
    explicit Slow(const Bytes& bytes) : bytes_(memory_stream(bytes)) {}
    int read(std::span<std::byte> to) override {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      return bytes_->read(to.first(std::min<std::size_t>(to.size(), 20'000)));
    }
    std::optional<std::uint64_t> seek(std::uint64_t at) override { return bytes_->seek(at); }
    std::optional<std::uint64_t> size() override { return bytes_->size(); }

   private:
    std::unique_ptr<ByteStream> bytes_;
  };
  const Bytes bytes = TestMedia("mpegts")
                          .add(TestVideo{.width = 256, .height = 256, .frames = 45, .paint = paint_motion})
                          .bytes();
  MonitorOptions options = options_for(bytes, "null");
  options.source.bytes = std::make_unique<Slow>(bytes);
  std::vector<Progress> seen;
  must_run(std::move(options), {}, [&](const Progress& p) { seen.push_back(p); });
  ASSERT_GE(seen.size(), 2U);
  EXPECT_LE(seen.size(), 10U) << "a few times a second, not each packet";
  for (std::size_t i = 1; i < seen.size(); ++i) {
    EXPECT_GT(seen[i].position, seen[i - 1].position);
    EXPECT_GT(seen[i].share.value(), seen[i - 1].share.value());
    EXPECT_LE(seen[i].share.value(), 1.0);
  }
}

TEST(Monitor, FailsWhereNothingCanBeDecoded) {
  Bytes bytes = TestMedia("mp4").add(TestVideo{.codec = "mpeg4"}).bytes();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto media = bytes.begin() + static_cast<std::ptrdiff_t>(text.find("mdat") + 4);
  const auto tables = bytes.begin() + static_cast<std::ptrdiff_t>(text.find("moov") - 4);
  std::fill(media, tables, std::byte{0});
  auto monitor = Monitor::open(options_for(bytes));
  ASSERT_TRUE(monitor) << monitor.error().message;
  auto result = (*monitor)->run({}, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kNotMedia);
  EXPECT_THAT(result.error().message, HasSubstr("memory: holds no decodable media"));
}

TEST(Monitor, FailsToOpenWhatIsNoMedia) {
  const Bytes bytes(5000, std::byte{'x'});
  auto monitor = Monitor::open(options_for(bytes));
  ASSERT_FALSE(monitor);
  EXPECT_EQ(monitor.error().code, ErrorCode::kNotMedia);
}

TEST(Monitor, WatchesEachAudioTrackByItself) {
  const auto sounding = [](double t, int c) { return tone(t, c == 0 ? 440 : 550); };
  const auto silent = [](double, int) { return 0.0; };
  const Bytes bytes = TestMedia("mpegts")
                          .add(TestVideo{.frames = 100, .paint = paint_motion})
                          .add(TestAudio{.seconds = 4, .language = "deu", .sample = sounding})
                          .add(TestAudio{.seconds = 4, .language = "fra", .sample = silent})
                          .add(TestAudio{.seconds = 4, .language = "ita", .sample = silent})
                          .bytes();
  const MonitorResult result = must_run(options_for(bytes, "silence"));
  ASSERT_THAT(kinds(result), ElementsAre("audio.silence", "audio.silence"));
  EXPECT_EQ(result.input.tracks[static_cast<std::size_t>(result.incidents[0].track)].language, "fra");
  EXPECT_EQ(result.input.tracks[static_cast<std::size_t>(result.incidents[1].track)].language, "ita");
  EXPECT_NE(result.incidents[0].id, result.incidents[1].id);
}

TEST(Monitor, MeasuresTheFirstAudioTrack) {
  // EBU Tech 3341, case 1: a stereo sine of 1000 Hz at −23 dBFS is −23 LUFS.
  const double level = std::pow(10.0, -23.0 / 20);
  const Bytes bytes = TestMedia("wav")
                          .add(TestAudio{.codec = "pcm_s16le",
                                         .seconds = 5,
                                         .sample = [&](double t, int) { return level * 10 * tone(t, 1000); }})
                          .bytes();
  const MonitorResult result = must_run(options_for(bytes));
  EXPECT_NEAR(result.integrated_loudness_lufs.value(), -23.0, 0.1);
  EXPECT_NEAR(result.true_peak_dbtp.value(), -23.0, 0.2);
  EXPECT_EQ(result.audio_samples, 240'000U);
  EXPECT_EQ(result.video_frames, 0U);
}

TEST(Monitor, LeavesMeasuresUnknownWhereThereIsNoSound) {
  const Bytes bytes = TestMedia("mpegts").add(TestVideo{}).bytes();
  const MonitorResult result = must_run(options_for(bytes));
  EXPECT_EQ(result.integrated_loudness_lufs, std::nullopt);
  EXPECT_EQ(result.true_peak_dbtp, std::nullopt);
}

TEST(Monitor, DrawsTheCurves) {
  const Bytes bytes = interrupted_programme();
  const MonitorResult result = must_run(options_for(bytes));
  const MediaDuration step = result.curves.step();
  EXPECT_EQ(step, MediaDuration::milliseconds(100));
  const std::vector<double> luma = result.curves.luma.points(step);
  ASSERT_EQ(luma.size(), 100U);
  EXPECT_NEAR(luma[50], 16, 2);
  EXPECT_GT(luma[10], 80);
  EXPECT_GT(result.curves.motion.points(step)[10], 5);
  EXPECT_LT(result.curves.motion.points(step)[50], 1);
  EXPECT_GT(result.curves.loudness_lufs.points(step)[20], -40);
}

TEST(Monitor, KeepsAPictureOfEachIncidentUnlessItIsToldNotTo) {
  const Bytes bytes = interrupted_programme();
  const MonitorResult with = must_run(options_for(bytes, "black"));
  ASSERT_EQ(with.incidents.size(), 1U);
  const std::vector<std::uint8_t>& jpeg = with.incidents[0].evidence.jpeg;
  ASSERT_GT(jpeg.size(), 100U);
  EXPECT_EQ(jpeg[0], 0xff);
  EXPECT_EQ(jpeg[1], 0xd8);

  MonitorOptions without = options_for(bytes, "black");
  without.evidence = false;
  EXPECT_THAT(must_run(std::move(without)).incidents[0].evidence.jpeg, IsEmpty());
}

// A second of black and a second of motion in turn, as fast as `black` can be told to look.
TEST(Monitor, KeepsNoMoreThanAHundredPictures) {
  const Bytes bytes = TestMedia("mpegts")
                          .add(TestVideo{.width = 32,
                                         .height = 32,
                                         .frames = 120 * 20,
                                         .paint =
                                             [](AVFrame& f, int n) {
                                               if (n % 20 < 10) {
                                                 fill(f, 16);
                                               } else {
                                                 paint_motion(f, n);
                                               }
                                             }})
                          .bytes();
  DetectorSet set;
  ASSERT_TRUE(set.choose("black"));
  ASSERT_TRUE(set.set("black", "duration_s", 0.2));
  MonitorOptions options = options_for(bytes);
  options.detectors = set.chosen();
  const MonitorResult result = must_run(std::move(options));
  EXPECT_EQ(result.incidents.size(), 120U);
  const auto pictures = std::count_if(result.incidents.begin(), result.incidents.end(),
                                      [](const Incident& i) { return !i.evidence.jpeg.empty(); });
  EXPECT_EQ(pictures, 100);
}

TEST(Monitor, CountsTheTimeThatItTook) {
  const Bytes bytes = interrupted_programme();
  for (const int threads : {1, 2}) {
    MonitorOptions options = options_for(bytes);
    options.converter.threads = threads;
    const MonitorResult result = must_run(std::move(options));
    EXPECT_GT(result.cpu_s, 0.001);
    EXPECT_GT(result.wall_s, 0.001);
    EXPECT_LE(result.cpu_s, result.wall_s * threads * 1.05);
  }
}

TEST(Monitor, GivesTheSameInputTheSameIncidents) {
  const Bytes bytes = interrupted_programme();
  const MonitorResult first = must_run(options_for(bytes));
  const MonitorResult second = must_run(options_for(bytes));
  ASSERT_EQ(first.incidents.size(), second.incidents.size());
  ASSERT_FALSE(first.incidents.empty());
  for (std::size_t i = 0; i < first.incidents.size(); ++i) {
    EXPECT_EQ(first.incidents[i].id, second.incidents[i].id);
    EXPECT_EQ(first.incidents[i].start, second.incidents[i].start);
  }
}

TEST(Monitor, TellsASourceThatBreaksOff) {
  class Breaking final : public ByteStream {
   public:
    explicit Breaking(const Bytes& bytes) : bytes_(memory_stream(bytes)) {}
    int read(std::span<std::byte> to) override {
      const int n = bytes_->read(to);
      return n == kEnd ? kFailed : n;
    }
    std::optional<std::uint64_t> seek(std::uint64_t) override { return std::nullopt; }
    std::optional<std::uint64_t> size() override { return std::nullopt; }
    std::string error() const override { return "the cable was pulled"; }

   private:
    std::unique_ptr<ByteStream> bytes_;
  };
  const Bytes bytes = interrupted_programme();
  MonitorOptions options = options_for(bytes, "stalled");
  options.source.bytes = std::make_unique<Breaking>(bytes);
  const MonitorResult result = must_run(std::move(options));
  EXPECT_EQ(result.trouble, "the cable was pulled");
  EXPECT_THAT(kinds(result), ElementsAre("transport.stalled"));
  EXPECT_NEAR(result.incidents[0].start.seconds(), 10, 0.1);
}

}  // namespace
}  // namespace monolens

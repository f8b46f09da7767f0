#include "media/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/testing/temporary_folder.h"
#include "media/testing/http_server.h"
#include "media/testing/test_media.h"

namespace monolens {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

std::string text_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Bytes bytes_of(std::string_view text) {
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

// Ends the test where the source can't be opened.
std::unique_ptr<Source> must_open(const Bytes& bytes, std::optional<int> program = {}) {
  auto source = open_source(bytes, program);
  if (!source) throw std::runtime_error(source.error().message);
  return std::move(*source);
}

class Files : public testing::Test {
 protected:
  std::string write(const std::string& name, std::string_view content) const {
    const std::string path = folder_.at(name);
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  static Error error_of(const std::string& url, milliseconds timeout = milliseconds(5000)) {
    SourceOptions options;
    options.url = url;
    options.timeout = timeout;
    auto source = Source::open(std::move(options));
    return source ? Error{ErrorCode::kInternal, "it was opened"} : source.error();
  }

  TemporaryFolder folder_;
};

TEST_F(Files, ThatCanNotBeAnalysedAreToldApart) {
  const struct {
    std::string url;
    ErrorCode code;
    std::string_view message;
  } rows[] = {
      {folder_.at("none.ts"), ErrorCode::kNotFound, "none.ts: no such file"},
      {folder_.path().string(), ErrorCode::kNotMedia, ": is a directory"},
      {write("empty.ts", ""), ErrorCode::kNotMedia, "empty.ts: is empty"},
      {write("notes.ts", "a text of some length, which no demuxer takes for media\n"), ErrorCode::kNotMedia,
       "notes.ts: not media that can be decoded"},
      {"gopher://host/clip", ErrorCode::kRefused, "gopher is not accepted as a scheme"},
      {"", ErrorCode::kUsage, "empty"},
  };
  for (const auto& row : rows) {
    const Error error = error_of(row.url);
    EXPECT_EQ(error.code, row.code) << error.message;
    EXPECT_THAT(error.message, HasSubstr(row.message));
  }
}

TEST_F(Files, WithoutPermissionAreUnreadable) {
  const std::string path = write("secret.ts", "x");
  chmod(path.c_str(), 0);
  if (access(path.c_str(), R_OK) == 0) GTEST_SKIP() << "this user reads everything";
  const Error error = error_of(path);
  EXPECT_EQ(error.code, ErrorCode::kUnreadable);
  EXPECT_THAT(error.message, HasSubstr("permission denied"));
}

TEST_F(Files, ThatADemuxerCanNotReadNameItsReason) {
  Bytes mp4 = TestMedia("mp4").add(TestVideo{.codec = "mpeg4"}).bytes();
  const std::string path = write("cut.mp4", text_of(mp4).substr(0, mp4.size() / 2));
  const Error error = error_of(path);
  EXPECT_EQ(error.code, ErrorCode::kNotMedia);
  EXPECT_EQ(error.message, path + ": not media that can be decoded (moov atom not found)");
}

TEST_F(Files, OfAPlaylistAreReadBeneathItsFolderAlone) {
  const std::string segment = text_of(TestMedia("mpegts").add(TestVideo{}).bytes());
  fs::create_directory(folder_.at("play"));
  write("play/seg.ts", segment);
  write("secret.ts", segment);
  const auto playlist = [](const std::string& entry) {
    return "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + entry + "\n#EXT-X-ENDLIST\n";
  };
  EXPECT_EQ(error_of(write("play/inside.m3u8", playlist("seg.ts"))).message, "it was opened");
  const Error error = error_of(write("play/outside.m3u8", playlist("../secret.ts")));
  EXPECT_EQ(error.code, ErrorCode::kRefused);
  EXPECT_THAT(error.message, HasSubstr("beneath its own folder only"));
}

TEST(Source, DescribesTheTracksThatItAnalyses) {
  const Bytes bytes = TestMedia("mpegts")
                          .add(TestAudio{.sample_rate = 44100, .channels = 1, .language = "deu"})
                          .add(TestVideo{.width = 64, .height = 48, .fps = 30, .frames = 60})
                          .add(TestAudio{.language = "fra"})
                          .bytes();
  const auto source = must_open(bytes);
  EXPECT_EQ(source->info().url, "memory");
  EXPECT_EQ(source->info().format, "mpegts");
  ASSERT_EQ(source->info().tracks.size(), 3U);
  const TrackInfo& video = source->info().tracks[0];
  EXPECT_EQ(video.type, TrackType::kVideo);
  EXPECT_EQ(video.codec, "mpeg2video");
  EXPECT_EQ(std::pair(video.width, video.height), std::pair(64, 48));
  EXPECT_DOUBLE_EQ(video.fps, 30);
  EXPECT_EQ(video.pixel_format, "yuv420p");
  EXPECT_EQ(video.id, 257);
  const TrackInfo& german = source->info().tracks[1];
  EXPECT_EQ(german.type, TrackType::kAudio);
  EXPECT_EQ(german.codec, "mp2");
  EXPECT_EQ(german.language, "deu");
  EXPECT_EQ(std::pair(german.sample_rate, german.channels), std::pair(44100, 1));
  EXPECT_EQ(german.index, 0);
  EXPECT_EQ(german.id, 256);
  EXPECT_EQ(source->info().tracks[2].language, "fra");
  EXPECT_EQ(source->info().tracks[2].index, 1);
}

TEST(Source, YieldsEveryPacketOfItsTracksAndThenTheEnd) {
  const Bytes bytes = TestMedia("mpegts").add(TestVideo{.frames = 30}).add(TestAudio{}).bytes();
  const auto source = must_open(bytes);
  EXPECT_LT(source->progress().value(), 1.0);
  Packet packet;
  int video = 0;
  int audio = 0;
  while (source->read(packet) == ReadStatus::kPacket) {
    EXPECT_TRUE(packet.transport.empty());
    ++(packet.track == 0 ? video : audio);
  }
  EXPECT_EQ(video, 30);
  EXPECT_GT(audio, 0);
  EXPECT_EQ(source->read(packet), ReadStatus::kEnd);
  EXPECT_EQ(packet.track, -1);
  EXPECT_EQ(source->progress(), 1.0);
}

TEST(Source, CountsFromItsEarliestTrack) {
  const Bytes bytes = TestMedia("mp4")
                          .add(TestVideo{.codec = "mpeg4", .start_s = 0.4})
                          .add(TestAudio{.codec = "aac", .format = AV_SAMPLE_FMT_FLTP, .start_s = 0.2})
                          .bytes();
  const auto source = must_open(bytes);
  ASSERT_TRUE(source->origin());
  EXPECT_NEAR(source->origin()->seconds(), 0.2, 0.025);
}

TEST(Source, KnowsWhichContainersTimestampsMayJump) {
  EXPECT_TRUE(must_open(TestMedia("mpegts").add(TestVideo{}).bytes())->timestamps_may_jump());
  const Bytes mp4 = TestMedia("mp4").add(TestVideo{.codec = "mpeg4"}).bytes();
  EXPECT_FALSE(must_open(mp4)->timestamps_may_jump());
}

class Programs : public testing::Test {
 protected:
  Bytes bytes_ = TestMedia("mpegts")
                     .add(TestVideo{.width = 64, .program = 7})
                     .add(TestAudio{.program = 7, .language = "deu"})
                     .add(TestVideo{.width = 96, .program = 9})
                     .add(TestAudio{.program = 9, .language = "fra"})
                     .bytes();
};

TEST_F(Programs, AreChosenByTheLargestPictureAndBringTheirOwnSound) {
  const auto source = must_open(bytes_);
  EXPECT_EQ(source->info().program, 9);
  ASSERT_EQ(source->info().tracks.size(), 2U);
  EXPECT_EQ(source->info().tracks[0].width, 96);
  EXPECT_EQ(source->info().tracks[1].language, "fra");
  Packet packet;
  while (source->read(packet) == ReadStatus::kPacket) EXPECT_LT(packet.track, 2);
}

TEST_F(Programs, AreChosenByNumber) {
  const auto source = must_open(bytes_, 7);
  EXPECT_EQ(source->info().program, 7);
  EXPECT_EQ(source->info().tracks[0].width, 64);
  EXPECT_EQ(source->info().tracks[1].language, "deu");
}

TEST_F(Programs, ThatAreNotThereAreAnsweredWithThoseThatAre) {
  auto source = open_source(bytes_, 8);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, ErrorCode::kUsage);
  EXPECT_EQ(source.error().message, "memory: no program 8; there are 7, 9");
}

TEST_F(Programs, AreUnknownToOtherContainers) {
  const Bytes mp4 = TestMedia("mp4").add(TestVideo{.codec = "mpeg4"}).bytes();
  auto source = open_source(mp4, 1);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().message, "memory: no program 1: the input has no programs");
}

TEST(Source, DoesNotTakeAnAttachedPictureForVideo) {
  const Bytes bytes =
      TestMedia("mp4")
          .add(TestAudio{.codec = "aac", .format = AV_SAMPLE_FMT_FLTP})
          .add(TestVideo{
              .codec = "mjpeg", .format = AV_PIX_FMT_YUVJ420P, .frames = 1, .attached_picture = true})
          .bytes();
  const auto source = must_open(bytes);
  ASSERT_EQ(source->info().tracks.size(), 1U);
  EXPECT_EQ(source->info().tracks[0].type, TrackType::kAudio);
}

TEST(Source, SaysHowAPlayerTurnsThePicture) {
  for (const int degrees : {90, 180, 270}) {
    const Bytes bytes = TestMedia("mp4").add(TestVideo{.codec = "mpeg4", .rotation = degrees}).bytes();
    EXPECT_EQ(must_open(bytes)->info().tracks[0].rotation, degrees);
  }
  EXPECT_EQ(must_open(TestMedia("mp4").add(TestVideo{.codec = "mpeg4"}).bytes())->info().tracks[0].rotation,
            0);
}

TEST(Source, TellsDamageWithThePacketThatFollowsIt) {
  Bytes bytes = TestMedia("mpegts").add(TestVideo{.frames = 50}).bytes();
  const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 188 / 2 * 188);
  bytes.erase(at, at + 3 * 188);
  const auto source = must_open(bytes);
  Packet packet;
  int before = 0;
  while (source->read(packet) == ReadStatus::kPacket && packet.transport.empty()) ++before;
  EXPECT_GT(before, 10);
  EXPECT_LT(before, 40);
  ASSERT_FALSE(packet.transport.empty());
  EXPECT_EQ(packet.transport[0].type, StreamEvent::Type::kContinuity);
  EXPECT_GE(packet.transport[0].count, 1U);
}

TEST(Source, TellsWhyTheBytesBrokeOff) {
  class Breaking final : public ByteStream {
   public:
    explicit Breaking(std::span<const std::byte> bytes) : bytes_(memory_stream(bytes)) {}
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
  const Bytes bytes = TestMedia("mpegts").add(TestVideo{.frames = 200, .b_frames = 2}).bytes();
  SourceOptions options;
  options.url = "memory";
  options.bytes = std::make_unique<Breaking>(bytes);
  auto source = Source::open(std::move(options));
  ASSERT_TRUE(source) << source.error().message;
  Packet packet;
  ReadStatus status = ReadStatus::kPacket;
  while (status == ReadStatus::kPacket) status = (*source)->read(packet);
  EXPECT_EQ(status, ReadStatus::kBroken);
  EXPECT_EQ((*source)->error(), "the cable was pulled");
  EXPECT_EQ((*source)->progress(), std::nullopt);
}

TEST(Source, GivesUpOnAServerThatNeverAnswers) {
  const HttpServer server({});
  SourceOptions options;
  options.url = server.url("/live.ts");
  options.timeout = milliseconds(300);
  const auto before = Deadline::Clock::now();
  auto source = Source::open(std::move(options));
  EXPECT_LT(Deadline::Clock::now() - before, milliseconds(3000));
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, ErrorCode::kTimeout);
  EXPECT_THAT(source.error().message, HasSubstr("no answer within 0.3 s"));
}

TEST(Source, GivesUpOnAServerThatStopsSending) {
  const std::string media = text_of(TestMedia("mpegts").add(TestVideo{.frames = 500}).bytes());
  const HttpServer server(HttpServer::Answers{
      {"/list.m3u8", HttpServer::ok("application/vnd.apple.mpegurl",
                                    "#EXTM3U\n#EXT-X-TARGETDURATION:20\n#EXTINF:20,\n/seg.ts\n"
                                    "#EXTINF:20,\n/never.ts\n#EXT-X-ENDLIST\n")},
      {"/seg.ts", HttpServer::ok("video/mp2t", media)}});
  SourceOptions options;
  options.url = server.url("/list.m3u8");
  options.timeout = milliseconds(500);
  auto source = Source::open(std::move(options));
  ASSERT_TRUE(source) << source.error().message;
  Packet packet;
  ReadStatus status = ReadStatus::kPacket;
  int packets = 0;
  while (status == ReadStatus::kPacket) {
    status = (*source)->read(packet);
    if (status == ReadStatus::kPacket) ++packets;
  }
  EXPECT_EQ(packets, 500);
  EXPECT_EQ(status, ReadStatus::kStalled);
  EXPECT_EQ((*source)->error(), "timed out: no data for 0.5 s");
}

std::string playlist_of(const std::vector<std::string>& names, std::string_view end = "#EXT-X-ENDLIST\n") {
  std::string text = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n";
  for (const std::string& name : names) text += "#EXTINF:1,\n" + name + "\n";
  return HttpServer::ok("application/vnd.apple.mpegurl", text.append(end));
}

struct Watched {
  int packets = 0;
  ReadStatus status = ReadStatus::kPacket;
  std::string error;
  std::vector<StreamEvent> events;

  std::vector<StreamEvent> of(StreamEvent::Type type) const {
    std::vector<StreamEvent> some;
    std::copy_if(events.begin(), events.end(), std::back_inserter(some),
                 [type](const StreamEvent& e) { return e.type == type; });
    return some;
  }
};

Watched read_all(const std::string& url) {
  Watched watched;
  auto source =
      Source::open({.url = url, .timeout = milliseconds(1'000), .on_event = [&](const StreamEvent& e) {
                      watched.events.push_back(e);
                    }});
  if (!source) throw std::runtime_error(source.error().message);
  Packet packet;
  while ((watched.status = (*source)->read(packet)) == ReadStatus::kPacket) ++watched.packets;
  watched.error = (*source)->error();
  return watched;
}

TEST(Source, TellsWhichSegmentsOfAPlaylistAreMissingOrBreakOff) {
  using Type = StreamEvent::Type;
  const std::string media = text_of(TestMedia("mpegts").add(TestVideo{.frames = 25}).bytes());
  const std::string whole = HttpServer::ok("video/mp2t", media);
  const HttpServer server(HttpServer::Answers{
      {"/list.m3u8", playlist_of({"/a.ts", "/gone.ts?token=1", "/cut.ts", "/b.ts"})},
      {"/a.ts", whole},
      {"/gone.ts?token=1", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"},
      {"/cut.ts", whole.substr(0, whole.size() - media.size() + 188 * 4)},
      {"/b.ts", whole}});
  const Watched watched = read_all(server.url("/list.m3u8"));
  EXPECT_EQ(watched.status, ReadStatus::kEnd);
  EXPECT_GE(watched.packets, 50);
  const auto missing = watched.of(Type::kSegmentMissing);
  ASSERT_EQ(missing.size(), 2U);
  EXPECT_EQ(missing[0].detail, "segment gone.ts: Server returned 404 Not Found");
  EXPECT_EQ(missing[1].detail, "segment cut.ts: it breaks off after 752 bytes");
  const auto fetched = watched.of(Type::kSegmentFetched);
  ASSERT_EQ(fetched.size(), 2U);
  EXPECT_EQ(fetched[0].detail, "a.ts");
  EXPECT_EQ(fetched[0].span, MediaDuration::milliseconds(1'000));
  EXPECT_GT(fetched[0].length, MediaDuration());
}

TEST(Source, TellsWhileItWaitsThatAPlaylistDoesNotGrow) {
  const std::string media = text_of(TestMedia("mpegts").add(TestVideo{.frames = 25}).bytes());
  const HttpServer server(HttpServer::Answers{{"/live.m3u8", playlist_of({"/a.ts"}, "")},
                                              {"/a.ts", HttpServer::ok("video/mp2t", media)}});
  const auto began = Deadline::Clock::now();
  const Watched watched = read_all(server.url("/live.m3u8"));
  EXPECT_EQ(watched.status, ReadStatus::kStalled);
  const auto stale = watched.of(StreamEvent::Type::kPlaylistStale);
  ASSERT_EQ(stale.size(), 1U);
  EXPECT_THAT(stale[0].detail, HasSubstr("the playlist live.m3u8 has not changed for 1."));
  EXPECT_THAT(watched.error, HasSubstr("has not changed for"));
  // Twice the target duration is longer than the timeout that was asked for.
  EXPECT_GE(Deadline::Clock::now() - began, milliseconds(1'900));
  EXPECT_LT(Deadline::Clock::now() - began, milliseconds(6'000));
}

TEST(Source, FollowsAPlaylistThatWasMoved) {
  const std::string media = text_of(TestMedia("mpegts").add(TestVideo{.frames = 25}).bytes());
  const std::string master = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nold/list.m3u8\n";
  const HttpServer server(
      HttpServer::Answers{{"/all.m3u8", HttpServer::ok("application/vnd.apple.mpegurl", master)},
                          {"/old/list.m3u8", HttpServer::redirect("/new/list.m3u8")},
                          {"/new/list.m3u8", playlist_of({"a.ts"})},
                          {"/new/a.ts", HttpServer::ok("video/mp2t", media)}});
  const Watched watched = read_all(server.url("/all.m3u8"));
  EXPECT_EQ(watched.packets, 25);
  EXPECT_EQ(watched.of(StreamEvent::Type::kSegmentFetched).size(), 1U);
}

TEST(Source, StopsWhenItIsAskedTo) {
  const Bytes bytes = TestMedia("mpegts").add(TestVideo{}).bytes();
  std::atomic<bool> stop = false;
  SourceOptions options;
  options.url = "memory";
  options.stop = &stop;
  options.bytes = memory_stream(bytes);
  auto source = Source::open(std::move(options));
  ASSERT_TRUE(source) << source.error().message;
  const HttpServer server({});
  stop = true;
  SourceOptions never;
  never.url = server.url("/");
  never.timeout = milliseconds(0);
  never.stop = &stop;
  auto interrupted = Source::open(std::move(never));
  ASSERT_FALSE(interrupted);
  EXPECT_EQ(interrupted.error().code, ErrorCode::kInterrupted);
}

// Bytes have no folder and no host: nothing that stands in them may reach for either.
class MemoryPlaylist : public Files {
 protected:
  static Error error_of_playlist(const std::string& entry) {
    const Bytes bytes =
        bytes_of("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + entry + "\n#EXT-X-ENDLIST\n");
    auto source = open_source(bytes);
    return source ? Error{ErrorCode::kInternal, "it was opened"} : source.error();
  }
};

TEST_F(MemoryPlaylist, CanNotOpenAFile) {
  const std::string path = write("seg.ts", text_of(TestMedia("mpegts").add(TestVideo{}).bytes()));
  const fs::path before = fs::current_path();
  fs::current_path(folder_.path());
  for (const std::string& entry : {std::string("seg.ts"), path, "file:" + path, "crypto:" + path}) {
    const Error error = error_of_playlist(entry);
    EXPECT_EQ(error.code, ErrorCode::kRefused) << entry << ": " << error.message;
  }
  fs::current_path(before);
}

TEST_F(MemoryPlaylist, CanNotReachTheNetwork) {
  const HttpServer server(HttpServer::Answers{
      {"/seg.ts", HttpServer::ok("video/mp2t", text_of(TestMedia("mpegts").add(TestVideo{}).bytes()))}});
  const Error error = error_of_playlist(server.url("/seg.ts"));
  EXPECT_EQ(error.code, ErrorCode::kRefused) << error.message;
  EXPECT_EQ(server.requests(), 0);
}

TEST_F(MemoryPlaylist, CanNotListenThroughASessionDescription) {
  const Bytes bytes = bytes_of(
      "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40404 RTP/AVP 0\r\n");
  auto source = open_source(bytes);
  EXPECT_FALSE(source);
}

}  // namespace
}  // namespace monolens

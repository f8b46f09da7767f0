#include "media/byte_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include "base/testing/temporary_folder.h"
#include "media/testing/http_server.h"

namespace monolens {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

// Reads at most `most` bytes; the status stands in brackets where it is not a number of bytes.
std::string read(ByteStream& stream, std::size_t most) {
  std::string text(most, '\0');
  const int n = stream.read(std::as_writable_bytes(std::span(text)));
  switch (n) {
    case ByteStream::kEnd:
      return "[end]";
    case ByteStream::kTimeout:
      return "[timeout]";
    case ByteStream::kFailed:
      return "[failed]";
    default:
      return text.substr(0, static_cast<std::size_t>(n));
  }
}

class Pipe : public testing::Test {
 protected:
  Pipe() { EXPECT_EQ(pipe(ends_.data()), 0); }
  ~Pipe() override {
    close(ends_[0]);
    close_writer();
  }
  void write(std::string_view text) const {
    EXPECT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void close_writer() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }

  std::array<int, 2> ends_{};
};

TEST(MemoryStream, GivesItsBytesAndThenTheEnd) {
  const auto stream = memory_stream(bytes_of("abcde"));
  EXPECT_EQ(read(*stream, 3), "abc");
  EXPECT_EQ(read(*stream, 3), "de");
  EXPECT_EQ(read(*stream, 3), "[end]");
  EXPECT_EQ(stream->size(), 5U);
}

TEST(MemoryStream, SeeksWithinItsBytes) {
  const auto stream = memory_stream(bytes_of("abcde"));
  EXPECT_EQ(stream->seek(3), 3U);
  EXPECT_EQ(read(*stream, 9), "de");
  EXPECT_EQ(stream->seek(0), 0U);
  EXPECT_EQ(read(*stream, 1), "a");
  EXPECT_EQ(stream->seek(99), 5U);
  EXPECT_EQ(read(*stream, 1), "[end]");
}

TEST_F(Pipe, GivesWhatIsThereAndTheEndWhenTheWriterIsGone) {
  const Deadline deadline(milliseconds(0), nullptr);
  const auto stream = descriptor_stream(ends_[0], deadline);
  write("abc");
  EXPECT_EQ(read(*stream, 99), "abc");
  close_writer();
  EXPECT_EQ(read(*stream, 99), "[end]");
}

TEST_F(Pipe, CanNotSeekAndHasNoSize) {
  const Deadline deadline(milliseconds(0), nullptr);
  const auto stream = descriptor_stream(ends_[0], deadline);
  EXPECT_EQ(stream->seek(0), std::nullopt);
  EXPECT_EQ(stream->size(), std::nullopt);
}

TEST_F(Pipe, WaitsNoLongerThanTheDeadline) {
  Deadline deadline(milliseconds(50), nullptr);
  const auto stream = descriptor_stream(ends_[0], deadline);
  deadline.restart();
  EXPECT_EQ(read(*stream, 1), "[timeout]");
  EXPECT_TRUE(deadline.expired());
}

TEST_F(Pipe, StopsWhenItIsAskedTo) {
  const std::atomic<bool> stop = true;
  const Deadline deadline(milliseconds(0), &stop);
  const auto stream = descriptor_stream(ends_[0], deadline);
  write("abc");
  EXPECT_EQ(read(*stream, 1), "[timeout]");
}

TEST(DescriptorStream, FailsWithTheSystemsReason) {
  const Deadline deadline(milliseconds(0), nullptr);
  const auto closed = descriptor_stream(1'000'000, deadline);
  EXPECT_EQ(read(*closed, 1), "[failed]");
  EXPECT_EQ(closed->error(), "Bad file descriptor");
}

class File : public testing::Test {
 protected:
  File() { std::ofstream(folder_.at("clip")) << "abcde"; }

  TemporaryFolder folder_;
  Deadline deadline_{milliseconds(0), nullptr};
};

TEST_F(File, IsReadAndSought) {
  auto stream = protocol_stream("file:" + folder_.at("clip"), "file", deadline_);
  ASSERT_TRUE(stream) << stream.error().message;
  EXPECT_EQ(read(**stream, 9), "abcde");
  EXPECT_EQ(read(**stream, 9), "[end]");
  EXPECT_EQ((*stream)->size(), 5U);
  EXPECT_EQ((*stream)->seek(2), 2U);
  EXPECT_EQ(read(**stream, 9), "cde");
  EXPECT_EQ((*stream)->location(), "");
}

TEST_F(File, ThatIsNotThereIsNotFound) {
  auto stream = protocol_stream("file:" + folder_.at("none"), "file", deadline_);
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(stream.error().message, HasSubstr("none: No such file or directory"));
}

TEST_F(File, IsNotOpenedWhereTheWhitelistHasNoFiles) {
  EXPECT_FALSE(protocol_stream("file:" + folder_.at("clip"), "http,tcp", deadline_));
}

TEST(HttpStream, KnowsWhereItWasRedirectedTo) {
  const HttpServer server(HttpServer::Answers{{"/a", HttpServer::redirect("/b/clip")},
                                              {"/b/clip", HttpServer::ok("text/plain", "abc")}});
  Deadline deadline(milliseconds(5000), nullptr);
  auto stream = protocol_stream(server.url("/a"), "http,tcp", deadline);
  ASSERT_TRUE(stream) << stream.error().message;
  EXPECT_EQ((*stream)->location(), server.url("/b/clip"));
  EXPECT_EQ(read(**stream, 9), "abc");
}

TEST(HttpStream, TellsA404) {
  const HttpServer server(HttpServer::Answers{
      {"/a", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"}});
  Deadline deadline(milliseconds(5000), nullptr);
  auto stream = protocol_stream(server.url("/a"), "http,tcp", deadline);
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().code, ErrorCode::kNotFound);
}

TEST(HttpStream, GivesUpOnAServerThatNeverAnswers) {
  const HttpServer server({});
  Deadline deadline(milliseconds(300), nullptr);
  const auto before = Deadline::Clock::now();
  auto stream = protocol_stream(server.url("/?token=abc"), "http,tcp", deadline);
  EXPECT_LT(Deadline::Clock::now() - before, milliseconds(3000));
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(stream.error().message, server.url("/?token=***") + ": timed out: no answer within 0.3 s");
}

TEST(HttpStream, StopsWaitingWhenItIsAskedTo) {
  const HttpServer server({});
  const std::atomic<bool> stop = true;
  Deadline deadline(milliseconds(0), &stop);
  auto stream = protocol_stream(server.url("/"), "http,tcp", deadline);
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().code, ErrorCode::kInterrupted);
}

}  // namespace
}  // namespace monolens

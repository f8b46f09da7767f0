#include "media/byte_stream.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "media/av.h"
#include "media/interrupt.h"
#include "media/url_policy.h"

namespace monolens {
namespace {

class MemoryStream final : public ByteStream {
 public:
  explicit MemoryStream(std::span<const std::byte> bytes) : bytes_(bytes) {}

  int read(std::span<std::byte> to) override {
    const std::size_t n = std::min(to.size(), bytes_.size() - position_);
    if (n == 0) return kEnd;
    std::memcpy(to.data(), bytes_.data() + position_, n);
    position_ += n;
    return static_cast<int>(n);
  }
  std::optional<std::uint64_t> seek(std::uint64_t position) override {
    position_ = std::min<std::size_t>(position, bytes_.size());
    return position_;
  }
  std::optional<std::uint64_t> size() override { return bytes_.size(); }

 private:
  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
};

class DescriptorStream final : public ByteStream {
 public:
  DescriptorStream(int fd, const Deadline& deadline) : fd_(fd), deadline_(deadline) {}

  int read(std::span<std::byte> to) override {
    constexpr int kPollMs = 100;
    while (!deadline_.stopped() && !deadline_.expired()) {
      pollfd ready{fd_, POLLIN, 0};
      if (poll(&ready, 1, kPollMs) == 0) continue;
      const ssize_t n = ::read(fd_, to.data(), to.size());
      if (n >= 0) return static_cast<int>(n);
      if (errno == EINTR || errno == EAGAIN) continue;
      error_ = std::strerror(errno);
      return kFailed;
    }
    return kTimeout;
  }
  std::optional<std::uint64_t> seek(std::uint64_t) override { return std::nullopt; }
  std::optional<std::uint64_t> size() override { return std::nullopt; }
  std::string error() const override { return error_; }

 private:
  int fd_;
  const Deadline& deadline_;
  std::string error_;
};

class ProtocolStream final : public ByteStream {
 public:
  ProtocolStream(AVIOContext* io, Deadline& deadline) : io_(io), deadline_(deadline) {}
  ~ProtocolStream() override { avio_closep(&io_); }
  ProtocolStream(const ProtocolStream&) = delete;
  ProtocolStream& operator=(const ProtocolStream&) = delete;

  int read(std::span<std::byte> to) override {
    const int n =
        avio_read_partial(io_, reinterpret_cast<unsigned char*>(to.data()), static_cast<int>(to.size()));
    if (n > 0) return n;
    if (n == AVERROR_EOF || n == 0) return kEnd;
    if (n == AVERROR_EXIT) return kTimeout;
    error_ = av::error_text(n);
    return kFailed;
  }
  std::optional<std::uint64_t> seek(std::uint64_t position) override {
    if ((io_->seekable & AVIO_SEEKABLE_NORMAL) == 0) return std::nullopt;
    // A new request of its own: libavformat also goes back to the start after a read that timed out.
    deadline_.restart();
    const std::int64_t at = avio_seek(io_, static_cast<std::int64_t>(position), SEEK_SET);
    if (at < 0) return std::nullopt;
    return static_cast<std::uint64_t>(at);
  }
  std::optional<std::uint64_t> size() override {
    const std::int64_t n = avio_size(io_);
    if (n < 0) return std::nullopt;
    return static_cast<std::uint64_t>(n);
  }
  std::string error() const override { return error_; }
  std::string location() const override { return av::location_of(io_); }

 private:
  AVIOContext* io_;
  Deadline& deadline_;
  std::string error_;
};

ErrorCode code_of(int averror, const Deadline& deadline) {
  switch (averror) {
    case AVERROR(ENOENT):
    case AVERROR_HTTP_NOT_FOUND:
      return ErrorCode::kNotFound;
    case AVERROR_EXIT:
      return deadline.stopped() ? ErrorCode::kInterrupted : ErrorCode::kTimeout;
    case AVERROR_PROTOCOL_NOT_FOUND:
      return ErrorCode::kRefused;
    default:
      return ErrorCode::kUnreadable;
  }
}

}  // namespace

std::unique_ptr<ByteStream> memory_stream(std::span<const std::byte> bytes) {
  return std::make_unique<MemoryStream>(bytes);
}

std::unique_ptr<ByteStream> descriptor_stream(int fd, const Deadline& deadline) {
  return std::make_unique<DescriptorStream>(fd, deadline);
}

Result<std::unique_ptr<ByteStream>> protocol_stream(const std::string& url, const std::string& whitelist,
                                                    Deadline& deadline) {
  AVDictionary* options = nullptr;
  av_dict_set(&options, "protocol_whitelist", whitelist.c_str(), 0);
  const AVIOInterruptCB interrupt = interrupt_on(deadline);
  AVIOContext* io = nullptr;
  const int rc = avio_open2(&io, url.c_str(), AVIO_FLAG_READ, &interrupt, &options);
  av_dict_free(&options);
  if (rc < 0) {
    const ErrorCode code = code_of(rc, deadline);
    if (code == ErrorCode::kTimeout) {
      const auto seconds = static_cast<double>(deadline.timeout().count()) / 1000.0;
      return Error{code, fmt::format("{}: timed out: no answer within {:g} s", display_url(url), seconds)};
    }
    return Error{code, fmt::format("{}: {}", display_url(url), av::error_text(rc))};
  }
  return std::unique_ptr<ByteStream>(std::make_unique<ProtocolStream>(io, deadline));
}

}  // namespace monolens

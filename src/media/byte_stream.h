// ByteStream: where a container's bytes come from. Injectable, so that tests and fuzzers need no file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "media/deadline.h"

namespace monolens {

class ByteStream {
 public:
  static constexpr int kEnd = 0;
  static constexpr int kTimeout = -1;
  static constexpr int kFailed = -2;  // error() says why

  virtual ~ByteStream() = default;

  // Blocks for at least one byte; returns their number, kEnd, kTimeout (the deadline passed or a stop was
  // asked for) or kFailed.
  virtual int read(std::span<std::byte> to) = 0;

  // The new position, or nullopt where the stream can't seek.
  virtual std::optional<std::uint64_t> seek(std::uint64_t position) = 0;
  virtual std::optional<std::uint64_t> size() = 0;

  virtual std::string error() const { return {}; }

  // The address after redirects, where it differs from the one opened; relative entries of a playlist count
  // from it.
  virtual std::string location() const { return {}; }
};

// Bytes in memory. Does not own them.
std::unique_ptr<ByteStream> memory_stream(std::span<const std::byte> bytes);

// A file descriptor that is not closed: standard input.
std::unique_ptr<ByteStream> descriptor_stream(int fd, const Deadline& deadline);

// Anything that FFmpeg's protocols in `whitelist` open: files, HTTP, RTMP, SRT, UDP.
// `deadline` must outlive the stream; a seek restarts it.
Result<std::unique_ptr<ByteStream>> protocol_stream(const std::string& url, const std::string& whitelist,
                                                    Deadline& deadline);

}  // namespace monolens

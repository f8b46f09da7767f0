// Source: opens an input and yields its packets in the order of the container.
//
// An input is a file, "-" for standard input, or an http(s), HLS, DASH, RTMP, SRT, RTP or UDP address. What a
// playlist may open beyond it is decided by UrlPolicy; every blocking call ends at the deadline. One thread
// at a time.
//
// Of HLS the playlists are watched too, as libavformat fetches them (HlsWatch).
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "media/byte_stream.h"
#include "media/hls_watch.h"
#include "media/packet.h"
#include "media/stream_info.h"
#include "media/variant.h"

struct AVCodecParameters;

namespace monolens {

struct SourceOptions {
  std::string url{};
  std::optional<int> program{};  // by number; nullopt: the one with the best video
  Variant variant = Variant::kHighest;
  // Of each blocking call; standard input waits for ever. Of a live HLS playlist at least twice the target
  // duration, up to two minutes.
  std::chrono::milliseconds timeout{10'000};
  const std::atomic<bool>* stop = nullptr;  // set by another thread to end every call soon
  std::unique_ptr<ByteStream>
      bytes{};  // instead of opening `url`, which is only a name then; may open nothing
  // Called within read() with what is told beside the packets, the moment it is known: a stall is known while
  // read() waits. Times are not set. May be empty.
  std::function<void(const StreamEvent&)> on_event{};
  std::shared_ptr<HlsWatch> playlists{};  // of an earlier source of the same address; may be null
};

enum class ReadStatus {
  kPacket,
  kEnd,
  kStalled,      // the deadline passed
  kBroken,       // the source failed; error() says why
  kInterrupted,  // `stop` was set
};

class Source {
 public:
  // Errors name the input and the cause.
  static Result<std::unique_ptr<Source>> open(SourceOptions options);
  ~Source();
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  const InputInfo& info() const { return info_; }

  // Reads the next packet of an analysed track. Damage that no packet follows any more stays in
  // `packet.transport` with kEnd.
  ReadStatus read(Packet& packet);
  const std::string& error() const { return error_; }
  // Of read(): the options', or longer.
  std::chrono::milliseconds timeout() const;

  // Share of the input read so far, 0 to 1, where its size is known.
  std::optional<double> progress() const;

  // For the converter: how to decode a track.
  const AVCodecParameters& parameters(int track) const;
  // Numerator and denominator of a track's time base, seconds.
  std::pair<int, int> time_base(int track) const;
  // Raw time of the first presented sample, as the container says.
  std::optional<MediaDuration> origin() const;
  // The container's timestamps may jump and wrap (transport streams, FLV, HLS, RTP).
  bool timestamps_may_jump() const;

 private:
  class Impl;
  explicit Source(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
  InputInfo info_;
  std::string error_;
};

}  // namespace monolens

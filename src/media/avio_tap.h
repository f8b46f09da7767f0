// AvioTap: a ByteStream as libavformat's AVIOContext, with a TsInspector that sees each byte once on its way,
// and the text of what is a playlist.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "media/av.h"
#include "media/byte_stream.h"
#include "media/playlist_text.h"
#include "media/ts_inspector.h"

namespace monolens {

class AvioTap {
 public:
  explicit AvioTap(std::unique_ptr<ByteStream> bytes);
  ~AvioTap();
  AvioTap(const AvioTap&) = delete;
  AvioTap& operator=(const AvioTap&) = delete;

  AVIOContext* context() const { return io_; }
  const ByteStream& bytes() const { return *bytes_; }
  bool failed() const { return failed_; }
  bool empty() const { return first_read_; }  // not a byte has come
  bool ended() const { return ended_; }       // at the last attempt nothing came any more

  // Damage seen up to a byte offset of the stream; nothing for containers other than a transport stream.
  std::optional<TsEvent> next_event(std::uint64_t up_to_offset);

  // What has been read, if it is a playlist.
  std::optional<std::string_view> playlist() const { return playlist_.text(); }

  std::optional<double> progress() const;

 private:
  static int on_read(void* self, std::uint8_t* to, int size);
  static std::int64_t on_seek(void* self, std::int64_t offset, int whence);
  int read(std::span<std::byte> to);
  void inspect(std::span<const std::byte> read);

  std::unique_ptr<ByteStream> bytes_;
  AVIOContext* io_ = nullptr;
  std::optional<std::uint64_t> size_;
  std::uint64_t position_ = 0;
  std::uint64_t inspected_ = 0;  // bytes before this were looked at
  bool first_read_ = true;
  bool failed_ = false;
  bool ended_ = false;
  std::optional<TsInspector> inspector_;
  PlaylistText playlist_;
};

}  // namespace monolens
